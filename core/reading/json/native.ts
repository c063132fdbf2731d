import { layout, pageSize } from './layout.ts';
import { compiled } from './module.ts';

/** What json.as exports; places are offsets in its memory. */
interface Exports {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  nameSize: { value: number };
  depth: { value: number };
  inString: { value: number };
  escaped: { value: number };
  endOfValue(from: number, to: number, depth: number, inString: number, escaped: number): number;
  contains(from: number, to: number, words: number): number;
  passed: { value: number };
  candidate: { value: number };
  nextCandidate(from: number, to: number, words: number): number;
  nextTime(from: number, to: number, known: number): number;
  useFields(list: number, byLength: number, places: number, count: number): void;
  readFields(from: number, to: number): number;
  notKept: { value: number };
  absent: { value: number };
  crowded: { value: number };
  useKept(table: number, size: number, from: number, to: number): void;
  forget(): void;
  knownFields(few: number, all: number, most: number, numbers: number): void;
}

// The types of WebAssembly are the browser's (lib.dom); of these this is what is used.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** The functions of json.as. One instance for all: no caller leaves anything there over an `await`. */
export const json = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(compiled, 'base64')))
  .exports as Exports;

/** Bytes that json.as may read behind those it was given. */
const margin = 64;

let memory = Buffer.from(json.memory.buffer);
let loaded: Uint8Array | null = null;

/** The module's memory as it is now: growing it replaces the buffer. */
export function nativeMemory(): Buffer {
  return memory;
}

/** Copies bytes into the module's memory and returns their place there. */
export function loadText(bytes: Uint8Array, at: number = layout.text): number {
  const missing = at + bytes.length + margin - memory.length;
  if (missing > 0) {
    json.memory.grow(Math.ceil(missing / pageSize));
    memory = Buffer.from(json.memory.buffer);
  }
  memory.set(bytes, at);
  loaded = at === layout.text ? bytes : null;
  return at;
}

/** Copies bytes that nobody changes to `layout.text`, unless they are what was copied last. */
export function loadOnce(bytes: Uint8Array): void {
  if (loaded !== bytes) loadText(bytes);
}
