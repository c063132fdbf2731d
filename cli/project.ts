import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's own folder: where its samples and the code that is deployed lie. */
export const projectRoot = join(import.meta.dirname, '..');

/** `0.1.0` */
export function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
