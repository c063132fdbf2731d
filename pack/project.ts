import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const project = join(import.meta.dirname, '..');

const root = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  version: string;
  license: string;
  engines: { node: string };
};

/** All packages of the project have its version. */
export const { version } = root;

/** What the package.json of every package says. */
export const packageFields = { license: root.license, type: 'module', engines: root.engines } as const;

/** The version of a dependency as the project has it. */
export function versionOf(dependency: string): string {
  const file = join(project, 'node_modules', dependency, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
