import { ArchiveError } from './archive-error.ts';
import { ByteReader, truncated } from './byte-reader.ts';

const magic = 0xfd2fb528;
const skippable = 0x184d2a50;

/**
 * The frames of a Zstandard stream, each as a stream of its own; read one to its end before the next. Node's decompressor reads the
 * first frame and passes over the rest in silence, while `pzstd`, seekable files and `cat a.zst b.zst` have many (RFC 8878, 3.1).
 * Skippable frames hold no data and are left out. Throws ArchiveError `DamagedArchive`, `TruncatedArchive`.
 */
export async function* zstdFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<AsyncGenerator<Buffer>> {
  const reader = new ByteReader(bytes);
  try {
    for (let head = await reader.take(4); head; head = await reader.take(4)) {
      const number = head.readUInt32LE();
      if (number === magic) yield frame(reader, head);
      else if ((number & 0xfffffff0) === skippable)
        await reader.skip((await needed(reader, 4)).readUInt32LE());
      else throw new ArchiveError('DamagedArchive', 'what stands behind a Zstandard frame is none');
    }
  } finally {
    await reader.close();
  }
}

async function* frame(reader: ByteReader, head: Buffer): AsyncGenerator<Buffer> {
  const descriptor = await needed(reader, 1);
  const flags = descriptor[0] as number;
  const single = (flags & 0x20) !== 0;
  const checksum = (flags & 0x04) !== 0;
  const idBytes = [0, 1, 2, 4][flags & 0x03] as number;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] as number;
  const rest = (single ? 0 : 1) + idBytes + sizeBytes;
  yield Buffer.concat([head, descriptor, rest > 0 ? await needed(reader, rest) : Buffer.alloc(0)]);
  for (let last = false; !last; ) {
    const header = await needed(reader, 3);
    yield header;
    const bits = header.readUIntLE(0, 3);
    last = (bits & 1) === 1;
    // A run is one byte, however long it says that it is.
    let left = ((bits >> 1) & 3) === 1 ? 1 : bits >> 3;
    while (left > 0) {
      const part = await reader.some(left);
      if (!part) throw truncated();
      left -= part.length;
      yield part;
    }
  }
  if (checksum) yield await needed(reader, 4);
}

async function needed(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.take(length);
  if (!bytes) throw truncated();
  return bytes;
}
