import type { SessionAnswer, Status } from './session-answer.ts';
import { timeAgainst } from './window.ts';

/** Is a call that shows this use (its hash) one of the session's? Of a crowded one every call is. */
export function covers({ crowded, uses }: SessionAnswer, use: string): boolean {
  return crowded === true || uses.includes(use);
}

export interface CallAnswer {
  status: Status;
  /** why it is not linked, or where the chain stays open */
  reason: string | null;
  /** the session it shows, proven or not */
  session: string | null;
  /** what proves it: null unless the session covers the call at its own time */
  answer: SessionAnswer | null;
}

/**
 * Which session a call belongs to and whether it holds for the call's own time: a linked session proves nothing about
 * a call made before its issuance or after its expiry.
 */
export function answerCall(
  call: { eventTime: string; use: string },
  answers: readonly SessionAnswer[],
): CallAnswer {
  const covering = answers.filter(each => covers(each, call.use));
  const inTime = covering.filter(each => sideOf(each, call.eventTime) === 'within');
  // A key issued twice to one principal: the later issuance that the call's time allows is the one in use.
  const found = inTime.sort((a, b) => (a.began < b.began ? 1 : -1))[0];
  if (found) return { status: found.status, reason: found.reason, session: found.session, answer: found };
  const near = covering[0];
  if (!near) {
    return {
      status: 'unlinked',
      reason: 'the call has not been correlated yet',
      session: null,
      answer: null,
    };
  }
  const early = sideOf(near, call.eventTime) === 'before';
  const reason = early ? 'made before the credential was issued' : 'made after the credential had expired';
  return { status: 'unlinked', reason, session: near.session, answer: null };
}

function sideOf({ issuedAt, expiresAt, usableUntil }: SessionAnswer, time: string) {
  if (issuedAt === null || expiresAt === null) return 'within';
  return timeAgainst(issuedAt, usableUntil ?? expiresAt, time);
}
