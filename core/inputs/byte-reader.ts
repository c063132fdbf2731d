import { ArchiveError } from './archive-error.ts';

/** Takes bytes out of a stream in the portions that a format has. Holds one chunk beside what was asked for. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, at most `most` of them; null at the end. */
  async some(most: number): Promise<Buffer | null> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) return null;
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Exactly `length` bytes; null at the end. Throws ArchiveError `TruncatedArchive` for an end in between. */
  async take(length: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const part = await this.some(missing);
      if (part === null && parts.length === 0) return null;
      if (part === null) throw truncated();
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** Throws ArchiveError `TruncatedArchive`. */
  async skip(length: number): Promise<void> {
    let missing = length;
    while (missing > 0) {
      const part = await this.some(missing);
      if (part === null) throw truncated();
      missing -= part.length;
    }
  }

  /** Lets go of what is behind the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

export function truncated(): ArchiveError {
  return new ArchiveError('TruncatedArchive', 'it ends in the middle');
}
