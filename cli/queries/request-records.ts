import type { Evidence } from '../../core/records/evidence.ts';
import { oneRequest } from '../../core/records/one-request.ts';
import { isObject, type Json } from '../../core/records/read.ts';
import type { EvidenceStore } from './store.ts';

/** Records shown beside the one that was asked for: an account's copy, and addenda. More says that a log is forged. */
const mostRecords = 20;

/** From an addendum to its call, on to the other account's record of it, and to that one's addenda. */
const mostSteps = 3;

/**
 * The other records of the request that these records are of, as far as they lie within three steps. A request for each record
 * and for each id that they share.
 */
export async function otherRecords(
  records: readonly Evidence[],
  evidence: Pick<EvidenceStore, 'event' | 'ofRequest'>,
): Promise<Evidence[]> {
  const known = new Set(records.map(({ eventID }) => eventID));
  const asked = new Set<string>();
  const others: Evidence[] = [];
  let fresh = records;
  for (let step = 0; step < mostSteps && fresh.length > 0; step += 1) {
    const found = new Set<string>();
    for (const request of fresh.flatMap(requestsOf)) {
      if (asked.has(request)) continue;
      asked.add(request);
      for (const eventID of await evidence.ofRequest(request)) found.add(eventID);
    }
    for (const { amends } of fresh.map(shared)) if (amends !== null) found.add(amends);
    const next = [...found].filter(eventID => !known.has(eventID)).slice(0, mostRecords - others.length);
    for (const eventID of next) known.add(eventID);
    fresh = (await Promise.all(next.map(eventID => evidence.event(eventID)))).flat();
    others.push(...fresh);
  }
  return others;
}

function requestsOf(record: Evidence): string[] {
  const { sharedEventID, amends } = shared(record);
  return [record.eventID, sharedEventID, amends].filter(id => id !== null);
}

function shared({ record, missing }: Evidence) {
  if (missing) return missing.known;
  const value: unknown = JSON.parse(record);
  return oneRequest(isObject(value) ? value : ({} as Json));
}
