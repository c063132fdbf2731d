import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compile.ts';
import { packageFields, project, version } from './project.ts';

const source = join(project, 'local');

/** What the workspace's package.json says that the package's says too. */
interface Workspace {
  name: string;
  description: string;
  exports: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

/** Writes the package of the embedded cloud to `folder`: JavaScript with types, and its own dependencies by name. Throws for code that does not compile. */
export function packLocal(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const workspace = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Workspace;
  const { name, description, dependencies, optionalDependencies } = workspace;
  const doors = Object.entries(workspace.exports).map(
    ([door, file]) => [door, file.replace(/^\.\//, '').replace(/\.ts$/, '')] as const,
  );
  const lib = join(folder, 'lib');
  compile(
    doors.map(([, file]) => join(source, `${file}.ts`)),
    source,
    lib,
  );
  for (const file of started()) cpSync(join(source, file), join(lib, file));
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(
      {
        ...{ name, version, description, ...packageFields },
        exports: Object.fromEntries(
          doors.map(([door, file]) => [door, { types: `./lib/${file}.d.ts`, default: `./lib/${file}.js` }]),
        ),
        files: ['lib', 'README.md'],
        dependencies,
        optionalDependencies,
      },
      null,
      2,
    )}\n`,
  );
  writeFileSync(join(folder, 'README.md'), readme);
  cpSync(join(project, 'LICENSE'), join(folder, 'LICENSE'));
}

/** Files that are started by their path, which no import names: the compiler leaves them behind. */
function started(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    file => /\.(?:mjs|sh)$/.test(file) && !file.includes('node_modules'),
  );
}

const readme = `# @roletrail/local

An embedded cloud for tests and laptops: runs what \`cdk synth\` wrote (state machine, functions, tables, queues, topics, rules, buckets),
holds each call against the synthesized policies, and answers the AWS SDKs over HTTP. What it does not support it refuses by name.

    import { startCloud } from '@roletrail/local';

    const cloud = await startCloud({ assembly: 'cdk.out', state: '.state' });
    // AWS_ENDPOINT_URL = cloud.endpoint, with cloud.credentials and cloud.region
    await cloud.idle();
    await cloud.close();

Its DynamoDB is a binary for Linux x64. Elsewhere, name an endpoint in \`ROLETRAIL_DYNAMODB_ENDPOINT\`.
`;
