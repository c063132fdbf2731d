import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** The files of a sample by their path in its folder, with `/`: `input/AWSLogs/...`, `expected.json`. */
export type Files = Map<string, Buffer>;

/** JSON as the samples write it: two spaces, a newline at the end. */
export function jsonFile(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** Makes a sample's folder hold exactly these files; input that no story names any more is removed. */
export function writeSample(folder: string, files: Files): void {
  for (const path of inputPaths(folder)) if (!files.has(path)) rmSync(join(folder, path));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** The paths of all files in a sample's input folder, sorted: the order they are delivered in. */
export function inputPaths(folder: string): string[] {
  const input = join(folder, 'input');
  if (!existsSync(input)) return [];
  const paths = readdirSync(input, { recursive: true, encoding: 'utf8' });
  return paths
    .filter(path => statSync(join(input, path)).isFile())
    .map(path => `input/${path.split(sep).join('/')}`)
    .sort();
}
