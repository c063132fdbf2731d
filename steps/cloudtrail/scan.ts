import type { MayMatter } from './candidates.ts';
import { json, layout, loadText } from './json/native.ts';
import { RecordError } from './read.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/** CloudTrail's events have 256 KB at most (CloudTrail limits): what is far longer only fills memory. */
const mostRecordBytes = 16 * 1024 * 1024;

type Expect =
  | 'document'
  | 'first-key'
  | 'key'
  | 'colon'
  | 'value'
  | 'first-element'
  | 'element'
  | 'comma'
  | 'element-comma'
  | 'end';

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
  #expect: Expect = 'document';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #scalar = false;
  #inRecords = false;
  #sawRecords = false;
  #key = '';
  #offset = 0;
  /** the parts of the token under way that lie in earlier chunks */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #records = 0;
  readonly #onRecord: (record: Buffer) => void;
  readonly #mayMatter: MayMatter;

  /**
   * `onRecord` gets the bytes of each element of `Records` that `mayMatter`, in order; the buffer may be shared: copy it
   * to keep it.
   */
  constructor(onRecord: (record: Buffer) => void, mayMatter: MayMatter = () => true) {
    this.#onRecord = onRecord;
    this.#mayMatter = mayMatter;
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
      if (this.#depth > 0) {
        i = this.#skipValue(i, length);
        if (this.#depth > 0) break;
        this.#endValue(chunk, start, i);
        start = -1;
        continue;
      }
      if (this.#inString) {
        i = this.#skipString(chunk, i);
        if (this.#inString) break;
        this.#endValue(chunk, start, i);
        start = -1;
        continue;
      }
      const byte = chunk[i] as number;
      if (this.#scalar) {
        if (byte !== COMMA && byte !== CLOSE_BRACKET && byte !== CLOSE_BRACE && !isSpace(byte)) {
          i += 1;
          continue;
        }
        this.#scalar = false;
        this.#endValue(chunk, start, i);
        start = -1;
        continue;
      }
      if (isSpace(byte) || this.#byteOrderMark(byte, this.#offset + i)) {
        i += 1;
        continue;
      }
      if (this.#structure(byte, this.#offset + i)) start = i;
      i += 1;
    }
    if (start >= 0 && this.#inValue()) this.#hold(Buffer.from(chunk.subarray(start)));
    this.#offset += length;
  }

  /** Call after the last byte. Throws RecordError when the document is not whole. */
  end(): void {
    if (this.#expect === 'document') throw new RecordError('NotJson', 'the file is empty');
    if (this.#expect !== 'end') {
      throw new RecordError('TruncatedJson', `the JSON ends in the middle, after ${this.#offset} bytes`);
    }
    if (!this.#sawRecords) throw new RecordError('NoRecords', 'the JSON object has no list "Records"');
  }

  #hold(part: Buffer): void {
    this.#heldBytes += part.length;
    if (this.#heldBytes > mostRecordBytes) {
      throw new RecordError('RecordTooLarge', `a record is longer than ${mostRecordBytes} bytes`);
    }
    this.#held.push(part);
  }

  #inValue(): boolean {
    return this.#inString || this.#depth > 0 || this.#scalar;
  }

  /** One byte outside of any value. True when a value (or a key) begins with it. */
  #structure(byte: number, at: number): boolean {
    switch (this.#expect) {
      case 'document':
        if (byte !== OPEN_BRACE) this.#fail(byte, at);
        this.#expect = 'first-key';
        return false;
      case 'first-key':
      case 'key':
        if (byte === CLOSE_BRACE && this.#expect === 'first-key') {
          this.#expect = 'end';
          return false;
        }
        if (byte !== QUOTE) this.#fail(byte, at);
        this.#inString = true;
        return true;
      case 'colon':
        if (byte !== COLON) this.#fail(byte, at);
        this.#expect = 'value';
        return false;
      case 'value':
        if (this.#key === 'Records' && byte === OPEN_BRACKET) {
          if (this.#sawRecords) throw new RecordError('NotJson', 'the file has two lists "Records"');
          this.#sawRecords = true;
          this.#inRecords = true;
          this.#expect = 'first-element';
          return false;
        }
        return this.#begin(byte, at);
      case 'first-element':
      case 'element':
        if (byte === CLOSE_BRACKET && this.#expect === 'first-element') return this.#closeRecords();
        return this.#begin(byte, at);
      case 'element-comma':
        if (byte === CLOSE_BRACKET) return this.#closeRecords();
        if (byte !== COMMA) this.#fail(byte, at);
        this.#expect = 'element';
        return false;
      case 'comma':
        if (byte === CLOSE_BRACE) this.#expect = 'end';
        else if (byte === COMMA) this.#expect = 'key';
        else this.#fail(byte, at);
        return false;
      case 'end':
        return this.#fail(byte, at);
    }
  }

  #begin(byte: number, at: number): true {
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth = 1;
    else if (byte === COMMA || byte === COLON || byte === CLOSE_BRACE || byte === CLOSE_BRACKET)
      this.#fail(byte, at);
    else this.#scalar = true;
    return true;
  }

  #closeRecords(): false {
    this.#inRecords = false;
    this.#expect = 'comma';
    return false;
  }

  #endValue(chunk: Buffer, start: number, end: number): void {
    if (this.#expect === 'key' || this.#expect === 'first-key') {
      this.#key = parseKey(this.#valueOf(chunk, start, end));
      this.#expect = 'colon';
    } else if (this.#inRecords) {
      this.#records += 1;
      this.#endRecord(chunk, start, end);
      this.#expect = 'element-comma';
    } else {
      this.#held = [];
      this.#heldBytes = 0;
      this.#expect = 'comma';
    }
  }

  #endRecord(chunk: Buffer, start: number, end: number): void {
    if (this.#held.length === 0) {
      if (this.#mayMatter(layout.text + start, layout.text + end)) this.#onRecord(chunk.subarray(start, end));
      return;
    }
    const record = this.#valueOf(chunk, start, end);
    // Behind the chunk, of which the rest is still to be looked at.
    const at = loadText(record, layout.text + chunk.length);
    if (this.#mayMatter(at, at + record.length)) this.#onRecord(record);
  }

  /** The value that ends at `end`, with what of it came in earlier chunks. */
  #valueOf(chunk: Buffer, start: number, end: number): Buffer {
    const tail = chunk.subarray(Math.max(start, 0), end);
    const value = this.#held.length ? Buffer.concat([...this.#held, tail]) : tail;
    this.#held = [];
    this.#heldBytes = 0;
    return value;
  }

  /** Past the object or list that is open; the chunk's end when it goes on in the next. */
  #skipValue(from: number, to: number): number {
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

  #byteOrderMark(byte: number, at: number): boolean {
    return at < 3 && byte === [0xef, 0xbb, 0xbf][at];
  }

  #fail(byte: number, at: number): never {
    const shown = byte >= 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`;
    throw new RecordError('NotJson', `unexpected ${shown} at byte ${at}, where JSON wants ${this.#expect}`);
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

// A key may be written with \u escapes; only a JSON parser tells what it says.
function parseKey(token: Buffer): string {
  try {
    return JSON.parse(token.toString('utf8')) as string;
  } catch {
    throw new RecordError('NotJson', `${token.toString('utf8').slice(0, 40)} is no JSON string`);
  }
}
