import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's own folder: where its samples and the code that is deployed lie. */
export const projectRoot = join(import.meta.dirname, '..');

// Not below the system's temporary folder: others could put there what runs here.
const cache = join(projectRoot, 'node_modules', '.cache');

/** Where compiled code is kept from one start to the next, which takes half of a start. */
export const compileCache = join(cache, 'roletrail');

/** Where the embedded cloud keeps what V8 compiled of functions, whatever they are synthesized for. */
export const functionCache = join(cache, 'roletrail-functions');

/** Where synthesized stacks are kept, which takes a replay its first three seconds. */
export const assemblyCache = join(cache, 'roletrail-assemblies');

/** `0.1.0` */
export function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
