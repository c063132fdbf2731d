import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../failure.ts';
import type { Other } from './others.ts';

/** A file below a path; `key`: its place there, with `/`. */
export interface WalkedFile {
  file: string;
  key: string;
  size: number;
}

/** What a path leads to: files, and what lies there and is none. */
export interface Walked {
  files: WalkedFile[];
  others: Other[];
}

/** All files at a path, and below it. What cannot be read below it ends nothing. Throws UsageError for the path itself. */
export function walk(path: string): Walked {
  const walked: Walked = { files: [], others: [] };
  try {
    if (!statSync(path).isDirectory()) {
      walked.files.push({ file: path, key: basename(path), size: statSync(path).size });
      return walked;
    }
    intoFolder(path, '', walked, readdirSync(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'ENOENT' ? `${path} does not exist` : `cannot read ${path}: ${message}`,
      error,
    );
  }
  return walked;
}

function intoFolder(folder: string, key: string, walked: Walked, names: readonly string[]): void {
  for (const name of names) {
    const file = join(folder, name);
    const place = key === '' ? name : `${key}/${name}`;
    const leave = (what: Other['what']) => walked.others.push({ file, key: place, size: 0, what });
    try {
      const link = lstatSync(file).isSymbolicLink();
      const found = statSync(file);
      if (found.isFile()) walked.files.push({ file, key: place, size: found.size });
      // A link to a folder may lead around in a circle, or out of what was named.
      else if (found.isDirectory() && link) leave('folder-link');
      else if (found.isDirectory()) intoFolder(file, place, walked, readdirSync(file));
      // Opened, a pipe would wait for a writer for ever.
      else leave('device');
    } catch (error) {
      leave(isBroken(file, error) ? 'broken-link' : 'unreadable');
    }
  }
}

function isBroken(file: string, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ELOOP') return true;
  if (code !== 'ENOENT') return false;
  try {
    realpathSync(file);
    return false;
  } catch {
    return true;
  }
}
