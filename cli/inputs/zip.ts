import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { ArchiveError } from '../../core/inputs/archive-error.ts';
import { type Bytes, headOf } from './bytes.ts';

/** Sizes are held against those that the archive says, so that no member is longer than was counted. */
const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };

export interface ZipMember {
  name: string;
  kind: 'file' | 'folder' | 'link' | 'encrypted';
  bytes: Bytes;
}

/** A zip archive in a file, or in memory. */
export function zipIn(source: string | Buffer): () => Promise<ZipFile> {
  return () =>
    typeof source === 'string' ? openPromise(source, options) : fromBufferPromise(source, options);
}

/**
 * What the directory of a zip archive lists: zip64 and data descriptors need nothing else. Throws ArchiveError, `ArchiveBomb` for
 * members that are more than `mostMembers` or unpack to more than `most` bytes, or that lie over each other in the file.
 */
export async function zipMembers(
  open: () => Promise<ZipFile>,
  { size, most, mostMembers }: { size: number; most: number; mostMembers: number },
): Promise<ZipMember[]> {
  const members: ZipMember[] = [];
  let [packed, whole] = [0, 0];
  await within(open, async zip => {
    if (zip.entryCount > mostMembers) throw tooMany(mostMembers);
    for await (const entry of zip.eachEntry()) {
      packed += entry.compressedSize;
      whole += entry.uncompressedSize;
      members.push({ name: nameOf(entry), kind: kindOf(entry), bytes: memberBytes(open, entry) });
    }
  });
  if (packed > size) throw new ArchiveError('ArchiveBomb', 'its members lie over each other');
  if (whole > most)
    throw new ArchiveError('ArchiveBomb', `it unpacks to ${Math.round(whole / size)} times its size`);
  return members;
}

export function tooMany(most: number): ArchiveError {
  return new ArchiveError(
    'ArchiveBomb',
    `it has more than ${most.toLocaleString('en-US')} members: unpack it and replay the folder`,
  );
}

function memberBytes(open: () => Promise<ZipFile>, entry: Entry): Bytes {
  const stream = () => memberStream(open, entry);
  return { size: entry.uncompressedSize, head: most => headOf(stream(), most), stream };
}

async function* memberStream(open: () => Promise<ZipFile>, entry: Entry): AsyncGenerator<Buffer> {
  const zip = await opened(open);
  try {
    let sum = 0;
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      sum = crc32(chunk as Buffer, sum);
      yield chunk as Buffer;
    }
    if (sum !== entry.crc32) throw new ArchiveError('DamagedArchive', 'its checksum does not fit');
  } catch (error) {
    throw asArchiveError(error);
  } finally {
    zip.close();
  }
}

async function within(open: () => Promise<ZipFile>, read: (zip: ZipFile) => Promise<void>): Promise<void> {
  const zip = await opened(open);
  try {
    await read(zip);
  } catch (error) {
    throw asArchiveError(error);
  } finally {
    zip.close();
  }
}

async function opened(open: () => Promise<ZipFile>): Promise<ZipFile> {
  try {
    return await open();
  } catch (error) {
    throw asArchiveError(error);
  }
}

function kindOf(entry: Entry): ZipMember['kind'] {
  // The upper half is the mode of the Unix that packed it: a folder, a link.
  const type = (entry.externalFileAttributes >>> 16) & 0xf000;
  if (type === 0x4000 || /[/\\]$/.test(nameOf(entry))) return 'folder';
  if (entry.isEncrypted()) return 'encrypted';
  return type === 0xa000 ? 'link' : 'file';
}

/** As the archive says: whoever reads it makes a label of it. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

/** yauzl and zlib name what is wrong with the bytes; what the system says of a file has a code of its own. */
function asArchiveError(error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof ArchiveError || /^E[A-Z]+$/.test(code)) return error as Error;
  if (/encrypt/.test(message))
    return new ArchiveError('EncryptedArchive', 'it is encrypted: unpack it with its password', error);
  if (/unsupported compression|multi-disk/.test(message))
    return new ArchiveError('UnsupportedArchive', `${message}: unpack it and replay the folder`, error);
  if (/end of central directory record signature not found/i.test(message))
    return new ArchiveError('TruncatedArchive', 'its end is missing, where a zip lists its members', error);
  return new ArchiveError('DamagedArchive', `it is damaged: ${message}`, error);
}
