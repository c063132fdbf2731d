import type { Alert } from '../../core/linking/alert.ts';
import { laterBy, minuteMillis } from '../../core/records/times.ts';
import { AuditError } from '../runtime/errors.ts';

/** Why a session waits: its issuance would be in log files that did not arrive. */
export const noCoverage = 'no coverage';

/**
 * Minutes; a run comes every five, so each is a little shorter than it is meant. An hour at most, because what explains or accuses a
 * session may come at any time. The next run always tries again: most failures are over by then.
 */
const secondPause = 4;
const longestPause = 58;
/** Some seven hours. */
const mostTries = 10;

export function isPutOff({ putOff }: Alert, now: string): boolean {
  // As text, `18:58:01Z` sorts behind `18:58:01.400Z`.
  return putOff !== null && Date.parse(putOff.until) > Date.parse(now);
}

/** When to look at it again, ISO 8601: in the next run, then each time after twice as long, at most an hour. */
export function nextTry({ putOff }: Alert, now: string): string {
  const times = putOff?.times ?? 0;
  const minutes = times === 0 ? 0 : Math.min(secondPause * 2 ** (times - 1), longestPause);
  return laterBy(minutes * minuteMillis, now);
}

/** Whether it was tried often enough, and its stored items are the cause. A channel or a service that is unavailable comes back. */
export function isHopeless({ putOff }: Alert, error: unknown): boolean {
  return isOfWhatIsStored(error) && (putOff?.times ?? 0) + 1 >= mostTries;
}

/** An item that cannot be read is the same at the next try. */
function isOfWhatIsStored(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return (
    (error instanceof AuditError && error.name === 'BrokenItem') ||
    error instanceof SyntaxError ||
    error instanceof RangeError ||
    error instanceof TypeError ||
    (typeof code === 'string' && code.startsWith('Z_'))
  );
}
