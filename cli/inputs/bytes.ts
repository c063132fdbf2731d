import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';

/** Bytes that can be read from their beginning again and again: a file's, or those of a member of an archive. */
export interface Bytes {
  /** as they lie there, packed */
  readonly size: number;
  /** the first bytes, at most so many */
  head(most: number): Promise<Buffer>;
  stream(): AsyncIterable<Buffer>;
}

/** Most log files have less: a stream of its own for each costs more than reading it. */
const atOnce = 1024 * 1024;

/** A file's bytes. What the system says of a file that cannot be read is thrown by its code. */
export function fileBytes(file: string, size: number): Bytes {
  return {
    size,
    head: async most => firstBytes(file, most),
    stream: () => (size <= atOnce ? whole(file) : createReadStream(file, { highWaterMark: atOnce })),
  };
}

/** The first bytes of a stream, which is then let go. */
export async function headOf(stream: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(part);
    length += part.length;
    if (length >= most) break;
  }
  return Buffer.concat(parts).subarray(0, most);
}

/** All bytes; null for more than `most`. */
export async function allOf(stream: AsyncIterable<Buffer>, most: number): Promise<Buffer | null> {
  const bytes = await headOf(stream, most + 1);
  return bytes.length > most ? null : bytes;
}

async function* whole(file: string): AsyncGenerator<Buffer> {
  yield readFileSync(file);
}

function firstBytes(file: string, most: number): Buffer {
  const opened = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(most);
    return bytes.subarray(0, readSync(opened, bytes, 0, most, 0));
  } finally {
    closeSync(opened);
  }
}
