import { RecordError } from '../records/read.ts';
import { type Candidates, everyRecord } from './candidates.ts';
import { endsScalar, isSpace, LogDocument } from './document.ts';
import { layout } from './json/layout.ts';
import { json, loadText } from './json/native.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** CloudTrail's events have 256 KB at most (CloudTrail limits): what is far longer only fills memory. */
const mostRecordBytes = 16 * 1024 * 1024;

/**
 * Finds the records of a CloudTrail log file (`{"Records": [...]}`) in a stream of bytes, by depth and quotes: text
 * inside a string is never taken for structure, so a record forged inside `requestParameters` stays inside its record.
 * Memory holds one record, not the file. Bytes are only compared with ASCII, so a character split between two chunks
 * is left whole.
 *
 * Throws RecordError `NotJson` (no JSON object), `NoRecords` (an object without a `Records` list), `TruncatedJson`,
 * `RecordTooLarge`.
 */
export class RecordScanner {
  readonly #document = new LogDocument();
  #depth = 0;
  #inString = false;
  #escaped = false;
  #scalar = false;
  #offset = 0;
  /** the parts of the value under way that lie in earlier chunks */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #records = 0;
  readonly #onRecord: (record: Buffer, offset: number) => void;
  readonly #candidates: Candidates;

  /**
   * `onRecord` gets the bytes of each element of `Records` that may matter, in order, and where in the file they begin; copy them
   * to keep them.
   */
  constructor(onRecord: (record: Buffer, offset: number) => void, candidates: Candidates = everyRecord) {
    this.#onRecord = onRecord;
    this.#candidates = candidates;
  }

  /** Elements of `Records` so far, whether they may matter or not. */
  get records(): number {
    return this.#records;
  }

  /** Takes the next bytes of the file. */
  push(chunk: Buffer): void {
    const length = chunk.length;
    loadText(chunk);
    let start = this.#inValue() ? 0 : -1;
    let i = 0;
    while (i < length) {
      if (this.#inValue()) {
        i = this.#skip(chunk, i);
        if (this.#inValue()) break;
        this.#endValue(chunk, start, i);
        start = -1;
        if (this.#document.afterRecord) i = this.#overRecords(chunk, i);
        continue;
      }
      const byte = chunk[i] as number;
      const at = this.#offset + i;
      if (!isSpace(byte) && !isByteOrderMark(byte, at)) {
        const begun = this.#document.byte(byte, at);
        if (begun) start = i;
        this.#inString = begun === 'string';
        this.#scalar = begun === 'scalar';
        this.#depth = begun === 'nested' ? 1 : 0;
      }
      i += 1;
    }
    if (start >= 0 && this.#inValue()) this.#hold(Buffer.from(chunk.subarray(start)));
    this.#offset += length;
  }

  /** Call after the last byte. Throws RecordError when the document is not whole. */
  end(): void {
    this.#document.end(this.#offset);
  }

  #hold(part: Buffer): void {
    this.#heldBytes += part.length;
    if (this.#heldBytes > mostRecordBytes) {
      throw new RecordError('RecordTooLarge', `a record is longer than ${mostRecordBytes} bytes`);
    }
    this.#held.push(part);
  }

  #inValue(): boolean {
    return this.#depth > 0 || this.#inString || this.#scalar;
  }

  #endValue(chunk: Buffer, start: number, end: number): void {
    if (this.#document.inRecords) {
      this.#records += 1;
      this.#endRecord(chunk, start, end);
    }
    this.#document.ended(() => this.#valueOf(chunk, start, end));
    this.#held = [];
    this.#heldBytes = 0;
  }

  #endRecord(chunk: Buffer, start: number, end: number): void {
    const { text } = layout;
    if (this.#held.length === 0) {
      if (this.#candidates.has(text + start, text + end))
        this.#onRecord(chunk.subarray(start, end), this.#offset + start);
      return;
    }
    const record = this.#valueOf(chunk, start, end);
    // Behind the chunk, of which the rest is still to be looked at.
    const at = loadText(record, text + chunk.length);
    if (this.#candidates.has(at, at + record.length))
      this.#onRecord(record, this.#offset + end - record.length);
  }

  /** The value that ends at `end`, with what of it came in earlier chunks. */
  #valueOf(chunk: Buffer, start: number, end: number): Buffer {
    const tail = chunk.subarray(start, end);
    return this.#held.length ? Buffer.concat([...this.#held, tail]) : tail;
  }

  /** Over whole records at once, as long as the next lies in this chunk. */
  #overRecords(chunk: Buffer, from: number): number {
    const { text } = layout;
    const words = this.#candidates.words();
    let at = text + from;
    do {
      at = json.nextCandidate(at, text + chunk.length, words);
      this.#records += json.passed.value;
      const start = json.candidate.value;
      if (start > 0) this.#onRecord(chunk.subarray(start - text, at - text), this.#offset + start - text);
    } while (json.candidate.value > 0);
    return at - text;
  }

  /** Past the value under way; the chunk's end when it goes on in the next. */
  #skip(chunk: Buffer, from: number): number {
    if (this.#depth > 0) return this.#skipNested(from, chunk.length);
    if (this.#inString) return this.#skipString(chunk, from);
    let i = from;
    while (i < chunk.length && !endsScalar(chunk[i] as number)) i += 1;
    this.#scalar = i === chunk.length;
    return i;
  }

  #skipNested(from: number, to: number): number {
    const { text } = layout;
    const end = json.endOfValue(
      text + from,
      text + to,
      this.#depth,
      Number(this.#inString),
      Number(this.#escaped),
    );
    this.#depth = end < 0 ? json.depth.value : 0;
    this.#inString = end < 0 && json.inString.value !== 0;
    this.#escaped = end < 0 && json.escaped.value !== 0;
    return end < 0 ? to : end - text;
  }

  #skipString(chunk: Buffer, from: number): number {
    let i = from;
    if (this.#escaped) {
      this.#escaped = false;
      i += 1;
    }
    for (; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (byte === BACKSLASH) {
        i += 1;
        if (i >= chunk.length) this.#escaped = true;
      } else if (byte === QUOTE) {
        this.#inString = false;
        return i + 1;
      }
    }
    return chunk.length;
  }
}

function isByteOrderMark(byte: number, at: number): boolean {
  return at < 3 && byte === [0xef, 0xbb, 0xbf][at];
}
