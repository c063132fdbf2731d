import type { AuditEvent, Caller } from './cloudtrail/event.ts';
import { RecordError } from './cloudtrail/read.ts';
import { type Frame, type FrameWriter, framesIn, readRecords, textOf } from './frames.ts';
import { giveBack } from './give-back.ts';

/**
 * How events travel between steps: a frame (see frames.ts) for each, with the place of its record among the records.
 * Calls of one session have one caller: it travels once, in a frame before, whose number is a slot with the highest bit
 * set; events have the slot in its stead. A slot is used again when all are: whoever reads holds no more callers than that.
 */
const callerSlots = 512;
const callerMark = 0x8000_0000;

/** Writes events. Callers are told apart as objects: equal ones that are not the same travel apart. */
export class EventWriter {
  readonly #frames: FrameWriter;
  readonly #slotOf = new Map<Caller, number>();
  readonly #inSlot: Caller[] = [];
  #next = 0;

  constructor(frames: FrameWriter) {
    this.#frames = frames;
  }

  /** `place`: of its record among the records */
  write(place: number, event: AuditEvent): void {
    const { issuance } = event;
    const caller = this.#slot(event.caller);
    const travelling = issuance
      ? { ...event, caller, issuance: { ...issuance, caller: this.#slot(issuance.caller, caller) } }
      : { ...event, caller };
    this.#frames.writeFrame(place, JSON.stringify(travelling));
  }

  #slot(caller: Caller, other?: number): number {
    const known = this.#slotOf.get(caller);
    if (known !== undefined) return known;
    // The event's own caller must still be in its slot when the event is read.
    if (this.#next === other) this.#next = (this.#next + 1) % callerSlots;
    const slot = this.#next;
    this.#next = (slot + 1) % callerSlots;
    const before = this.#inSlot[slot];
    if (before) this.#slotOf.delete(before);
    this.#inSlot[slot] = caller;
    this.#slotOf.set(caller, slot);
    this.#frames.writeFrame(callerMark + slot, JSON.stringify(caller));
    return slot;
  }
}

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
  const callers: Caller[] = [];
  for await (const block of blocks) {
    yield eventsIn(block, callers);
    giveBack(block);
  }
}

function* eventsIn(block: Buffer, callers: Caller[]): Generator<PlacedEvent> {
  for (const frame of framesIn(block)) {
    const value: unknown = JSON.parse(textOf(frame));
    if (frame.number >= callerMark) callers[frame.number - callerMark] = value as Caller;
    else yield { place: frame.number, event: arrived(value as Travelling, callers) };
  }
}

type Travelling = Omit<AuditEvent, 'caller' | 'issuance'> & {
  caller: number;
  issuance: (Omit<NonNullable<AuditEvent['issuance']>, 'caller'> & { caller: number }) | null;
};

function arrived(event: Travelling, callers: readonly Caller[]): AuditEvent {
  const { issuance } = event;
  return {
    ...event,
    caller: callerIn(event.caller, callers),
    issuance: issuance && { ...issuance, caller: callerIn(issuance.caller, callers) },
  };
}

function callerIn(slot: number, callers: readonly Caller[]): Caller {
  const caller = callers[slot];
  if (!caller) throw new RecordError('BadFrame', `an event names the caller ${slot}, which was not written`);
  return caller;
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
