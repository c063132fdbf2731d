import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's own folder: where its samples and the code that is deployed lie. */
export const projectRoot = join(import.meta.dirname, '..');

/**
 * Where compiled code is kept from one start to the next, which takes half of a start. Not Node's own choice, a folder below
 * the system's temporary one: others could put there what runs here.
 */
export const compileCache = join(projectRoot, 'node_modules', '.cache', 'roletrail');

/** `0.1.0` */
export function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
