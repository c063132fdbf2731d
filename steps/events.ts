import type { AuditEvent, Caller, Issuance, Occurrence, Setting } from './cloudtrail/event.ts';
import { RecordError } from './cloudtrail/read.ts';
import type { Provenance } from './contract.ts';
import { type Frame, type FrameWriter, framesIn, readRecords, textOf } from './frames.ts';
import { giveBack } from './give-back.ts';

/**
 * How events travel between steps: a frame (see frames.ts) for each, with the place of its record among the records. What
 * many events repeat (settings, and the callers, sources and agents in them) travels once, in a frame before, whose number
 * is a slot with the highest bit set; what comes after has the slot in its stead. A slot is used again when all are: whoever reads holds no more than that.
 */
const slots = 1024;
const slotMark = 0x8000_0000;

type Shared = Setting | Caller | string;

/** Writes events. Settings and callers are told apart as objects: equal ones that are not the same travel apart. */
export class EventWriter {
  readonly #frames: FrameWriter;
  readonly #slotOf = new Map<Shared, number>();
  readonly #inSlot: Shared[] = [];
  #next = 0;
  /** slots that the event under way names already: they must hold the same when it is read */
  #taken: number[] = [];

  constructor(frames: FrameWriter) {
    this.#frames = frames;
  }

  /** `place`: of its record among the records. An event is both its setting and what it says of one call. */
  write(place: number, setting: Setting, call: Occurrence): void {
    const { eventID, eventTime, eventSource, eventName, errorCode, issuance, digest } = call;
    this.#taken.length = 0;
    const slot = this.#slotOf.get(setting) ?? this.#shareSetting(setting);
    const travelling: TravellingCall = [eventID, eventTime, eventSource, eventName, slot, digest];
    if (errorCode !== null || issuance) travelling.push(errorCode);
    if (issuance) {
      this.#taken.push(slot);
      travelling.push({ ...issuance, caller: this.#slot(issuance.caller) });
    }
    this.#frames.writeFrame(place, JSON.stringify(travelling));
  }

  #shareSetting(setting: Setting): number {
    const travelling: TravellingSetting = [
      setting.recipientAccountId,
      setting.provenance,
      setting.awsRegion,
      setting.sourceIPAddress,
      setting.userAgent === null ? null : this.#slot(setting.userAgent),
      this.#slot(setting.caller),
      setting.credential,
      setting.denied,
      this.#slot(setting.source),
    ];
    return this.#share(setting, travelling);
  }

  #slot(value: Caller | string): number {
    const slot = this.#slotOf.get(value) ?? this.#share(value, value);
    this.#taken.push(slot);
    return slot;
  }

  #share(value: Shared, travelling: Caller | string | TravellingSetting): number {
    while (this.#taken.includes(this.#next)) this.#next = (this.#next + 1) % slots;
    const slot = this.#next;
    this.#next = (slot + 1) % slots;
    const before = this.#inSlot[slot];
    if (before !== undefined) this.#slotOf.delete(before);
    this.#inSlot[slot] = value;
    this.#slotOf.set(value, slot);
    this.#frames.writeFrame(slotMark + slot, JSON.stringify(travelling));
    return slot;
  }
}

// Without the names of the fields, which take longer to write and to read than what they say.
type TravellingCall = [
  eventID: string,
  eventTime: string,
  eventSource: string,
  eventName: string,
  setting: number,
  digest: string,
  errorCode?: string | null,
  issuance?: Omit<Issuance, 'caller'> & { caller: number },
];

type TravellingSetting = [
  recipientAccountId: string,
  provenance: Provenance,
  awsRegion: string | null,
  sourceIPAddress: string | null,
  userAgent: number | null,
  caller: number,
  credential: string | null,
  denied: string | null,
  source: number,
];

/** An event with the place of its record among the records. */
export interface PlacedEvent {
  place: number;
  event: AuditEvent;
}

/**
 * The events of each block, to be taken before the next is asked for. Those of one session share their caller: nobody
 * may change it. Throws RecordError `BadFrame`.
 */
export async function* readEvents(blocks: AsyncIterable<Buffer>): AsyncGenerator<Iterable<PlacedEvent>> {
  const shared: Shared[] = [];
  for await (const block of blocks) {
    yield eventsIn(block, shared);
    giveBack(block);
  }
}

function* eventsIn(block: Buffer, shared: Shared[]): Generator<PlacedEvent> {
  for (const frame of framesIn(block)) {
    const value: unknown = JSON.parse(textOf(frame));
    if (frame.number >= slotMark) shared[frame.number - slotMark] = arrivedShared(value, shared);
    else if (isList(value, 6)) yield { place: frame.number, event: arrived(value as TravellingCall, shared) };
    else throw new RecordError('BadFrame', 'an event is no list of its fields');
  }
}

function isList(value: unknown, fields: number): boolean {
  return Array.isArray(value) && value.length >= fields;
}

function arrived(travelling: TravellingCall, shared: readonly Shared[]): AuditEvent {
  const [eventID, eventTime, eventSource, eventName, setting, digest, errorCode, issuance] = travelling;
  return {
    ...settingIn(setting, shared),
    eventID,
    eventTime,
    eventSource,
    eventName,
    errorCode: errorCode ?? null,
    issuance: issuance ? { ...issuance, caller: callerIn(issuance.caller, shared) } : null,
    digest,
  };
}

function arrivedShared(value: unknown, shared: readonly Shared[]): Shared {
  if (!Array.isArray(value)) return value as Caller | string;
  const [recipientAccountId, provenance, awsRegion, sourceIPAddress, userAgent, caller] =
    value as TravellingSetting;
  const [, , , , , , credential, denied, source] = value as TravellingSetting;
  return {
    recipientAccountId,
    provenance,
    awsRegion,
    sourceIPAddress,
    userAgent: userAgent === null ? null : textIn(userAgent, shared),
    caller: callerIn(caller, shared),
    credential,
    denied,
    source: textIn(source, shared),
  };
}

function settingIn(slot: number, shared: readonly Shared[]): Setting {
  const setting = shared[slot];
  if (typeof setting !== 'object' || !('caller' in setting)) throw notWritten(slot);
  return setting;
}

function callerIn(slot: number, shared: readonly Shared[]): Caller {
  const caller = shared[slot];
  if (typeof caller !== 'object' || 'caller' in caller) throw notWritten(slot);
  return caller;
}

function textIn(slot: number, shared: readonly Shared[]): string {
  const text = shared[slot];
  if (typeof text !== 'string') throw notWritten(slot);
  return text;
}

function notWritten(slot: number): RecordError {
  return new RecordError('BadFrame', `an event names what was not written to the slot ${slot}`);
}

/** Events with the text of their records. Throws RecordError `BadFrame` for an event without a record. */
export async function* eventsWithRecords(
  events: AsyncIterable<Buffer>,
  data: AsyncGenerator<Buffer>,
): AsyncGenerator<{ event: AuditEvent; text: string }> {
  const { blocks } = await readRecords(data);
  const records = oneByOne(blocks);
  let at = -1;
  for await (const block of readEvents(events)) {
    for (const { place, event } of block) {
      let record: Frame | undefined;
      for (; at < place; at += 1) record = (await records.next()).value;
      if (!record) throw new RecordError('BadFrame', `no record is at the place ${place} of an event`);
      yield { event, text: textOf(record) };
    }
  }
}

async function* oneByOne(blocks: AsyncIterable<Iterable<Frame>>): AsyncGenerator<Frame, undefined> {
  for await (const block of blocks) yield* block;
}
