import { accessSync, constants, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../failure.ts';
import type { Bytes } from './bytes.ts';
import type { Other } from './others.ts';
import { isS3Url, type S3Object } from './s3-object.ts';

/** A file below a path; `key`: its place there, with `/`. */
export interface WalkedFile {
  file: string;
  key: string;
  size: number;
  /** of an object in S3; absent: a file on disk */
  object?: S3Object;
  bytes?: Bytes;
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
    const found = statSync(path);
    if (found.isDirectory()) intoFolder(path, '', walked, readdirSync(path));
    else if (found.isFile()) {
      accessSync(path, constants.R_OK);
      walked.files.push({ file: path, key: basename(path), size: found.size });
    }
    // Opened, a pipe would wait for a writer for ever, and it can be read only once.
    else throw new UsageError(`${path} is a pipe or device: save what it gives in a file, and name that`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(reasonFor(path, error as NodeJS.ErrnoException), error);
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

function reasonFor(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (isS3Url(path)) return `${path} is in S3: roletrail trace reads it from there`;
  if (code === 'ENOENT') return `${path} does not exist`;
  const denied = code === 'EACCES' || code === 'EPERM';
  return `cannot read ${path}: ${denied ? 'your user may not read it' : message}`;
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
