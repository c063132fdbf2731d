import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { gunzip } from '../../../steps/transport/gunzip.ts';

/** A file that is read in one go, in bytes as it lies there; and text that is unpacked so. */
const fewBytes = 4 * 1024 * 1024;
const muchText = 128 * 1024 * 1024;
/** What is looked at at once: what a processor's second cache holds. */
const chunk = 512 * 1024;

/** Bytes of a file that is read: `hash` is of all of them, once they were. */
export class FileBytes {
  readonly #hash = createHash('sha256');
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  get hash(): string {
    return this.#hash.digest('hex');
  }

  /** The text of a log file: unpacked where its key says so. Throws AuditError as gunzip does, and what the system says. */
  async *text(size: number, packed: boolean): AsyncGenerator<Buffer> {
    if (size <= fewBytes) {
      const bytes = readFileSync(this.#file);
      this.#hash.update(bytes);
      const text = packed ? unpacked(bytes) : bytes;
      if (text) {
        for (let at = 0; at < text.length; at += chunk) yield text.subarray(at, at + chunk);
        return;
      }
      yield* gunzip(createReadStream(this.#file));
      return;
    }
    const stream = createReadStream(this.#file, { highWaterMark: chunk });
    stream.on('data', (data: string | Buffer) => this.#hash.update(data));
    if (packed) yield* gunzip(stream);
    else yield* stream as AsyncIterable<Buffer>;
  }
}

/** Null for what is not whole, which a stream tells by name, and for what unpacks to very much. */
function unpacked(bytes: Buffer): Buffer | null {
  // A gzip ends with the length of its text (RFC 1952, ISIZE): unpacked into as much, nothing is copied together. It may lie.
  const length = bytes.length < 8 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  const chunkSize = length < muchText ? Math.max(length + 64, 1024) : chunk;
  try {
    return gunzipSync(bytes, { maxOutputLength: muchText, chunkSize });
  } catch {
    return null;
  }
}
