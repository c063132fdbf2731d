import { millis } from '../records/times.ts';
import { clockSkew } from './facts.ts';
import type { IssuedSession } from './issued-session.ts';

/** Where a request lies against a session's validity; see {@link timeAgainst}. */
export function against(
  session: IssuedSession,
  ended: string,
  taken: string = ended,
): 'before' | 'within' | 'after' {
  return timeAgainst(session.issuedAt, session.usableUntil, ended, taken);
}

/**
 * Where a request lies against a validity. `ended`: when it was completed, as its record shows; calls look up to 2 s older than
 * their issuance in real logs. `taken`: the earliest time at which AWS may have taken it, and checked the credential
 * (see request-time.ts).
 */
export function timeAgainst(
  issuedAt: string,
  expiresAt: string,
  ended: string,
  taken: string = ended,
): 'before' | 'within' | 'after' {
  if (millis(ended) < millis(issuedAt) - clockSkew * 1000) return 'before';
  // AWS refuses an expired credential.
  return isAfter(taken, expiresAt) ? 'after' : 'within';
}

/** One second is the rounding of the two times. */
export function isAfter(time: string, expiresAt: string): boolean {
  return millis(time) > millis(expiresAt) + 1000;
}
