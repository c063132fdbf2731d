import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { project } from './project.ts';

/** The licences of packages that a bundle holds, which each of them asks to be kept with it. `inputs`: files, relative to the project. */
export function bundledLicences(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap(input => packageFolder(resolve(project, input)) ?? []));
  const texts = [...folders].map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    const file = readdirSync(folder).find(each => /^licen[cs]e/i.test(each));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : 'The package has no file with it.';
    return `${name} ${version} (${license ?? 'no licence stated'})\n\n${text}\n`;
  });
  return `This package holds these packages of others:\n\n${texts.sort().join('\n---\n\n')}`;
}

/** The package that a file of node_modules is of; null for a file of the project. */
function packageFolder(file: string): string | null {
  const within = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file)?.[1];
  if (within === undefined || !existsSync(join(within, 'package.json'))) return null;
  return within.startsWith(dirname(join(project, 'local'))) && within.endsWith(join('@roletrail', 'local'))
    ? null
    : within;
}
