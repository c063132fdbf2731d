import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { giveBack } from '../../../steps/transport/give-back.ts';
import { gunzip } from '../../../steps/transport/gunzip.ts';
import type { Input } from '../../inputs/input.ts';
import { isRepacked } from '../../inputs/inputs.ts';
import { textOf } from '../../inputs/text.ts';
import { unpacked } from '../../inputs/unpacked.ts';

/** A file that is read in one go, in bytes as it lies there; and text that is unpacked so. */
const fewBytes = 4 * 1024 * 1024;
const muchText = 128 * 1024 * 1024;
/** What is looked at at once: what a processor's second cache holds. */
const chunk = 512 * 1024;

/** A log file's text, as the steps have it: UTF-8, unpacked where its key says so. */
export class LogText {
  readonly #input: Input;
  readonly #hash = createHash('sha256');

  constructor(input: Input) {
    this.#input = input;
  }

  /** SHA-256 (hex) of its bytes as they lie there, once all were read; null: of a member of an archive. */
  hash(): string | null {
    return this.#input.archive === undefined ? this.#hash.digest('hex') : null;
  }

  /** Throws AuditError as gunzip does, ArchiveError, and what the system says. A chunk's memory may be given back when the next is asked for. */
  read(): AsyncIterable<Buffer> {
    const { size, archive, object } = this.#input;
    if (isRepacked(this.#input)) return this.#repacked();
    return size <= fewBytes && archive === undefined && !object ? this.#small() : this.#streamed();
  }

  async *#small(): AsyncGenerator<Buffer> {
    const { file, key } = this.#input;
    const bytes = readFileSync(file);
    this.#hash.update(bytes);
    const text = key.endsWith('.gz') ? gunzipped(bytes) : bytes;
    if (!text) {
      yield* gunzip(Readable.from([bytes]));
      return;
    }
    for (let at = 0; at < text.length; at += chunk) yield text.subarray(at, at + chunk);
    // Left to the garbage collector, the texts make it run over everything every few files.
    giveBack(text);
    if (text !== bytes) giveBack(bytes);
  }

  #streamed(): AsyncIterable<Buffer> {
    return this.#input.key.endsWith('.gz') ? gunzip(Readable.from(this.#bytes())) : this.#bytes();
  }

  /** What steps would not read as it lies there. */
  async *#repacked(): AsyncGenerator<Buffer> {
    const { layers, most, encoding } = this.#input;
    for await (const text of textOf(unpacked(this.#bytes(), layers, most), encoding)) yield Buffer.from(text);
  }

  async *#bytes(): AsyncGenerator<Buffer> {
    for await (const part of this.#input.bytes.stream()) {
      this.#hash.update(part);
      yield part;
    }
  }
}

/** Null for what is not whole, which a stream tells by name, and for what unpacks to very much. */
function gunzipped(bytes: Buffer): Buffer | null {
  // A gzip ends with the length of its text (RFC 1952, ISIZE): unpacked into as much, nothing is copied together. It may lie.
  const length = bytes.length < 8 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  const chunkSize = length < muchText ? Math.max(length + 64, 1024) : chunk;
  try {
    return gunzipSync(bytes, { maxOutputLength: muchText, chunkSize });
  } catch {
    return null;
  }
}
