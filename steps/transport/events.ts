import type { AuditEvent, Caller, Setting } from '../../core/records/event.ts';
import { RecordError } from '../../core/records/read.ts';
import { type Frame, framesIn, readRecords, textOf } from './frames.ts';
import { giveBack } from './give-back.ts';
import { type Shared, slotMark, type TravellingCall, type TravellingSetting } from './travelling.ts';

/** An event with the index of its record. */
export interface IndexedEvent {
  index: number;
  event: AuditEvent;
}

/**
 * The events of each block, to be taken before the next is asked for. Those of one session share their caller: nobody
 * may change it. Throws RecordError `BadFrame`.
 */
export async function* readEvents(blocks: AsyncIterable<Buffer>): AsyncGenerator<Iterable<IndexedEvent>> {
  const shared: Shared[] = [];
  for await (const block of blocks) {
    yield eventsIn(block, shared);
    giveBack(block);
  }
}

function* eventsIn(block: Buffer, shared: Shared[]): Generator<IndexedEvent> {
  for (const frame of framesIn(block)) {
    const value: unknown = JSON.parse(textOf(frame));
    if (frame.number >= slotMark) shared[frame.number - slotMark] = arrivedShared(value, shared);
    else if (isCall(value)) yield { index: frame.number, event: arrived(value, shared) };
    else throw new RecordError('BadFrame', 'an event is not a list of its fields');
  }
}

function isCall(value: unknown): value is TravellingCall {
  return Array.isArray(value) && value.length >= 6 && value.length <= 10;
}

function arrived(travelling: TravellingCall, shared: readonly Shared[]): AuditEvent {
  const [eventID, eventTime, eventSource, eventName, setting, hash, errorCode, issuance] = travelling;
  const [, , , , , , , , sharedEventID, amends] = travelling;
  return {
    ...settingIn(setting, shared),
    eventID,
    eventTime,
    eventSource,
    eventName,
    errorCode: errorCode ?? null,
    sharedEventID: sharedEventID ?? null,
    amends: amends ?? null,
    issuance: issuance ? { ...issuance, caller: callerIn(issuance.caller, shared) } : null,
    hash,
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
    for (const { index, event } of block) {
      let record: Frame | undefined;
      for (; at < index; at += 1) record = (await records.next()).value;
      if (!record) throw new RecordError('BadFrame', `no record has the index ${index} of an event`);
      yield { event, text: textOf(record) };
    }
  }
}

async function* oneByOne(blocks: AsyncIterable<Iterable<Frame>>): AsyncGenerator<Frame, undefined> {
  for await (const block of blocks) yield* block;
}
