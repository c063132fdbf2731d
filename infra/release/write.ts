/** Run by `npm version`, which sets the new version in package.json first. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { release } from './changelog.ts';

const project = join(import.meta.dirname, '..', '..');
const changelog = join(project, 'CHANGELOG.md');
const { version }: { version: string } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const today = new Date().toISOString().slice(0, 10);
try {
  writeFileSync(
    join(project, 'steps', 'runtime', 'version.ts'),
    `/** The project's version, as package.json says it: in the stack's description and each request's user agent. */\nexport const version = '${version}';\n`,
  );
  writeFileSync(changelog, release(readFileSync(changelog, 'utf8'), version, today));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
