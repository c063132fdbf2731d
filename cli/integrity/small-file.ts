import { readFileSync, statSync } from 'node:fs';
import { megabytes } from '../views/text/format.ts';

/** A file's bytes. Throws an Error for one of more than `most` bytes, which would only fill memory, and for what is not a file. */
export function readSmallFile(file: string, most: number): Buffer {
  const found = statSync(file);
  if (!found.isFile()) throw new Error('it is not a file');
  if (found.size > most) throw new Error(`it is larger than ${megabytes(most)}`);
  return readFileSync(file);
}
