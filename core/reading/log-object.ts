import { RecordError } from '../records/read.ts';

/** Compressed bytes. CloudTrail's own log files hold at most 50 MB of text; a larger file is not a log file. */
export const mostBytes = 256 * 1024 * 1024;

/** Object keys, in bytes (S3 guide, naming objects). */
const mostKeyBytes = 1_024;

/** Throws RecordError `ObjectNotFound` for a key that no object can have. */
export function checkKeyLength(key: string): void {
  if (Buffer.byteLength(key) > mostKeyBytes)
    throw new RecordError('ObjectNotFound', `a key has ${mostKeyBytes} bytes at most, this one more`);
}

/** Throws RecordError `ObjectTooLarge`. `size`: in bytes */
export function checkObjectSize(key: string, size: number): void {
  if (size > mostBytes)
    throw new RecordError('ObjectTooLarge', `${key} has ${size} bytes, more than ${mostBytes}`);
}
