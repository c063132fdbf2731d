import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { RecordError } from '../../core/records/read.ts';
import { giveBack } from './give-back.ts';

/**
 * How data lies between two steps: blocks, each of them two u32 (little-endian) with the bytes of its content and of
 * its zstd, and the zstd. A piece that was written whole is never split over two blocks, so a reader decompresses one
 * block after the other and finds whole pieces in each. Blocks made apart can be put one after the other.
 */
const headBytes = 8;
/** Content of a block. Larger ones compress little better, and a reader holds them twice. */
const blockBytes = 512 * 1024;
/** Node's output buffer; a new one for a whole block costs more than its zstd. */
const chunkBytes = 64 * 1024;
/**
 * The fastest level that compresses as gzip does: what travels lives for a day and is read twice. A table of 2^13 places
 * stays in the processor's first cache: a tenth less time for 2 % more bytes.
 */
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_hashLog]: 13 };

export class BlockWriter {
  #open = Buffer.allocUnsafeSlow(0);
  #used = 0;
  readonly #blocks: Buffer[] = [];

  /** Takes one piece: text, or bytes behind a head of four bytes. */
  write(piece: string | Uint8Array): void {
    if (typeof piece === 'string') {
      const at = this.#room(Buffer.byteLength(piece));
      this.#open.write(piece, at);
    } else this.#open.set(piece, this.#room(piece.length));
  }

  /** Takes a piece of two u32, `first` and the bytes' length, and the bytes (see steps/transport/frames.ts). */
  writeFrame(first: number, bytes: Uint8Array | string): void {
    // Room for the most a text can take: to count its bytes first takes as long as to write them.
    const most = typeof bytes === 'string' ? 3 * bytes.length : bytes.length;
    const at = this.#room(headBytes + most);
    let length = most;
    if (typeof bytes === 'string') {
      length = this.#open.write(bytes, at + headBytes);
      this.#used -= most - length;
    } else this.#open.set(bytes, at + headBytes);
    this.#open.writeUInt32LE(first, at);
    this.#open.writeUInt32LE(length, at + 4);
  }

  /** All blocks in parts, which belong one after the other. */
  finish(): Buffer[] {
    this.#close();
    giveBack(this.#open);
    this.#open = Buffer.allocUnsafeSlow(0);
    return this.#blocks;
  }

  #room(bytes: number): number {
    if (this.#used + bytes > this.#open.length) this.#grow(bytes);
    const at = this.#used;
    this.#used += bytes;
    return at;
  }

  // A block begins small: a batch has hundreds of files, most of which pass a few records on.
  #grow(bytes: number): void {
    if (this.#used > 0 && this.#used + bytes > blockBytes) this.#close();
    if (this.#used + bytes <= this.#open.length) return;
    const size = Math.max(this.#used + bytes, Math.min(blockBytes, 4 * this.#open.length), 4096);
    const grown = Buffer.allocUnsafeSlow(size);
    this.#open.copy(grown, 0, 0, this.#used);
    giveBack(this.#open);
    this.#open = grown;
  }

  #close(): void {
    if (this.#used === 0) return;
    const content = this.#open.subarray(0, this.#used);
    const packed = zstdCompressSync(content, {
      chunkSize: Math.min(chunkBytes, this.#used + 64),
      params,
    });
    const head = Buffer.alloc(headBytes);
    head.writeUInt32LE(this.#used, 0);
    head.writeUInt32LE(packed.length, 4);
    this.#blocks.push(head, packed);
    this.#used = 0;
  }
}

/** The content of each block. Throws RecordError `BadFrame` for bytes that are not blocks. */
export function* readBlocks(bytes: Buffer): Generator<Buffer> {
  let at = 0;
  while (at < bytes.length) {
    if (at + headBytes > bytes.length) throw notBlocks();
    const length = bytes.readUInt32LE(at);
    const from = at + headBytes;
    at = from + bytes.readUInt32LE(at + 4);
    if (at > bytes.length) throw notBlocks();
    const content = zstdDecompressSync(bytes.subarray(from, at), {
      // One byte more than comes out: a buffer filled to its end makes Node allocate another as large.
      chunkSize: Math.max(64, length + 1),
      maxOutputLength: Math.max(64, length + 1),
    });
    if (content.length !== length) throw notBlocks();
    yield content;
  }
}

function notBlocks(): RecordError {
  return new RecordError('BadFrame', 'the data between two steps is not made of whole blocks');
}
