import { eventTime } from '../records/times.ts';
import { layout } from './json/layout.ts';
import { json, loadOnce, nativeMemory } from './json/native.ts';

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

/** Bytes behind a name in which its value is searched; a file written by hand may have blanks between. */
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
  #reads = false;
  #saysKind = false;
  #records = false;
  /** the last bytes of what came before */
  #tail = Buffer.alloc(0);

  /** `reads: false` where another file of the account showed it already. */
  constructor(want: { time: boolean; reads: boolean }) {
    this.#wantTime = want.time;
    this.#wantReads = want.reads;
  }

  push(chunk: Buffer): void {
    if (!this.#wantTime && !this.#wantReads) return;
    this.#records ||= chunk.length > 0;
    // First the chunk, which may lie in the memory of json.as already.
    if (chunk.length > overlap) this.#look(chunk);
    this.#look(Buffer.concat([this.#tail, chunk.subarray(0, overlap)]));
    this.#tail =
      chunk.length < overlap
        ? Buffer.concat([this.#tail, chunk]).subarray(-overlap)
        : Buffer.from(chunk.subarray(-overlap));
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

  // Each record has one: to look at each here would be a fifth of the time it takes to unpack the file.
  #times(bytes: Buffer): void {
    const { text, time } = layout;
    loadOnce(bytes);
    const end = text + bytes.length;
    if (this.#earliest !== null) nativeMemory().write(this.#earliest, time, 'latin1');
    let at = json.nextTime(text, end, this.#earliest === null ? 0 : time);
    while (at >= 0) {
      const from = at + timeName.length;
      const [, value] = timeAfter.exec(bytes.toString('latin1', from - text, from - text + valueBytes)) ?? [];
      if (value !== undefined && this.#isEarlier(value))
        nativeMemory().write(this.#earliest ?? '', time, 'latin1');
      at = json.nextTime(from, end, this.#earliest === null ? 0 : time);
    }
  }

  #isEarlier(value: string): boolean {
    try {
      const time = eventTime(value);
      if (this.#earliest !== null && time >= this.#earliest) return false;
      this.#earliest = time;
      return true;
    } catch {
      // A record without a valid time is refused when it is read.
      return false;
    }
  }
}

function* valuesOf(bytes: Buffer, name: Buffer, after: RegExp): Generator<string> {
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + name.length)) {
    const from = at + name.length;
    const [, value] = after.exec(bytes.toString('latin1', from, from + valueBytes)) ?? [];
    if (value !== undefined) yield value;
  }
}
