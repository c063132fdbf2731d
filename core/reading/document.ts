import { RecordError } from '../records/read.ts';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

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

/** What begins with a byte: a string, an object or a list, a number or a word. */
export type Begun = 'string' | 'nested' | 'scalar';

/**
 * The outermost structure of a log file, `{"Records": [...]}`: what may come next between the values. Values
 * themselves are read by whoever feeds it. Throws RecordError as {@link RecordScanner} tells.
 */
export class LogDocument {
  #expect: Expect = 'document';
  #inRecords = false;
  #sawRecords = false;
  #key = '';

  /** Whether the value under way is an element of `Records`. */
  get inRecords(): boolean {
    return this.#inRecords;
  }

  /** Whether the last element of `Records` has just ended: a comma and another may follow. */
  get afterRecord(): boolean {
    return this.#expect === 'element-comma';
  }

  /** One byte outside of any value, white space apart; `at` is its place in the file. Null: no value begins with it. */
  byte(byte: number, at: number): Begun | null {
    switch (this.#expect) {
      case 'document':
        if (byte !== OPEN_BRACE) this.#fail(byte, at);
        this.#expect = 'first-key';
        return null;
      case 'first-key':
      case 'key':
        if (byte === CLOSE_BRACE && this.#expect === 'first-key') {
          this.#expect = 'end';
          return null;
        }
        if (byte !== QUOTE) this.#fail(byte, at);
        return 'string';
      case 'colon':
        if (byte !== COLON) this.#fail(byte, at);
        this.#expect = 'value';
        return null;
      case 'value':
        return this.#key === 'Records' && byte === OPEN_BRACKET ? this.#openRecords() : this.#begin(byte, at);
      case 'first-element':
      case 'element':
        if (byte === CLOSE_BRACKET && this.#expect === 'first-element') return this.#closeRecords();
        return this.#begin(byte, at);
      case 'element-comma':
        if (byte === CLOSE_BRACKET) return this.#closeRecords();
        if (byte !== COMMA) this.#fail(byte, at);
        this.#expect = 'element';
        return null;
      case 'comma':
        if (byte === CLOSE_BRACE) this.#expect = 'end';
        else if (byte === COMMA) this.#expect = 'key';
        else this.#fail(byte, at);
        return null;
      case 'end':
        return this.#fail(byte, at);
    }
  }

  /** A value has ended; `token` gives its bytes. */
  ended(token: () => Buffer): void {
    if (this.#expect === 'key' || this.#expect === 'first-key') {
      this.#key = parseKey(token());
      this.#expect = 'colon';
    } else this.#expect = this.#inRecords ? 'element-comma' : 'comma';
  }

  /** Call after the last byte. */
  end(bytes: number): void {
    if (this.#expect === 'document') throw new RecordError('NotJson', 'the file is empty');
    if (this.#expect !== 'end') {
      throw new RecordError('TruncatedJson', `the JSON ends in the middle, after ${bytes} bytes`);
    }
    if (!this.#sawRecords) throw new RecordError('NoRecords', 'the JSON object has no list "Records"');
  }

  #begin(byte: number, at: number): Begun {
    if (byte === QUOTE) return 'string';
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return 'nested';
    if (byte === COMMA || byte === COLON || byte === CLOSE_BRACE || byte === CLOSE_BRACKET)
      this.#fail(byte, at);
    return 'scalar';
  }

  #openRecords(): null {
    if (this.#sawRecords) throw new RecordError('NotJson', 'the file has two lists "Records"');
    this.#sawRecords = true;
    this.#inRecords = true;
    this.#expect = 'first-element';
    return null;
  }

  #closeRecords(): null {
    this.#inRecords = false;
    this.#expect = 'comma';
    return null;
  }

  #fail(byte: number, at: number): never {
    const shown = byte >= 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`;
    throw new RecordError('NotJson', `unexpected ${shown} at byte ${at}, where JSON wants ${this.#expect}`);
  }
}

/** Whether a number or a word ends before this byte. */
export function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE || isSpace(byte);
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

// A key may be written with \u escapes; only a JSON parser tells what it says.
function parseKey(token: Buffer): string {
  try {
    return JSON.parse(token.toString('utf8')) as string;
  } catch {
    throw new RecordError('NotJson', `${token.toString('utf8').slice(0, 40)} is not a JSON string`);
  }
}
