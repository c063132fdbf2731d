import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import type { CallEntry } from '../../core/records/evidence.ts';
import { dayMillis } from '../../core/records/times.ts';
import type { Store } from './store.ts';

/** How long what is stored is kept, and the present (milliseconds since 1970). */
export type Kept = Pick<Store, 'retentionDays'> & { now?: number };

/**
 * Since when all that was stored is still there, ISO 8601; null where nothing ends. What is older may have ended: items end so many
 * days after their event or its processing, whichever is later, and DynamoDB deletes them within days of that.
 */
export function keptSince({ retentionDays, now = Date.now() }: Kept): string | null {
  return retentionDays === null ? null : new Date(now - retentionDays * dayMillis).toISOString();
}

/** Whether what was stored of that time may have ended. */
export function mayHaveEnded(kept: Kept, time: string): boolean {
  const since = keptSince(kept);
  return since !== null && time < since;
}

/** A cited record that is not in the evidence, in the place of a verdict on its file. */
export interface Absent {
  verdict: 'no longer kept' | 'missing';
  reason: string;
  digest: null;
}

/** What is said of a record of that time that is not there. */
export function absent(kept: Kept, time: string): Absent {
  const ended = mayHaveEnded(kept, time);
  return {
    verdict: ended ? 'no longer kept' : 'missing',
    reason: ended ? retentionText(kept) : 'no record of its time has expired',
    digest: null,
  };
}

/** `retentionDays: 90` */
export function retentionText({ retentionDays }: Kept): string {
  return `retentionDays: ${retentionDays}`;
}

/**
 * What is said beside a list from a time on, or where nothing was found: it may have been there. Null where everything of that time is
 * kept.
 */
export function endedNote(kept: Kept, from = ''): string | null {
  const since = keptSince(kept);
  return since === null || from >= since
    ? null
    : `records and answers from before ${since.slice(0, 10)} may no longer be kept (${retentionText(kept)})`;
}

/** The sentence on a session that is not there. */
export function noSession(session: string, kept: Kept): string {
  return [`no session is called ${session}`, endedNote(kept)].filter(part => part !== null).join('; ');
}

/** What of sessions and their calls may no longer be there, as one sentence; null where all of it is. */
export function lackOf(
  sessions: readonly Pick<SessionAnswer, 'began' | 'used'>[],
  calls: readonly Pick<CallEntry, 'eventTime'>[],
  kept: Kept,
): string | null {
  const since = keptSince(kept);
  const first = calls[0]?.eventTime ?? '';
  if (sessions.length === 0) {
    if (calls.length === 0) return null;
    return mayHaveEnded(kept, first)
      ? `the answer that names who is behind it is no longer kept (${retentionText(kept)})`
      : 'no answer yet: an execution has not ended, or has failed (roletrail executions)';
  }
  const began = sessions.map(each => each.began).sort()[0] ?? '';
  if (calls.length === 0 && sessions.some(({ used }) => used)) {
    return mayHaveEnded(kept, began)
      ? `its calls are no longer kept (${retentionText(kept)})`
      : 'its calls are missing: no record of their time has expired';
  }
  return since !== null && began < since && calls.length > 0
    ? `calls from before ${since.slice(0, 10)} may no longer be kept (${retentionText(kept)})`
    : null;
}
