import { sha256 } from '../../core/hash.ts';
import type { Provenance } from '../../core/records/event.ts';
import { isReplayStamp, logKeyParts } from '../../core/records/log-key.ts';
import { compactTime, millis } from '../../core/records/times.ts';
import type { Start } from '../runtime/start-execution.ts';
import { writeSources } from '../transport/frames.ts';
import { type AuditInput, noCounts } from '../transport/payloads.ts';
import type { WorkData } from '../transport/work-data.ts';
import type { Arrival, ArrivedEvent } from './arrival.ts';
import { boundedBatches } from './bounded-batches.ts';

/** An execution to be started, and the messages that hang on it. */
export interface PlannedStart {
  name: string;
  messageIds: string[];
  kind: 'files' | 'events';
  build(work: WorkData): Promise<Start>;
}

/** What the names of a replay's executions begin with; `stamp`: when it began. */
export function replayedExecutions(stamp: string): string {
  return `replay-${stamp}-`;
}

/** The stamp of the replay that an execution belongs to; null for all others. */
export function stampOfExecution(name: string): string | null {
  const [, stamp = ''] = /^replay-([^-]+)-/.exec(name) ?? [];
  return isReplayStamp(stamp) ? stamp : null;
}

/**
 * One execution for the batch's log files (several where they are more than one may take: see {@link boundedBatches}), one for the events of each
 * provenance. The names derive from the messages, so that a message delivered again starts no second execution. A replay reports
 * what its executions read: they hold nothing of anybody else's.
 */
export function startsFor(arrivals: readonly Arrival[], now: Date): PlannedStart[] {
  return [...Map.groupBy(arrivals, ({ replay }) => replay).values()].flatMap(group => startsOf(group, now));
}

function startsOf(arrivals: readonly Arrival[], now: Date): PlannedStart[] {
  const withObjects = arrivals.filter(arrival => arrival.objects.length > 0);
  const starts = boundedBatches(withObjects).map(chunk => objectsStart(chunk, now));
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
  const place = logKeyParts(sources[0]?.key ?? '');
  const name = executionName('logs', arrivals, { place, count: sources.length, identity });
  const deliveredAt = earliest([
    ...sources.flatMap(source => source.deliveredAt ?? []),
    ...arrivals.map(arrival => arrival.sentAt),
  ]);
  const input: AuditInput = {
    ...batch('trail', sources.length, deliveredAt, now),
    entry: 'objects',
    sources,
  };
  return { name, messageIds, kind: 'files', build: async () => ({ name, input }) };
}

function eventsStart(arrivals: Arrival[], provenance: Provenance, now: Date): PlannedStart {
  const events = arrivals.flatMap(({ messageId, events: arrived }) =>
    arrived.map(each => ({ ...each, messageId })),
  );
  const messageIds = arrivals.map(arrival => arrival.messageId);
  const first = events[0]?.event;
  const place = first ? { account: first.account, region: first.region, time: timeIn(first) } : null;
  const name = executionName('events', arrivals, { place, count: events.length, identity: messageIds });
  const deliveredAt = earliest(arrivals.map(arrival => arrival.sentAt));
  const build = async (work: WorkData): Promise<Start> => {
    const counts = { ...noCounts, sources: events.length, read: events.length, records: events.length };
    const base = batch(provenance, events.length, deliveredAt, now);
    return { name, input: { ...base, counts, entry: 'events', data: await frame(events, work) } };
  };
  return { name, messageIds, kind: 'events', build };
}

async function frame(events: (ArrivedEvent & { messageId: string })[], work: WorkData) {
  const writer = work.writer('arrived');
  writeSources(
    writer,
    events.map(({ source, event, messageId }) => ({ source, account: event.account, message: messageId })),
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

interface Place {
  account: string;
  region: string;
  time: string;
}

/**
 * `kind-account-region-time-xN-hash`, a replay's `replay-stamp-kind-xN-hash`: at most 80 characters, so that a person finds it in
 * the console.
 */
function executionName(
  kind: string,
  [first]: readonly Arrival[],
  { place, count, identity }: { place: Place | null; count: number; identity: readonly string[] },
): string {
  const hash = sha256([...identity].sort().join()).slice(0, 16);
  const where = place ? `${place.account}-${place.region}-${place.time}` : 'unnamed';
  const begin = first?.replay ? `${replayedExecutions(first.replay)}${kind}` : `${kind}-${where}`;
  return `${begin}-x${count}-${hash}`.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 80);
}

// The time of an EventBridge event is whatever its sender wrote.
function timeIn({ time }: { time: string }): string {
  return Number.isNaN(millis(time)) ? 'untimed' : compactTime(time);
}

function earliest(times: string[]): string {
  // Text that is not a time would sort first, and give no number of seconds until the link.
  return times.filter(time => !Number.isNaN(Date.parse(time))).sort()[0] ?? new Date(0).toISOString();
}
