import { repeats } from '../identities/identity.ts';
import { isIssuingCall } from '../identities/issuance.ts';
import { isObject, type Json } from '../records/read.ts';
import { layout } from './json/layout.ts';
import { json, loadOnce, nativeMemory } from './json/native.ts';
import type { Action } from './plain-record.ts';

/** What a call did, and how it ended. */
const ofAction = ['eventSource', 'eventName', 'errorCode'] as const;
/** Whose call it is, and all that relevance reads of it besides the action. */
const ofDecision = ['eventType', 'userIdentity', 'sessionCredentialFromConsole'] as const;
/** Where it was made from and to: with the above what calls of one session repeat. */
const ofPlace = ['recipientAccountId', 'awsRegion', 'sourceIPAddress', 'userAgent'] as const;
const ofCall = ['eventID', 'eventTime', 'sharedEventID', 'addendum'] as const;

/** What relevance and normalize read of a record that is not an issuing call. */
export const recordFields = [...ofAction, ...ofDecision, ...ofPlace, ...ofCall] as const;

const actionFields = ofAction.length;
const decidingFields = actionFields + ofDecision.length;
const repeatedFields = decidingFields + ofPlace.length;

/** Larger records than CloudTrail's (256 KB at most) are left to JSON.parse, so that memory follows the usual. */
const mostBytes = 4 * 1024 * 1024;
/** What has more bytes is rare, and crowds out the others. */
const mostRepeatedBytes = 8 * 1024;

const notKept = json.notKept.value;
const absent = json.absent.value;

// Calls of one session repeat its identity to the letter, and most of what else they say: json.as knows the letters and
// numbers them, these what they say.
const repeated = numbered<unknown>();
const actions = numbered<Action | null>();
const settings = numbered<Json>();

// Full from the start: a list with large holes is slow.
function numbered<T>(): (T | undefined)[] {
  return new Array<T | undefined>(layout.slotCount).fill(undefined);
}

/**
 * The fields of the record in `block` from `start` to `end`, until the next record is asked for. `deciding`: of those that
 * repeat only what relevance reads. Null for what json.as leaves to JSON.parse.
 */
export function fieldsOf(block: Buffer, start: number, end: number, which: 'deciding' | 'all') {
  if (end - start > mostBytes) return null;
  loadOnce(block);
  const verdict = json.readFields(layout.text + start, layout.text + end);
  if (verdict === 0) return null;
  // Before a record is numbered, not while one still names some.
  if (json.crowded.value) forget();
  const repeating = which === 'deciding' ? decidingFields : repeatedFields;
  json.knownFields(actionFields, repeating, mostRepeatedBytes, layout.numbers);
  // ASCII is the same in both, and faster as Latin-1.
  return new RecordFields(block, verdict === 1 ? 'latin1' : 'utf8', places(), repeating);
}

class RecordFields {
  readonly #block: Buffer;
  readonly #encoding: 'latin1' | 'utf8';
  readonly #places: Int32Array;
  /** fields that repeat: the numbers of action and setting lie behind theirs */
  readonly #repeating: number;

  constructor(block: Buffer, encoding: 'latin1' | 'utf8', places: Int32Array, repeating: number) {
    this.#block = block;
    this.#encoding = encoding;
    this.#places = places;
    this.#repeating = repeating;
  }

  get eventID(): unknown {
    return this.#value(repeatedFields);
  }

  get eventTime(): unknown {
    return this.#value(repeatedFields + 1);
  }

  get sharedEventID(): unknown {
    return this.#value(repeatedFields + 2);
  }

  get addendum(): unknown {
    return this.#value(repeatedFields + 3);
  }

  /** Null unless it is that of a plain call, and kept. */
  action(): Action | null {
    const number = this.#number(this.#repeating);
    if (number === notKept) return null;
    const known = actions[number];
    if (known !== undefined) return known;
    const [eventSource, eventName, errorCode] = ofAction.map((_, field) => this.#repeated(field));
    const plain =
      isText(eventSource) &&
      isText(eventName) &&
      (typeof errorCode === 'string' || errorCode === null || errorCode === undefined) &&
      !isIssuingCall(eventSource, eventName);
    const action = plain ? { eventSource, eventName, errorCode } : null;
    actions[number] = action;
    return action;
  }

  /** Null unless it is kept. */
  setting(): Json | null {
    const number = this.#number(this.#repeating + 1);
    if (number === notKept) return null;
    const known = settings[number];
    if (known !== undefined) return known;
    const setting: Json = {};
    for (let field = actionFields; field < this.#repeating; field += 1)
      setting[recordFields[field] as string] = this.#repeated(field);
    settings[number] = setting;
    return setting;
  }

  #value(field: number): unknown {
    const from = this.#places[2 * field] as number;
    if (from === 0) return undefined;
    const flagged = this.#places[2 * field + 1] as number;
    const to = flagged & 0x7fff_ffff;
    const plain = flagged > 0 && nativeMemory()[from] === 0x22;
    return plain ? this.#slice(from + 1, to - 1) : JSON.parse(this.#slice(from, to));
  }

  /** A value that records repeat: its object is one for all of them. */
  #repeated(field: number): unknown {
    const number = this.#number(field);
    if (number === absent) return undefined;
    const known = repeated[number];
    if (known !== undefined) return known;
    const value = this.#value(field);
    if (isObject(value)) repeats(value);
    repeated[number] = value;
    return value;
  }

  #number(field: number): number {
    return this.#places[numbersAt + field] as number;
  }

  #slice(from: number, to: number): string {
    return this.#block.toString(this.#encoding, from - layout.text, to - layout.text);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function forget(): void {
  json.forget();
  repeated.fill(undefined);
  actions.fill(undefined);
  settings.fill(undefined);
}

json.useKept(layout.slots, layout.slotCount, layout.kept, layout.keptEnd - 8);

// Names may not move while json.as knows their place; its memory keeps them when it grows.
function tellNames(): void {
  const memory = nativeMemory();
  for (const [index, name] of recordFields.entries()) {
    memory.write(name, layout.names + index * json.nameSize.value);
    const ofLength = layout.lengths + name.length * 4;
    memory.writeUInt32LE((memory.readUInt32LE(ofLength) | (1 << index)) >>> 0, ofLength);
  }
  json.useFields(layout.names, layout.lengths, layout.places, recordFields.length);
}

tellNames();

/** Where the numbers of repeated values lie among the places. */
const numbersAt = (layout.numbers - layout.places) / 4;

let view = viewOf(nativeMemory());

function viewOf({ buffer }: Buffer): Int32Array {
  return new Int32Array(buffer, layout.places, numbersAt + repeatedFields + 2);
}

function places(): Int32Array {
  const memory = nativeMemory();
  if (view.buffer !== memory.buffer) view = viewOf(memory);
  return view;
}
