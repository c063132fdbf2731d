import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { type Content, contentOf, isArchive } from '../../core/inputs/content.ts';

/** Bytes of a file that tell what it is; a record has fewer. */
const peeked = 64 * 1024;
const mostUnpacked = 4 * 1024 * 1024;
/** Of a gzip that unpacks to a thousand times its size. */
const fewPeeked = 2 * 1024;

/** What a file is by its first bytes, and how it is packed; `damaged`: its gzip cannot be unpacked. */
export interface Peeked {
  content: Content;
  packing: 'plain' | 'gzip' | 'damaged';
}

/** What every log file of CloudTrail's begins with. */
const logBegin = /^\{\s*"Records"\s*:/;

/** Throws what the system says of a file that cannot be read. */
export function peek(file: string): Peeked {
  // Of a log file the first few tell: to unpack more of each takes as long as to read them all.
  return ofLog(firstBytes(file, fewPeeked)) ?? ofAny(firstBytes(file, peeked));
}

function ofLog(bytes: Buffer): Peeked | null {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (isGzip ? unpacked(bytes) : bytes)?.subarray(0, fewPeeked).toString('utf8') ?? '';
  return logBegin.test(text) ? { content: 'log', packing: isGzip ? 'gzip' : 'plain' } : null;
}

function ofAny(bytes: Buffer): Peeked {
  if (isArchive(bytes)) return { content: 'archive', packing: 'plain' };
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b)
    return { content: contentOf(textOf(bytes), inflate), packing: 'plain' };
  const text = unpacked(bytes) ?? unpacked(bytes.subarray(0, fewPeeked));
  return text === null
    ? { content: 'other', packing: 'damaged' }
    : { content: contentOf(textOf(text), inflate), packing: 'gzip' };
}

/** What a subscription's `awslogs.data` holds; null: no gzip, or more than a function is given (6 MB, Lambda quotas). */
export function inflate(base64: string): string | null {
  try {
    return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: 16 * mostUnpacked }).toString('utf8');
  } catch {
    return null;
  }
}

function firstBytes(file: string, most: number): Buffer {
  const opened = openSync(file, 'r');
  try {
    const bytes = Buffer.allocUnsafe(most);
    return bytes.subarray(0, readSync(opened, bytes, 0, most, 0));
  } finally {
    closeSync(opened);
  }
}

/** The beginning of what a gzip holds, though it is cut off; null where it is damaged, or unpacks to too much. */
function unpacked(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostUnpacked });
  } catch {
    return null;
  }
}

/** UTF-16 of PowerShell's `>` too. */
function textOf(bytes: Buffer): string {
  return bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8');
}
