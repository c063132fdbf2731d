/** Writes the packages to dist/ and a tarball of each beside it. `npm run pack`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packCdk } from './cdk.ts';
import { packCli } from './cli.ts';
import { packLocal } from './local.ts';
import { project } from './project.ts';

const dist = join(project, 'dist');
const folders = { cli: join(dist, 'cli'), cdk: join(dist, 'cdk'), local: join(dist, 'local') };
await packCli(folders.cli);
packCdk(folders.cdk);
packLocal(folders.local);
for (const folder of Object.values(folders)) {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--json', '--pack-destination', dist], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const [packed] = JSON.parse(stdout) as { filename: string; unpackedSize: number }[];
  if (!packed) throw new Error(`npm pack said nothing of ${folder}`);
  process.stdout.write(`dist/${packed.filename}: ${(packed.unpackedSize / 1e6).toFixed(1)} MB installed\n`);
}
