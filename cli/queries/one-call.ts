import { copiesAmong } from '../../core/linking/one-call.ts';
import { accountInArn } from '../../core/records/arn.ts';
import type { CallEntry } from '../../steps/store/evidence-item.ts';

/** A call once, with the other records of its request that were listed with it: another account's, addenda. */
export interface OneCall extends CallEntry {
  others: CallEntry[];
}

/**
 * The listed records as calls, in their order. `arn`: the session's, whose account's record stands for a call that two accounts
 * log. A record whose call lies outside of the list stands for itself.
 */
export function asCalls(entries: readonly CallEntry[], arn: string | null): OneCall[] {
  const callerAccount = accountInArn(arn);
  const copies = copiesAmong(
    entries.map(({ request, ...entry }) => ({
      ...entry,
      sharedEventID: entry.amends === null ? request : null,
      callerAccount,
    })),
  );
  const calls = new Map<string, OneCall>();
  for (const entry of entries)
    if (!copies.has(entry.eventID)) calls.set(entry.eventID, { ...entry, others: [] });
  for (const entry of entries) calls.get(copies.get(entry.eventID) ?? '')?.others.push(entry);
  return [...calls.values()];
}
