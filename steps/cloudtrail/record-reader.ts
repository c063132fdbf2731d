import { repeats } from './identity.ts';
import { isIssuingCall } from './issuance.ts';
import { json, layout, loadOnce, nativeMemory } from './json/native.ts';
import { isObject } from './read.ts';

/** What relevance and normalize read of a record that is no issuing call. */
export const recordFields = [
  'eventType',
  'eventSource',
  'eventName',
  'userIdentity',
  'sessionCredentialFromConsole',
  'eventID',
  'eventTime',
  'recipientAccountId',
  'awsRegion',
  'errorCode',
  'sourceIPAddress',
  'userAgent',
] as const;

type Field = (typeof recordFields)[number];

/** A bit for each of them whose values many records repeat: all but eventID and eventTime. */
const inDeciding = 0b1_1111;
const inAll = 0b1111_1001_1111;

/** Larger records than CloudTrail's (256 KB at most) are left to JSON.parse, so that memory follows the usual. */
const mostBytes = 4 * 1024 * 1024;
/** What has more bytes is rare, and crowds out the others. */
const mostRepeatedBytes = 8 * 1024;

/**
 * Reads records where they lie, as JSON.parse would: all of a record is checked, but of one that hands out no
 * credentials only {@link recordFields} are made. Whatever the check does not settle goes to JSON.parse.
 */
export class RecordReader {
  readonly #which: 'deciding' | 'all';

  /** `deciding`: only what relevance reads, the first five. */
  constructor(which: 'deciding' | 'all') {
    this.#which = which;
  }

  /** The record in `block` from `start` to `end`. Throws SyntaxError for what is no JSON. */
  read(block: Buffer, start: number, end: number): unknown {
    const fields =
      end - start > mostBytes
        ? null
        : fieldsOf(block, start, end, this.#which === 'all' ? inAll : inDeciding);
    if (!fields) return JSON.parse(block.toString('utf8', start, end));
    const eventSource = fields.repeated(1);
    const eventName = fields.repeated(2);
    if (isIssuing(eventSource, eventName)) return JSON.parse(block.toString('utf8', start, end));
    const deciding = {
      eventType: fields.repeated(0),
      eventSource,
      eventName,
      userIdentity: fields.repeated(3),
      sessionCredentialFromConsole: fields.repeated(4),
    };
    if (this.#which === 'deciding') return deciding;
    return {
      ...deciding,
      eventID: fields.value(5),
      eventTime: fields.value(6),
      recipientAccountId: fields.repeated(7),
      awsRegion: fields.repeated(8),
      errorCode: fields.repeated(9),
      sourceIPAddress: fields.repeated(10),
      userAgent: fields.repeated(11),
    } satisfies Record<Field, unknown>;
  }
}

function isIssuing(eventSource: unknown, eventName: unknown): boolean {
  return (
    typeof eventSource === 'string' && typeof eventName === 'string' && isIssuingCall(eventSource, eventName)
  );
}

/** The fields of one record, each as its JSON or its value; undefined for one that is not there. */
class FieldsOfRecord {
  readonly #block: Buffer;
  readonly #encoding: 'latin1' | 'utf8';
  readonly #places: Int32Array;

  constructor(block: Buffer, encoding: 'latin1' | 'utf8', places: Int32Array) {
    this.#block = block;
    this.#encoding = encoding;
    this.#places = places;
  }

  /** A value that many records repeat to the letter: they all get the same, so nobody may change it. */
  repeated(field: number): unknown {
    const from = this.#places[2 * field] as number;
    if (from === 0) return undefined;
    const number = this.#places[numbersAt + field] as number;
    const known = repeated[number];
    if (known !== undefined) return known;
    const value = this.value(field);
    if (isObject(value)) repeats(value);
    if (number !== json.notKept.value) repeated[number] = value;
    else if ((this.#places[2 * field + 1] as number & 0x7fff_ffff) - from <= mostRepeatedBytes) full = true;
    return value;
  }

  value(field: number): unknown {
    const from = this.#places[2 * field] as number;
    if (from === 0) return undefined;
    const flagged = this.#places[2 * field + 1] as number;
    const to = flagged & 0x7fff_ffff;
    const plain = flagged > 0 && nativeMemory()[from] === 0x22;
    return plain ? this.#slice(from + 1, to - 1) : JSON.parse(this.#slice(from, to));
  }

  #slice(from: number, to: number): string {
    return this.#block.toString(this.#encoding, from - layout.text, to - layout.text);
  }
}

// Calls of one session repeat its identity to the letter, and most of what else they say: json.as knows the letters, this
// what they say.
const repeated: unknown[] = [];

/** There was no room for a value: all are forgotten before the next record is read, because this one still names some. */
let full = false;

json.useKept(layout.slots, layout.slotCount, layout.kept, layout.keptEnd - 8);

function fieldsOf(block: Buffer, start: number, end: number, which: number): FieldsOfRecord | null {
  loadOnce(block);
  const verdict = json.readFields(layout.text + start, layout.text + end);
  if (verdict === 0) return null;
  if (full) {
    json.forget();
    repeated.length = 0;
    full = false;
  }
  json.knownFields(which, mostRepeatedBytes, layout.numbers);
  // ASCII is the same in both, and faster as Latin-1.
  return new FieldsOfRecord(block, verdict === 1 ? 'latin1' : 'utf8', places());
}

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
  return new Int32Array(buffer, layout.places, numbersAt + recordFields.length);
}

function places(): Int32Array {
  const memory = nativeMemory();
  if (view.buffer !== memory.buffer) view = viewOf(memory);
  return view;
}
