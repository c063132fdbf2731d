import { repeats } from './identity.ts';
import { isIssuingCall } from './issuance.ts';
import { json, layout, loadOnce, nativeMemory } from './json/native.ts';
import { isObject, type Json } from './read.ts';

/** What a call did, and how it ended. */
const ofAction = ['eventSource', 'eventName', 'errorCode'] as const;
/** Whose call it is, and all that relevance reads of it besides the action. */
const ofDecision = ['eventType', 'userIdentity', 'sessionCredentialFromConsole'] as const;
/** Where it was made from and to: with the above what calls of one session repeat. */
const ofPlace = ['recipientAccountId', 'awsRegion', 'sourceIPAddress', 'userAgent'] as const;
const ofCall = ['eventID', 'eventTime'] as const;

/** What relevance and normalize read of a record that is no issuing call. */
export const recordFields = [...ofAction, ...ofDecision, ...ofPlace, ...ofCall] as const;

const actionFields = ofAction.length;
const decidingFields = actionFields + ofDecision.length;
const repeatedFields = decidingFields + ofPlace.length;
const [eventID, eventTime] = [repeatedFields, repeatedFields + 1];

/** Larger records than CloudTrail's (256 KB at most) are left to JSON.parse, so that memory follows the usual. */
const mostBytes = 4 * 1024 * 1024;
/** What has more bytes is rare, and crowds out the others. */
const mostRepeatedBytes = 8 * 1024;

/**
 * A call that hands out no credentials. Records that repeat the fields of `action` or of `setting` to the letter share the
 * object, so nobody may change it. `eventID` and `eventTime` are undefined where only deciding was asked for.
 */
export interface PlainRecord {
  action: Action;
  setting: Json;
  eventID: unknown;
  eventTime: unknown;
}

/** `eventSource` and `eventName` are not empty. */
export interface Action {
  eventSource: string;
  eventName: string;
  errorCode: string | null | undefined;
}

/** Any other record, as JSON.parse gives it. */
export interface WholeRecord {
  whole: unknown;
}

/** A record as relevance and normalize take it. */
export function recordOf(read: PlainRecord | WholeRecord): unknown {
  if ('whole' in read) return read.whole;
  return { ...read.setting, ...read.action, eventID: read.eventID, eventTime: read.eventTime };
}

/**
 * Reads records where they lie, as JSON.parse would: all of a record is checked, but of a plain call only
 * {@link recordFields} are made. Whatever the check does not settle goes to JSON.parse.
 */
export class RecordReader {
  readonly #deciding: boolean;

  /** `deciding`: only what relevance reads, the first six. */
  constructor(which: 'deciding' | 'all') {
    this.#deciding = which === 'deciding';
  }

  /** The record in `block` from `start` to `end`. Throws SyntaxError for what is no JSON. */
  read(block: Buffer, start: number, end: number): PlainRecord | WholeRecord {
    return this.#readPlain(block, start, end) ?? { whole: JSON.parse(block.toString('utf8', start, end)) };
  }

  #readPlain(block: Buffer, start: number, end: number): PlainRecord | null {
    if (end - start > mostBytes) return null;
    loadOnce(block);
    const verdict = json.readFields(layout.text + start, layout.text + end);
    if (verdict === 0) return null;
    const all = this.#deciding ? decidingFields : repeatedFields;
    // All are forgotten before a record is read, not while one still names some.
    if (json.crowded.value) forget();
    json.knownFields(actionFields, all, mostRepeatedBytes, layout.numbers);
    // ASCII is the same in both, and faster as Latin-1.
    const fields = new FieldsOfRecord(block, verdict === 1 ? 'latin1' : 'utf8', places());
    const action = fields.action(all);
    const setting = action && fields.setting(all);
    if (!setting) return null;
    return {
      action,
      setting,
      eventID: this.#deciding ? undefined : fields.value(eventID),
      eventTime: this.#deciding ? undefined : fields.value(eventTime),
    };
  }
}

/** The fields of the record last read by json.as. */
class FieldsOfRecord {
  readonly #block: Buffer;
  readonly #encoding: 'latin1' | 'utf8';
  readonly #places: Int32Array;

  constructor(block: Buffer, encoding: 'latin1' | 'utf8', places: Int32Array) {
    this.#block = block;
    this.#encoding = encoding;
    this.#places = places;
  }

  /** Null unless it is that of a plain call, and kept. */
  action(all: number): Action | null {
    const number = this.#places[numbersAt + all] as number;
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
  setting(all: number): Json | null {
    const number = this.#places[numbersAt + all + 1] as number;
    if (number === notKept) return null;
    const known = settings[number];
    if (known !== undefined) return known;
    const setting: Json = {};
    for (let field = actionFields; field < all; field += 1)
      setting[recordFields[field] as string] = this.#repeated(field);
    settings[number] = setting;
    return setting;
  }

  /** The value of a field; undefined for one that is not there. */
  value(field: number): unknown {
    const from = this.#places[2 * field] as number;
    if (from === 0) return undefined;
    const flagged = this.#places[2 * field + 1] as number;
    const to = flagged & 0x7fff_ffff;
    const plain = flagged > 0 && nativeMemory()[from] === 0x22;
    return plain ? this.#slice(from + 1, to - 1) : JSON.parse(this.#slice(from, to));
  }

  /** A value that records repeat: its object is one for all of them. */
  #repeated(field: number): unknown {
    const number = this.#places[numbersAt + field] as number;
    if (number === absent) return undefined;
    const known = repeated[number];
    if (known !== undefined) return known;
    const value = this.value(field);
    if (isObject(value)) repeats(value);
    repeated[number] = value;
    return value;
  }

  #slice(from: number, to: number): string {
    return this.#block.toString(this.#encoding, from - layout.text, to - layout.text);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

const notKept = json.notKept.value;
const absent = json.absent.value;

// Calls of one session repeat its identity to the letter, and most of what else they say: json.as knows the letters and
// numbers them, these what they say.
const repeated: unknown[] = [];
const actions: (Action | null)[] = [];
const settings: Json[] = [];

function forget(): void {
  json.forget();
  repeated.length = 0;
  actions.length = 0;
  settings.length = 0;
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
