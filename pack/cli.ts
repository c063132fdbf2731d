import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { bundledLicences } from './licences.ts';
import { packageFields, project, version } from './project.ts';

/** The package's name. Nobody owns it in a registry: no document says to install it by name. */
const name = '@roletrail/cli';

/**
 * Writes the package of the `roletrail` command to `folder`: one bundle for Node 22.18 and later, without dependencies. What runs
 * the embedded cloud is not in it: a command that needs one says so.
 */
export async function packCli(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const lib = join(folder, 'lib');
  const { metafile } = await build({
    // Side by side: a file that is started by its path lies beside the one that starts it.
    entryPoints: {
      main: join(project, 'cli', 'main.ts'),
      thread: join(project, 'cli', 'trace', 'thread.ts'),
    },
    absWorkingDir: project,
    outdir: lib,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    metafile: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    // Packages in CommonJS ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    plugins: [withoutCloud],
    logLevel: 'silent',
  });
  cpSync(join(project, 'cli', 'views', 'console', 'style'), join(lib, 'style'), { recursive: true });
  cpSync(join(project, 'cli', 'views', 'console', 'icon.svg'), join(lib, 'icon.svg'));
  // What a command is told where no configuration is.
  cpSync(join(project, 'samples', 'roletrail.json'), join(folder, 'samples', 'roletrail.json'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'roletrail.mjs'), start, { mode: 0o755 });
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(
      {
        name,
        version,
        description:
          'Who really made that call? Audits cross-account roles from CloudTrail, with the evidence.',
        ...packageFields,
        bin: { roletrail: 'bin/roletrail.mjs' },
        files: ['bin', 'lib', 'samples', 'NOTICE', 'README.md'],
      },
      null,
      2,
    )}\n`,
  );
  writeFileSync(join(folder, 'README.md'), readme);
  cpSync(join(project, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'NOTICE'), bundledLicences(Object.keys(metafile.inputs)));
}

/** The embedded cloud's composition is the one door to its services: cli/deployment/embedded-cloud.ts asks whether it is there. */
const withoutCloud: Plugin = {
  name: 'without the embedded cloud',
  setup({ onResolve, onLoad }) {
    onResolve(
      { filter: /^\.\/compose\.ts$|^@roletrail\/local\/(?:deployment|supports)$/ },
      ({ importer, path }) =>
        path.startsWith('@') || importer.endsWith(join('local', 'index.ts'))
          ? { path, namespace: 'without-cloud' }
          : undefined,
    );
    onLoad({ filter: /./, namespace: 'without-cloud' }, () => ({
      contents: "throw new Error('the embedded cloud is not part of this package');",
    }));
  },
};

const start = `#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) await import('../lib/main.mjs');
else {
  process.stderr.write(\`roletrail: Node \${process.versions.node} is too old: install Node 22.18 or later\\n\`);
  process.exitCode = 1;
}
`;

const readme = `# roletrail

Who really made that call? Ties each call under a cross-account IAM role to the person or workload behind it, hop by hop, with the
eventIDs that prove it, from CloudTrail log files.

    npx roletrail trace logs/ --roles '*'
    npx roletrail who EVENT_ID

This package is the command alone. The embedded cloud (\`replay\`, \`start\`, \`cloud\`) and the CDK app are in the project.
`;
