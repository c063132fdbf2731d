import { ArchiveError } from './archive-error.ts';
import { ByteReader, truncated } from './byte-reader.ts';
import { blockSize, parseHeader, parsePax, type TarHeader } from './tar-header.ts';

/** Bytes of a long name or a pax header: a path has some thousand. */
const mostHeaderBytes = 1024 * 1024;

/** A member of a tar archive; folders, links and devices have no bytes here. */
export interface TarMember {
  name: string;
  size: number;
  kind: 'file' | 'folder' | 'link' | 'device';
  /** whether all of it is in the archive; known once the next one is asked for */
  whole: boolean;
  /** the next of its bytes; null at their end */
  read(): Promise<Buffer | null>;
}

/**
 * The members of a tar archive, in their order: ustar, GNU (long names, large sizes) and pax. A member's bytes can be read until
 * the next one is asked for; what was not read is passed over. Throws ArchiveError `DamagedArchive`, `TruncatedArchive`,
 * `UnsupportedArchive` (sparse files, several volumes).
 */
export async function* tarMembers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const reader = new ByteReader(bytes);
  let ahead: Ahead = {};
  let global: Ahead = {};
  let zeros = 0;
  try {
    for (let block = await reader.take(blockSize); block; block = await reader.take(blockSize)) {
      const header = parseHeader(block);
      zeros = header ? 0 : zeros + 1;
      if (zeros === 2) return;
      if (!header) continue;
      const extension = extensionOf(header);
      if (extension) {
        const body = await headerBody(reader, header);
        if (extension === 'long-name') ahead.name = body.toString('utf8').replace(/\0.*$/s, '');
        else if (extension === 'pax') ahead = { ...ahead, ...paxOf(body) };
        else if (extension === 'global') global = { ...global, ...paxOf(body) };
        continue;
      }
      const { name, size } = { ...header, ...global, ...ahead };
      ahead = {};
      const kind = kindOf(header.type);
      // POSIX: links, devices and folders have no data, whatever the size says.
      const body = new Body(reader, kind === 'file' ? size : 0);
      const member = { name, size: body.left, kind, whole: false, read: () => body.read() };
      yield member;
      await body.pass();
      member.whole = true;
    }
  } finally {
    await reader.close();
  }
}

/** What a header says of the member behind it. */
interface Ahead {
  name?: string;
  size?: number;
}

function extensionOf({ type }: TarHeader): 'long-name' | 'pax' | 'global' | 'passed' | null {
  if (type === 'L') return 'long-name';
  if (type === 'x') return 'pax';
  if (type === 'g') return 'global';
  // A link's long target, Solaris's attributes, a label, a list of names: of no use here.
  if (['K', 'X', 'A', 'V', 'D', 'N'].includes(type)) return 'passed';
  return null;
}

function kindOf(type: string): TarMember['kind'] {
  if (type === 'S') throw new ArchiveError('UnsupportedArchive', 'it has sparse files, which are not whole');
  if (type === 'M')
    throw new ArchiveError('UnsupportedArchive', 'it is one of several volumes, and begins in a file');
  if (type === '5') return 'folder';
  if (type === '1' || type === '2') return 'link';
  if (type === '3' || type === '4' || type === '6') return 'device';
  // POSIX: a type that is not known is a file.
  return 'file';
}

async function headerBody(reader: ByteReader, { size }: TarHeader): Promise<Buffer> {
  if (size > mostHeaderBytes)
    throw new ArchiveError('DamagedArchive', 'a name in it is longer than any path');
  const body = size === 0 ? Buffer.alloc(0) : await reader.take(size);
  if (!body) throw truncated();
  await reader.skip(padding(size));
  return body;
}

function paxOf(body: Buffer): Ahead {
  const records = parsePax(body);
  if ([...records.keys()].some(key => key.startsWith('GNU.sparse.')))
    throw new ArchiveError('UnsupportedArchive', 'it has sparse files, which are not whole');
  const path = records.get('path');
  const size = Number(records.get('size') ?? Number.NaN);
  return {
    ...(path === undefined ? {} : { name: path }),
    ...(Number.isSafeInteger(size) && size >= 0 ? { size } : {}),
  };
}

function padding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

class Body {
  left: number;
  readonly #reader: ByteReader;
  readonly #padding: number;

  constructor(reader: ByteReader, size: number) {
    this.#reader = reader;
    this.left = size;
    this.#padding = padding(size);
  }

  async read(): Promise<Buffer | null> {
    if (this.left === 0) return null;
    const part = await this.#reader.some(this.left);
    if (!part) throw truncated();
    this.left -= part.length;
    return part;
  }

  async pass(): Promise<void> {
    await this.#reader.skip(this.left);
    this.left = 0;
    await this.#reader.skip(this.#padding);
  }
}
