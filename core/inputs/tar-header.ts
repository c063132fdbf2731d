import { ArchiveError } from './archive-error.ts';

export const blockSize = 512;

/** A header of a tar archive. `type`: one character (POSIX, pax: ustar interchange format; GNU tar manual, basic format). */
export interface TarHeader {
  name: string;
  size: number;
  type: string;
}

/** Is this the header block of a tar archive, of whichever age? Its checksum tells; the magic came with ustar. */
export function isTar(block: Uint8Array): boolean {
  if (block.length < blockSize) return false;
  const bytes = Buffer.from(block.buffer, block.byteOffset, blockSize);
  return bytes[0] !== 0 && checksumFits(bytes);
}

/** Null for a block of zeros. Throws ArchiveError `DamagedArchive`. */
export function parseHeader(block: Buffer): TarHeader | null {
  if (block.every(byte => byte === 0)) return null;
  if (!checksumFits(block)) throw new ArchiveError('DamagedArchive', 'a header in it is damaged');
  const name = text(block, 0, 100);
  // GNU's magic has a space here, and other things than a prefix behind it.
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? text(block, 345, 155) : '';
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156] as number);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: number(block, 124, 12),
    // Before POSIX a folder was a file whose name ends with a slash.
    type: type === '0' && name.endsWith('/') ? '5' : type,
  };
}

/** Records of a pax header: `LENGTH KEY=VALUE\n`, the length in bytes, itself included. Throws ArchiveError `DamagedArchive`. */
export function parsePax(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, space));
    const end = at + length;
    if (space < 0 || !Number.isInteger(length) || length <= space - at || end > bytes.length)
      throw new ArchiveError('DamagedArchive', 'a pax header in it is damaged');
    const record = bytes.toString('utf8', space + 1, end - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}

/** Bytes of the header as unsigned or, as some old programs did, signed numbers; the checksum's own field as spaces. */
function checksumFits(block: Buffer): boolean {
  const stored = /^ *([0-7]+)[ \0]*$/.exec(block.toString('latin1', 148, 156))?.[1];
  if (stored === undefined) return false;
  let [unsigned, signed] = [0, 0];
  for (let at = 0; at < blockSize; at += 1) {
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] as number);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const sum = Number.parseInt(stored, 8);
  return sum === unsigned || sum === signed;
}

function text(block: Buffer, from: number, length: number): string {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** Octal, or, with the first bit set, base 256 (GNU tar manual, large numbers). */
function number(block: Buffer, from: number, length: number): number {
  const field = block.subarray(from, from + length);
  const first = field[0] as number;
  const value =
    first & 0x80
      ? field.subarray(1).reduce((sum, byte) => sum * 256 + byte, first & 0x7f)
      : Number.parseInt(/^ *([0-7]*)/.exec(field.toString('latin1'))?.[1] || '0', 8);
  if (!Number.isSafeInteger(value)) throw new ArchiveError('DamagedArchive', 'a size in it is no number');
  return value;
}
