import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

/** In the state folder: the public keys that digests are checked with, as `aws cloudtrail list-public-keys` prints them. */
export const publicKeysFile = 'digest-keys.json';

/** Appends one JSON value as a line. */
export function appendLine(file: string, value: unknown): void {
  appendFileSync(file, `${JSON.stringify(value)}\n`);
}

/**
 * The values of an append-only file of JSON lines, in order; none when there is no file.
 * A last line without its end was cut off by a crash: it is taken off, so that the next append starts a line of its own.
 */
export function readLines<T>(file: string): T[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) truncateSync(file, whole);
  const lines = bytes.toString('utf8', 0, whole).split('\n');
  lines.pop();
  return lines.map(line => JSON.parse(line) as T);
}

/** The text of a file; null when there is none, also when it disappears meanwhile. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
