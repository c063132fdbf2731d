import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';

/** The bytes are not gzip, not all of one, more than one, or more than any file of CloudTrail's has. */
export class NotWhole extends Error {
  override name = 'NotWhole';
}

// Node's default of 16 KB costs about 2.7 times the time.
const chunkSize = 256 * 1024;
/** Check sum and length, each of four bytes (RFC 1952). */
const trailerBytes = 8;
/** CloudTrail's headers have 10 bytes; a name or comment in one may be as long as its writer likes. */
const mostHeaderBytes = 64 * 1024;

/** A gzip: its bytes, whole or as they come. */
export type Packing = Uint8Array | AsyncIterable<Uint8Array>;

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * What the one member of a gzip holds, piece by piece; memory does not grow with it. Throws {@link NotWhole} also for bytes
 * after the first member, as AWS's own tool does (aws-cli#10324): Node's gunzip would unpack further members and pass over
 * anything else, so a reader that stops at the first would see another file than one that goes on. `most`: bytes.
 */
export async function* unpackedMember(gzip: Packing, most: number): AsyncGenerator<Buffer> {
  const packed = new Packed(gzip instanceof Uint8Array ? oneChunk(gzip) : gzip);
  const deflated = Readable.from(packed.deflated());
  const inflate = createInflateRaw({ chunkSize });
  deflated.on('error', error => inflate.destroy(error));
  let bytes = 0;
  let sum = 0;
  try {
    for await (const chunk of deflated.pipe(inflate)) {
      bytes += chunk.length;
      if (bytes > most) throw new NotWhole(`it unpacks to more than ${most} bytes`);
      sum = crc32(chunk, sum);
      yield chunk;
    }
    deflated.unpipe();
    await packed.endsAfter(inflate.bytesWritten, sum, bytes);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw code.startsWith('Z_')
      ? new NotWhole(`it is not a complete gzip file: ${message}`, { cause: error })
      : error;
  } finally {
    deflated.destroy();
    // It never finishes where it was left with bytes that are not its own.
    inflate.destroy();
  }
}

/** A gzip's header, its packed part and what comes after it. */
class Packed {
  readonly #pieces: AsyncIterator<Uint8Array>;
  /** after the header */
  #bytes = 0;
  #last: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(gzip: AsyncIterable<Uint8Array>) {
    this.#pieces = gzip[Symbol.asyncIterator]();
  }

  /** What comes after the header, the trailer with it. */
  async *deflated(): AsyncGenerator<Buffer> {
    let head: Buffer = Buffer.alloc(0);
    let at: number | null = null;
    try {
      while (at === null) {
        const more = await this.#next();
        if (!more) throw new NotWhole('it is not a complete gzip file: its header is cut off');
        head = Buffer.concat([head, more]);
        at = headerEnd(head);
      }
      yield this.#taken(head.subarray(at));
      for (let more = await this.#next(); more; more = await this.#next()) yield this.#taken(more);
    } finally {
      // Whoever stops early lets go of the file or the connection under it.
      await this.#pieces.return?.();
    }
  }

  /** Throws NotWhole unless the member ends with its trailer, `packed` bytes after the header, and nothing follows. */
  async endsAfter(packed: number, sum: number, bytes: number): Promise<void> {
    while (this.#bytes <= packed + trailerBytes) {
      const more = this.#ended ? null : await this.#next();
      if (!more) break;
      this.#taken(more);
    }
    if (this.#bytes > packed + trailerBytes) throw new NotWhole('bytes follow its first gzip member');
    if (this.#bytes < packed + trailerBytes)
      throw new NotWhole('it is not a complete gzip file: its end is cut off');
    const stated = [this.#last.readUInt32LE(0), this.#last.readUInt32LE(4)];
    if (stated[0] !== sum || stated[1] !== bytes % 2 ** 32)
      throw new NotWhole('it is not a complete gzip file: its checksum differs');
  }

  #taken(piece: Buffer): Buffer {
    this.#bytes += piece.length;
    this.#last = Buffer.concat([this.#last, piece.subarray(-trailerBytes)]).subarray(-trailerBytes);
    return piece;
  }

  async #next(): Promise<Buffer | null> {
    const { done, value } = await this.#pieces.next();
    if (!done) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#ended = true;
    return null;
  }
}

/** Where the header ends (RFC 1952, 2.3); null: it goes on. Throws NotWhole for what is not gzip. */
function headerEnd(bytes: Buffer): number | null {
  const [one, two, method, flags = 0] = bytes;
  if ((one ?? 0x1f) !== 0x1f || (two ?? 0x8b) !== 0x8b || (method ?? 8) !== 8)
    throw new NotWhole('it is not a gzip file');
  if (bytes.length > mostHeaderBytes) return headerEnd(bytes.subarray(0, mostHeaderBytes)) ?? tooLong();
  if (bytes.length < 10) return null;
  let at = 10;
  if (flags & 4) {
    if (bytes.length < at + 2) return null;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const text of [8, 16]) {
    if (!(flags & text)) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return null;
    at = end + 1;
  }
  if (flags & 2) at += 2;
  return at <= bytes.length ? at : null;
}

function tooLong(): never {
  throw new NotWhole(
    `it is not a gzip file of CloudTrail's: its header has more than ${mostHeaderBytes} bytes`,
  );
}
