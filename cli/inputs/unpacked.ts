import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress, gunzipSync } from 'node:zlib';
import { ArchiveError } from '../../core/inputs/archive-error.ts';
import { type Packing, packingOf, type Unopened } from '../../core/inputs/packing.ts';
import { zstdFrames } from '../../core/inputs/zstd-frames.ts';
import { type Bytes, headOf } from './bytes.ts';

/** Bytes of a file that tell what it is; a record has fewer. */
export const peeked = 64 * 1024;
const mostPeeked = 4 * 1024 * 1024;
/** What most log files are told by; and of a gzip that unpacks to a thousand times its size. */
export const fewPeeked = 2 * 1024;
/** Logs pack to a tenth of their size, those that repeat themselves to less; what unpacks to more than this and than so many times its own is none. */
const unsuspicious = 256 * 1024 * 1024;
const mostTimes = 200;

/** Bytes that a file of this size, or all that is in it, may unpack to. */
export function mostUnpacked(size: number): number {
  return Math.max(unsuspicious, size * mostTimes);
}

/** What lies below the packing of some bytes. */
export interface Peeled {
  /** from the outermost */
  layers: Packing[];
  begin: Buffer;
  /** what the beginning says that is not unpacked as a stream */
  inside: 'zip' | Unopened | null;
  /** the innermost layer cannot be unpacked */
  damaged: boolean;
}

/** Throws ArchiveError `NestedTooDeep`, and what the system says of a file that cannot be read. */
export async function peel(bytes: Bytes): Promise<Peeled> {
  const log = ofLog(await bytes.head(fewPeeked));
  if (log) return log;
  const layers: Packing[] = [];
  let begin = await bytes.head(peeked);
  for (;;) {
    const inside = packingOf(begin);
    if (inside !== 'gzip' && inside !== 'zstd') return { layers, begin, inside, damaged: false };
    if (layers.length === 2) throw new ArchiveError('NestedTooDeep', 'it is packed more than twice');
    layers.push(inside);
    const below = inside === 'gzip' ? gunzippedBegin(begin) : await zstdBegin(bytes, layers);
    if (below === null) return { layers, begin: Buffer.alloc(0), inside: null, damaged: true };
    begin = below;
  }
}

/** What every log file of CloudTrail's begins with. */
const logBegin = /^\{\s*"Records"\s*:/;

/** Of a log file its first few bytes tell: to unpack more of each takes as long as to read them all. Null: they do not. */
function ofLog(bytes: Buffer): Peeled | null {
  const packing = packingOf(bytes);
  const begin = packing === 'gzip' ? gunzippedBegin(bytes) : packing === null ? bytes : null;
  if (!begin || !logBegin.test(begin.toString('utf8', 0, fewPeeked))) return null;
  return { layers: packing === 'gzip' ? [packing] : [], begin, inside: null, damaged: false };
}

/** The beginning of what a gzip holds, though it is cut off; null where it is damaged, or unpacks to too much. */
function gunzippedBegin(bytes: Buffer): Buffer | null {
  for (const part of [bytes, bytes.subarray(0, fewPeeked)]) {
    try {
      return gunzipSync(part, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostPeeked });
    } catch {
      // A part of it may be whole, or small enough.
    }
  }
  return null;
}

async function zstdBegin(bytes: Bytes, layers: readonly Packing[]): Promise<Buffer | null> {
  try {
    return await headOf(unpacked(bytes.stream(), layers, mostUnpacked(bytes.size)), peeked);
  } catch (error) {
    if (error instanceof ArchiveError) return null;
    throw error;
  }
}

/**
 * What lies below the layers. Throws ArchiveError `DamagedArchive`, `TruncatedArchive`, and `ArchiveBomb` for more than `most`
 * bytes of any layer.
 */
export function unpacked(
  bytes: AsyncIterable<Buffer>,
  layers: readonly Packing[],
  most: number,
): AsyncIterable<Buffer> {
  return layers.reduce((below, layer) => bounded(unpackers[layer](below), most), bytes);
}

const unpackers: Record<Packing, (bytes: AsyncIterable<Buffer>) => AsyncIterable<Buffer>> = {
  gzip: bytes => through(bytes, createGunzip({ chunkSize: 256 * 1024 })),
  zstd: async function* (bytes) {
    for await (const frame of zstdFrames(bytes))
      yield* through(frame, createZstdDecompress({ chunkSize: 256 * 1024 }));
  },
};

async function* through(bytes: AsyncIterable<Buffer>, unpacker: Transform): AsyncGenerator<Buffer> {
  // What goes wrong before it comes out of the unpacker, too.
  pipeline(Readable.from(bytes, { objectMode: false }), unpacker, () => {});
  try {
    for await (const chunk of unpacker) yield chunk as Buffer;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new ArchiveError('TruncatedArchive', 'it ends in the middle', error);
    if (/^Z(?:STD)?_/.test(code))
      throw new ArchiveError('DamagedArchive', `it is damaged: ${message}`, error);
    throw error;
  }
}

async function* bounded(bytes: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > most)
      throw new ArchiveError('ArchiveBomb', `it unpacks to more than ${mostTimes} times its size`);
    yield chunk;
  }
}
