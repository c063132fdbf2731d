import { sha256 } from '../../core/hash.ts';
import type { Provenance } from '../../core/records/event.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { compactTime, millis } from '../../core/records/times.ts';
import type { Start } from '../runtime/start-execution.ts';
import { writeSources } from '../transport/frames.ts';
import { type AuditInput, noCounts, type TrailObject } from '../transport/payloads.ts';
import type { WorkData } from '../transport/work-data.ts';
import type { Arrival, ArrivedEvent } from './arrival.ts';

/** An execution to be started, and the messages that hang on it. */
export interface PlannedStart {
  name: string;
  messageIds: string[];
  build(work: WorkData): Promise<Start>;
}

/**
 * Bytes of source descriptions in one input: 250 files with long names. The payload's bound is 262,144, and Fetch adds what
 * it refused (up to 54 KB) before Decompress drops the descriptions.
 */
const mostSourceBytes = 160_000;

/**
 * One execution for the batch's log files (several where their list would not fit), one for the events of each
 * provenance. The names derive from the messages, so that a message delivered again starts no second execution.
 */
export function startsFor(arrivals: readonly Arrival[], now: Date): PlannedStart[] {
  const withObjects = arrivals.filter(arrival => arrival.objects.length > 0);
  const starts = chunksBySize(withObjects).map(chunk => objectsStart(chunk, now));
  for (const provenance of ['trail', 'partner'] as const) {
    const events = arrivals.filter(arrival => arrival.events.some(each => each.provenance === provenance));
    if (events.length > 0) starts.push(eventsStart(events, provenance, now));
  }
  return starts;
}

function objectsStart(arrivals: Arrival[], now: Date): PlannedStart {
  const sources = arrivals.flatMap(arrival => arrival.objects);
  const messageIds = arrivals.map(arrival => arrival.messageId);
  const identity = [...messageIds, ...sources.map(source => source.key)];
  const name = executionName('logs', logKeyParts(sources[0]?.key ?? ''), sources.length, identity);
  const deliveredAt = earliest([
    ...sources.flatMap(source => source.deliveredAt ?? []),
    ...arrivals.map(arrival => arrival.sentAt),
  ]);
  const input: AuditInput = {
    ...batch('trail', sources.length, deliveredAt, now),
    entry: 'objects',
    sources,
  };
  return { name, messageIds, build: async () => ({ name, input }) };
}

function eventsStart(arrivals: Arrival[], provenance: Provenance, now: Date): PlannedStart {
  const events = arrivals.flatMap(arrival => arrival.events);
  const messageIds = arrivals.map(arrival => arrival.messageId);
  const first = events[0]?.event;
  const place = first ? { account: first.account, region: first.region, time: timeIn(first) } : null;
  const name = executionName('events', place, events.length, messageIds);
  const deliveredAt = earliest(arrivals.map(arrival => arrival.sentAt));
  const build = async (work: WorkData): Promise<Start> => {
    const counts = { ...noCounts, sources: events.length, read: events.length, records: events.length };
    const base = batch(provenance, events.length, deliveredAt, now);
    return { name, input: { ...base, counts, entry: 'events', data: await frame(events, work) } };
  };
  return { name, messageIds, build };
}

async function frame(events: ArrivedEvent[], work: WorkData) {
  const writer = work.writer('arrived');
  writeSources(
    writer,
    events.map(({ source, event }) => ({ source, account: event.account })),
  );
  for (const [index, { event }] of events.entries()) {
    writer.writeFrame(index, JSON.stringify(event.record ?? null));
  }
  return writer.finish();
}

function batch(provenance: Provenance, sources: number, deliveredAt: string, now: Date) {
  return {
    step: 'Intake',
    provenance,
    receivedAt: now.toISOString(),
    deliveredAt,
    counts: { ...noCounts, sources },
    refused: { count: 0 },
  };
}

/** `kind-account-region-time-xN-hash`: at most 80 characters, so that a person finds it in the console. */
function executionName(
  kind: string,
  place: { account: string; region: string; time: string } | null,
  count: number,
  messageIds: string[],
): string {
  const hash = sha256([...messageIds].sort().join()).slice(0, 16);
  const where = place ? [place.account, place.region, place.time] : ['unnamed'];
  return [kind, ...where, `x${count}`, hash]
    .join('-')
    .replace(/[^A-Za-z0-9_-]/g, '_')
    .slice(0, 80);
}

// What EventBridge says of the time is whatever was sent.
function timeIn({ time }: { time: string }): string {
  return Number.isNaN(millis(time)) ? 'untimed' : compactTime(time);
}

function chunksBySize(arrivals: Arrival[]): Arrival[][] {
  const chunks: Arrival[][] = [];
  let room = 0;
  for (const arrival of arrivals.flatMap(splitLarge)) {
    const bytes = bytesOf(arrival.objects);
    if (bytes > room || chunks.length === 0) {
      chunks.push([]);
      room = mostSourceBytes;
    }
    chunks.at(-1)?.push(arrival);
    room -= bytes;
  }
  return chunks;
}

// A single notice may list more keys than one input holds: 256 KB of SQS message.
function splitLarge(arrival: Arrival): Arrival[] {
  if (bytesOf(arrival.objects) <= mostSourceBytes || arrival.objects.length < 2) return [arrival];
  const half = Math.ceil(arrival.objects.length / 2);
  return [arrival.objects.slice(0, half), arrival.objects.slice(half)].flatMap(objects =>
    splitLarge({ ...arrival, objects }),
  );
}

function bytesOf(objects: TrailObject[]): number {
  return Buffer.byteLength(JSON.stringify(objects));
}

function earliest(times: string[]): string {
  // Text that is no time would sort first, and make no number of the seconds until the link.
  return times.filter(time => !Number.isNaN(Date.parse(time))).sort()[0] ?? new Date(0).toISOString();
}
