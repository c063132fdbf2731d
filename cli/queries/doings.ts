import { asRecord } from '../../core/identities/identity.ts';
import type { CallEntry, Evidence } from '../../core/records/evidence.ts';
import type { Json } from '../../core/records/read.ts';
import { type Doing, doingOf } from '../../core/resources/doing.ts';
import { type DoneCall, type Summary, summaryOf } from '../../core/resources/summary.ts';
import { asCalls, type OneCall } from './one-call.ts';
import type { Store } from './store.ts';

/** A listed call and what it did, as its record tells. */
export type CallWithDoing = OneCall & {
  doing: Doing;
  /** why its record cannot be read; absent: it was read, or is no longer held */
  missing?: string;
};

/** What calls of a session did, of those that were looked at. */
export interface Doings extends Summary {
  /** calls that were looked at: the newest */
  calls: number;
  /** whether these are all */
  all: boolean;
  /** why what some of them touched is not known; null: it is */
  missing: string | null;
}

/**
 * The listed records as calls (asCalls), each with what it did. `arn`: the session's. A hundred records a request: lists must be
 * bounded.
 */
export async function withDoings(
  entries: readonly CallEntry[],
  arn: string | null,
  { evidence }: Pick<Store, 'evidence'>,
): Promise<CallWithDoing[]> {
  const calls = asCalls(entries, arn);
  const records = new Map((await evidence.records(calls)).map(each => [each.eventID, each]));
  return calls.map(call => {
    const held = records.get(call.eventID);
    const doing = doingOf(heldRecord(held, call));
    return { ...call, doing, ...(held?.missing && { missing: held.missing.why }) };
  });
}

/** A record that is no longer held is known as far as the list knows it. */
export function heldRecord(
  held: Evidence | undefined,
  {
    eventSource,
    eventName,
    errorCode,
    agent,
  }: Pick<CallEntry, 'eventSource' | 'eventName' | 'errorCode' | 'agent'>,
): Json {
  return held === undefined || held.missing
    ? { eventSource, eventName, errorCode, userAgent: agent }
    : asRecord(JSON.parse(held.record));
}

/** Sums up calls in the order of their time. */
export function doingsOf(calls: readonly CallWithDoing[], all: boolean): Doings {
  const missing = calls.find(call => call.missing !== undefined)?.missing ?? null;
  return { calls: calls.length, all, missing, ...summaryOf(calls satisfies readonly DoneCall[]) };
}
