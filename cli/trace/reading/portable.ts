import { isAbsolute } from 'node:path';
import { fileBytes } from '../../inputs/bytes.ts';
import type { Input } from '../../inputs/input.ts';
import { isS3Url } from '../../inputs/s3-object.ts';

/** An input without its bytes: it crosses threads, and is kept. */
export type Portable = Omit<Input, 'bytes'>;

export function portable({ bytes: _, ...input }: Input): Portable {
  return input;
}

/** The input again, of a file on disk that is no member of an archive. `folder`: where a relative path begins, that of whoever named it */
export function withBytes(input: Portable, folder = process.cwd()): Input {
  const file = from(folder, input.file);
  return { ...input, file, bytes: fileBytes(file, input.size) };
}

/** A path as it was named in `folder`. What stands behind the `!/` of an archive is no path, so nothing of it is taken together. */
export function from(folder: string, file: string): string {
  return isAbsolute(file) || isS3Url(file) ? file : `${folder}/${file}`;
}
