import { eventTime } from '../records/times.ts';

/** What a log file says beside its records: how far back it reaches, and whether its trail logs calls that only read. */
export interface FileSpan {
  /** the earliest eventTime of its records, ISO 8601; null: none, or none was looked for */
  earliest: string | null;
  /** some record is of a call that only reads, or no record says which kind it is of (before eventVersion 1.02) */
  reads: boolean;
}

const timeName = Buffer.from('"eventTime"');
const readName = Buffer.from('"readOnly"');
const timeAfter = /^\s*:\s*"([^"]{19,30})"/;
const readAfter = /^\s*:\s*"?(true|false)\b/;

/** Bytes behind a name in which its value is looked for; a file written by hand may have blanks between. */
const valueBytes = 64;

/** Bytes of the chunk before in which a name and its value may have begun. */
const overlap = valueBytes + timeName.length;

/**
 * Looks for both in a file's text as it streams by, without reading its records. A field of the same name inside a request's
 * parameters may add to it: it makes a file reach further back, or a trail seem to log reads, never the other way.
 */
export class SpanScanner {
  readonly #wantTime: boolean;
  readonly #wantReads: boolean;
  #earliest: string | null = null;
  #earliestBytes: Buffer | null = null;
  #reads = false;
  #saysKind = false;
  #records = false;
  /** the last bytes of what came before */
  #tail = Buffer.alloc(0);

  /** `reads: false` where another file of the account has told already. */
  constructor(want: { time: boolean; reads: boolean }) {
    this.#wantTime = want.time;
    this.#wantReads = want.reads;
  }

  push(chunk: Buffer): void {
    if (!this.#wantTime && !this.#wantReads) return;
    this.#records ||= chunk.length > 0;
    this.#look(Buffer.concat([this.#tail, chunk.subarray(0, overlap)]));
    if (chunk.length > overlap) this.#look(chunk);
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-overlap)]).subarray(-overlap);
  }

  span(): FileSpan {
    return {
      earliest: this.#earliest,
      reads: this.#reads || (this.#wantReads && this.#records && !this.#saysKind),
    };
  }

  #look(bytes: Buffer): void {
    if (this.#wantTime) this.#times(bytes);
    if (!this.#wantReads || this.#reads) return;
    for (const value of valuesOf(bytes, readName, readAfter)) {
      this.#saysKind = true;
      this.#reads = value === 'true';
      if (this.#reads) return;
    }
  }

  // Each record has one: a text of each, and a date, would be a fifth of the time it takes to unpack the file.
  #times(bytes: Buffer): void {
    for (let at = bytes.indexOf(timeName); at >= 0; at = bytes.indexOf(timeName, at + timeName.length)) {
      const from = at + timeName.length;
      const plain =
        bytes[from] === COLON && bytes[from + 1] === QUOTE && bytes[from + 2 + plainTime] === QUOTE;
      const begin = from + 2;
      const known = this.#earliestBytes;
      if (plain && known && bytes.compare(known, 0, plainTime, begin, begin + plainTime) >= 0) continue;
      const [, value] = timeAfter.exec(bytes.toString('latin1', from, from + valueBytes)) ?? [];
      if (value !== undefined) this.#time(value);
    }
  }

  #time(value: string): void {
    try {
      const time = eventTime(value);
      if (this.#earliest !== null && time >= this.#earliest) return;
      this.#earliest = time;
      this.#earliestBytes = Buffer.from(time);
    } catch {
      // A record whose time is none is refused when it is read.
    }
  }
}

const COLON = 0x3a;
const QUOTE = 0x22;
/** Bytes of a time as CloudTrail writes it: `2026-09-18T00:03:00Z`. */
const plainTime = 20;

function* valuesOf(bytes: Buffer, name: Buffer, after: RegExp): Generator<string> {
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + name.length)) {
    const from = at + name.length;
    const [, value] = after.exec(bytes.toString('latin1', from, from + valueBytes)) ?? [];
    if (value !== undefined) yield value;
  }
}
