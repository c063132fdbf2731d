import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleHandlers } from '../infra/bundle.ts';
import { compile } from './compile.ts';
import { packageFields, project, version, versionOf } from './project.ts';

const name = '@roletrail/cdk';
const bundled = ['cdk-nag', 'zod'];

/** Sources and pictures of what is bundled stay behind. */
const filter = (file: string) => !/\/node_modules\/zod\/src$|\.gif$/.test(file);

/** Writes the package of the CDK constructs to `folder`: JavaScript, types, and the bundled functions. Throws for code that does not compile. */
export function packCdk(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  compile([join(project, 'infra', 'index.ts')], project, join(folder, 'lib'));
  bundleHandlers(join(folder, 'functions'));
  const definition = join('statemachine', 'audit.asl.json');
  mkdirSync(join(folder, 'lib', dirname(definition)), { recursive: true });
  cpSync(join(project, definition), join(folder, 'lib', definition));
  // Apps bring their own CDK, and nothing else (AWS CDK guide, construct libraries): what a construct needs beside it is bundled.
  for (const each of bundled)
    cpSync(join(project, 'node_modules', each), join(folder, 'node_modules', each), {
      recursive: true,
      filter,
    });
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(
      {
        name,
        version,
        description: 'CDK constructs of roletrail: who really made that call?',
        ...packageFields,
        exports: { '.': { types: './lib/infra/index.d.ts', default: './lib/infra/index.js' } },
        files: ['lib', 'functions', 'README.md'],
        dependencies: Object.fromEntries(bundled.map(each => [each, versionOf(each)])),
        bundleDependencies: bundled,
        peerDependencies: {
          'aws-cdk-lib': `^${versionOf('aws-cdk-lib')}`,
          constructs: `^${versionOf('constructs')}`,
        },
      },
      null,
      2,
    )}\n`,
  );
  cpSync(join(project, 'docs', 'construct.md'), join(folder, 'README.md'));
  cpSync(join(project, 'LICENSE'), join(folder, 'LICENSE'));
}
