/** Prints every package that is installed to run, not to develop: name, version, licence. `npm run licences`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lock, runtimePackages } from './runtime-packages.ts';

const lock: Lock = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8'),
);
for (const { name, version, licence } of runtimePackages(lock)) {
  process.stdout.write(`${name}@${version} ${licence ?? 'no licence stated'}\n`);
}
