import { crc32 } from 'node:zlib';

/** A file of a zip. `path`: printable ASCII. */
export interface Entry {
  path: string;
  bytes: Uint8Array;
}

const localSign = 0x04034b50;
const centralSign = 0x02014b50;
const endSign = 0x06054b50;
const localBytes = 30;
/** What the count at a zip's end can say: a zip of millions of empty files would fill memory. */
export const mostEntries = 65_535;
/** The first day of a zip's calendar: a bundle does not say when it was packed. */
const date = 0x0021;
/** The plainest form there is: a stored file (PKWARE's APPNOTE, 4.4.3.2). */
const version = 10;

/**
 * A zip of stored files, in pieces: headers of our own and the files' bytes, so the same files give the same bytes whatever
 * Node, its zlib, the system or the processor. For at most 65,535 files and 4 GB together.
 */
export function storedZip(entries: readonly Entry[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const { path, bytes } of entries) {
    const name = Buffer.from(path, 'latin1');
    const local = Buffer.alloc(localBytes);
    local.writeUInt32LE(localSign, 0);
    const same = sameInBoth(bytes, name.length);
    same.copy(local, 4);
    const listed = Buffer.alloc(46);
    listed.writeUInt32LE(centralSign, 0);
    listed.writeUInt16LE(version, 4);
    same.copy(listed, 6);
    listed.writeUInt32LE(at, 42);
    pieces.push(local, name, bytes);
    central.push(listed, name);
    at += local.length + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endSign, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(lengthOf(central), 12);
  end.writeUInt32LE(at, 16);
  return [...pieces, ...central, end];
}

/** The 26 bytes that the header before a file and the list at the end share. */
function sameInBoth(bytes: Uint8Array, nameLength: number): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(version, 0);
  header.writeUInt16LE(date, 8);
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(bytes.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(nameLength, 22);
  return header;
}

/**
 * The files of a stored zip, as they follow each other from its first byte on; null where there is something else before the
 * list at its end. The list itself, check sums and all else is for who builds the zip again and compares.
 */
export function storedEntries(zip: Uint8Array): Entry[] | null {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const entries: Entry[] = [];
  let at = 0;
  while (at + localBytes <= bytes.length && bytes.readUInt32LE(at) === localSign) {
    if (entries.length > mostEntries) return null;
    const size = bytes.readUInt32LE(at + 18);
    const name = at + localBytes;
    const from = name + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    if (bytes.readUInt16LE(at + 8) !== 0 || from + size > bytes.length) return null;
    entries.push({
      path: bytes.toString('latin1', name, name + bytes.readUInt16LE(at + 26)),
      bytes: zip.subarray(from, from + size),
    });
    at = from + size;
  }
  if (at + 4 > bytes.length || entries.length === 0 || entries.length > mostEntries) return null;
  return bytes.readUInt32LE(at) === centralSign ? entries : null;
}

/** Whether the pieces, one after the other, are exactly these bytes. */
export function areBytes(pieces: readonly Uint8Array[], bytes: Uint8Array): boolean {
  let at = 0;
  for (const piece of pieces) {
    if (Buffer.compare(piece, bytes.subarray(at, at + piece.length)) !== 0) return false;
    at += piece.length;
  }
  return at === bytes.length;
}

export function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
