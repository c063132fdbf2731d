/**
 * What core/reading/json/native.ts exports, in plain JavaScript: the words are searched for with Buffer.indexOf, where a record ends
 * is found byte by byte, and JSON.parse reads each record that may matter. The bench holds it against json.as, end to end.
 */

import { isSpace } from '../../core/reading/document.ts';
import { layout } from '../../core/reading/json/layout.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;

const margin = 64;
let memory = Buffer.alloc(2 * layout.text);
let loaded: Uint8Array | null = null;

export function nativeMemory(): Buffer {
  return memory;
}

export function loadText(bytes: Uint8Array, at: number = layout.text): number {
  const needed = at + bytes.length + margin;
  if (needed > memory.length) memory = Buffer.concat([memory], 2 * needed);
  memory.set(bytes, at);
  loaded = at === layout.text ? bytes : null;
  words.restart();
  return at;
}

export function loadOnce(bytes: Uint8Array): void {
  if (loaded !== bytes) loadText(bytes);
}

/** A word in one writing, and where the next one is; places are those of the memory. */
interface Search {
  word: Buffer;
  /** its letters behind these bytes are small and stand for the large ones too */
  fixed: number;
  next: number;
}

/** The words of a table, each with the place that it is searched from. */
class Words {
  #table: Buffer | null = null;
  #searches: Search[] = [];

  restart(): void {
    for (const search of this.#searches) search.next = -1;
  }

  /** Whether a word, or an escape in which one may hide, lies whole between both; `to` never falls while a text is loaded. */
  stand(from: number, to: number, end: number, at: number): boolean {
    this.#read(at);
    for (const search of this.#searches) {
      if (search.next < from) search.next = place(search, from, end);
      if (search.next + search.word.length <= to) return true;
    }
    return false;
  }

  #read(at: number): void {
    const table = memory.subarray(at, layout.wordsEnd);
    if (this.#table && table.subarray(0, this.#table.length).equals(this.#table)) return;
    const searches: Search[] = [{ word: Buffer.from('\\u'), fixed: 2, next: -1 }];
    const hosts = table.readInt32LE(0);
    const readList = (from: number, end: string) => {
      let p = from;
      for (let length = table.readUInt32LE(p); length !== 0; length = table.readUInt32LE(p)) {
        const size = length & 0x7fff_ffff;
        const word = Buffer.concat([table.subarray(p + 4, p + 4 + size), Buffer.from(end)]);
        p += 4 + size;
        if (length === size) searches.push({ word, fixed: word.length, next: -1 });
        else for (const each of writings(word)) searches.push({ word: each, fixed: 2, next: -1 });
      }
      return p + 4;
    };
    let end = readList(4, '');
    if (hosts !== 0) end = readList(hosts, '.amazonaws.com');
    this.#table = Buffer.from(table.subarray(0, end));
    this.#searches = searches;
  }
}

/** The first letter behind the slash, small and large. */
function writings(word: Buffer): Buffer[] {
  const large = Buffer.from(word);
  large[1] = word.toString('latin1', 1, 2).toUpperCase().charCodeAt(0);
  return large[1] === word[1] ? [word] : [word, large];
}

function place({ word, fixed }: Search, from: number, end: number): number {
  const text = memory.subarray(0, end);
  if (fixed === word.length) {
    const found = text.indexOf(word, from);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }
  const beginning = word.subarray(0, fixed);
  const wanted = word.toString('latin1', fixed);
  for (let found = text.indexOf(beginning, from); found >= 0; found = text.indexOf(beginning, found + 1))
    if (text.toString('latin1', found + fixed, found + word.length).toLowerCase() === wanted) return found;
  return Number.POSITIVE_INFINITY;
}

const words = new Words();

const depth = { value: 0 };
const inString = { value: 0 };
const escaped = { value: 0 };
const passed = { value: 0 };
const candidate = { value: 0 };

function endOfValue(from: number, to: number, atDepth: number, atString: number, atEscaped: number): number {
  const bytes = memory;
  let level = atDepth;
  let p = from + atEscaped;
  if (atString) p = endOfString(bytes, p, to);
  while (p < to) {
    const byte = bytes[p] as number;
    p += 1;
    if (byte === QUOTE) p = endOfString(bytes, p, to);
    // A curly and a square bracket differ in one bit.
    else if ((byte | 0x20) === 0x7b) level += 1;
    else if ((byte | 0x20) === 0x7d) {
      level -= 1;
      if (level === 0) return p;
    }
  }
  depth.value = level;
  inString.value = Number(p > to);
  escaped.value = Number(p > to + 1);
  return -1;
}

/** After its closing quote; behind `to` when it goes on there, by one more after a backslash. */
function endOfString(bytes: Buffer, from: number, to: number): number {
  let p = from;
  while (p < to) {
    const byte = bytes[p] as number;
    p += 1;
    if (byte === QUOTE) return p;
    if (byte === BACKSLASH) p += 1;
  }
  return p + 1;
}

function space(from: number, to: number): number {
  let p = from;
  while (p < to && isSpace(memory[p] as number)) p += 1;
  return p;
}

function nextCandidate(from: number, to: number, table: number): number {
  passed.value = 0;
  candidate.value = 0;
  let p = from;
  for (;;) {
    let start = space(p, to);
    if (start >= to || memory[start] !== COMMA) return p;
    start = space(start + 1, to);
    if (start >= to || memory[start] !== OPEN_OBJECT) return p;
    const end = endOfValue(start + 1, to, 1, 0, 0);
    if (end < 0) return p;
    p = end;
    passed.value += 1;
    if (words.stand(start, end, to, table)) {
      candidate.value = start;
      return p;
    }
  }
}

function contains(from: number, to: number, table: number): number {
  words.restart();
  const found = words.stand(from, to, to, table);
  words.restart();
  return Number(found);
}

const timeName = Buffer.from('"eventTime"');

function nextTime(from: number, to: number, known: number): number {
  const text = memory.subarray(0, to);
  for (let at = text.indexOf(timeName, from); at >= 0; at = text.indexOf(timeName, at + 1)) {
    const value = at + timeName.length + 2;
    const whole =
      known !== 0 && value + 21 <= to && memory[value - 2] === 0x3a && memory[value - 1] === QUOTE;
    const later = whole && memory.compare(memory, known, known + 20, value, value + 20) >= 0;
    if (!later || memory[value + 20] !== QUOTE) return at;
  }
  return -1;
}

const nothing = () => {};

export const json = {
  ...{ nameSize: { value: 32 }, notKept: { value: -1 }, absent: { value: -2 }, crowded: { value: 0 } },
  ...{ depth, inString, escaped, endOfValue, contains, passed, candidate, nextCandidate, nextTime },
  ...{ useFields: nothing, useKept: nothing, forget: nothing, knownFields: nothing },
  /** All is left to JSON.parse. */
  readFields: () => 0,
};
