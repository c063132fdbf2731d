import { millis } from '../cloudtrail/times.ts';
import { clockSkew } from './facts.ts';
import type { IssuedSession } from './issued-session.ts';

/** Where a time lies against a session's validity. Calls look up to 2 s older than their issuance in real logs. */
export function against(session: IssuedSession, time: string): 'before' | 'within' | 'after' {
  return timeAgainst(session.issuedAt, session.usableUntil, time);
}

export function timeAgainst(
  issuedAt: string,
  expiresAt: string,
  time: string,
): 'before' | 'within' | 'after' {
  if (millis(time) < millis(issuedAt) - clockSkew * 1000) return 'before';
  // AWS refuses an expired credential; one second is the rounding of the two times.
  return millis(time) > millis(expiresAt) + 1000 ? 'after' : 'within';
}
