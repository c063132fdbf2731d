import type { AuditEvent, Caller, Issuance } from './cloudtrail/event.ts';
import { RecordError } from './cloudtrail/read.ts';
import type { Provenance } from './contract.ts';
import { type Frame, type FrameWriter, framesIn, readRecords, textOf } from './frames.ts';
import { giveBack } from './give-back.ts';

/**
 * How events travel between steps: a frame (see frames.ts) for each, with the place of its record among the records. What
 * many events repeat (callers, places, agents) travels once, in a frame before, whose number is a slot with the highest bit
 * set; events have the slot in its stead. A slot is used again when all are: whoever reads holds no more than that.
 */
const slots = 1024;
const slotMark = 0x8000_0000;

type Shared = Caller | string;

/** Writes events. Callers are told apart as objects: equal ones that are not the same travel apart. */
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

  /** `place`: of its record among the records */
  write(place: number, event: AuditEvent): void {
    this.#taken = [];
    const { issuance, userAgent } = event;
    const travelling: Travelling = [
      event.eventID,
      event.recipientAccountId,
      event.provenance,
      event.eventTime,
      event.eventSource,
      event.eventName,
      event.awsRegion,
      event.errorCode,
      event.sourceIPAddress,
      userAgent === null ? null : this.#slot(userAgent),
      this.#slot(event.caller),
      event.credential,
      issuance && { ...issuance, caller: this.#slot(issuance.caller) },
      event.denied,
      this.#slot(event.source),
      event.digest,
    ];
    this.#frames.writeFrame(place, JSON.stringify(travelling));
  }

  #slot(value: Shared): number {
    const slot = this.#slotOf.get(value) ?? this.#share(value);
    this.#taken.push(slot);
    return slot;
  }

  #share(value: Shared): number {
    while (this.#taken.includes(this.#next)) this.#next = (this.#next + 1) % slots;
    const slot = this.#next;
    this.#next = (slot + 1) % slots;
    const before = this.#inSlot[slot];
    if (before !== undefined) this.#slotOf.delete(before);
    this.#inSlot[slot] = value;
    this.#slotOf.set(value, slot);
    this.#frames.writeFrame(slotMark + slot, JSON.stringify(value));
    return slot;
  }
}

/** An event without the names of its fields, which take longer to write and to read than what they say. */
type Travelling = [
  eventID: string,
  recipientAccountId: string,
  provenance: Provenance,
  eventTime: string,
  eventSource: string,
  eventName: string,
  awsRegion: string | null,
  errorCode: string | null,
  sourceIPAddress: string | null,
  userAgent: number | null,
  caller: number,
  credential: string | null,
  issuance: (Omit<Issuance, 'caller'> & { caller: number }) | null,
  denied: string | null,
  source: number,
  digest: string,
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
    if (frame.number >= slotMark) shared[frame.number - slotMark] = value as Shared;
    else if (Array.isArray(value)) yield { place: frame.number, event: arrived(value as Travelling, shared) };
    else throw new RecordError('BadFrame', 'an event is no list of its fields');
  }
}

function arrived(travelling: Travelling, shared: readonly Shared[]): AuditEvent {
  const [eventID, recipientAccountId, provenance, eventTime, eventSource, eventName, awsRegion, errorCode] =
    travelling;
  const [, , , , , , , , sourceIPAddress, userAgent, caller, credential, issuance, denied, source, digest] =
    travelling;
  return {
    eventID,
    recipientAccountId,
    provenance,
    eventTime,
    eventSource,
    eventName,
    awsRegion,
    errorCode,
    sourceIPAddress,
    userAgent: userAgent === null ? null : textIn(userAgent, shared),
    caller: callerIn(caller, shared),
    credential,
    issuance: issuance && { ...issuance, caller: callerIn(issuance.caller, shared) },
    denied,
    source: textIn(source, shared),
    digest,
  };
}

function callerIn(slot: number, shared: readonly Shared[]): Caller {
  const caller = shared[slot];
  if (typeof caller !== 'object') throw notWritten(slot);
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
