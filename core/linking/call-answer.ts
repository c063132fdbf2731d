import { isCredentialRefused } from '../records/refused-credential.ts';
import { type Asked, takenFrom } from './request-time.ts';
import type { SessionAnswer, Status } from './session-answer.ts';
import { isAfter, timeAgainst } from './window.ts';

/** What the answer of a call depends on. `use`: the hash of what it shows (see use.ts). */
export interface AskedCall extends Asked {
  eventTime: string;
  errorCode: string | null;
  use: string;
}

/**
 * `completed-after-expiry`: AWS accepted the request while the credential was valid, as far as records show, and ended it later.
 * `credential-refused`: AWS did not accept the credential; nothing was done with it.
 */
export type CallNote = 'completed-after-expiry' | 'credential-refused';

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
  note: CallNote | null;
}

/**
 * Which session a call belongs to and whether it holds for the call's own time: a linked session proves nothing about
 * a call made before its issuance or after its expiry.
 */
export function answerCall(call: AskedCall, answers: readonly SessionAnswer[]): CallAnswer {
  const covering = answers.filter(each => covers(each, call.use));
  const refused = isCredentialRefused(call.errorCode);
  const inTime = covering.filter(each => {
    const side = sideOf(each, call);
    return side === 'within' || (refused && side === 'after');
  });
  // A key issued twice to one principal: the later issuance that the call's time allows is the one in use.
  const found = inTime.sort((a, b) => (a.began < b.began ? 1 : -1))[0];
  if (found) {
    const { status, reason, session } = found;
    return { status, reason, session, answer: found, note: noteOf(found, call, refused) };
  }
  const near = covering[0];
  if (!near) {
    return {
      status: 'unlinked',
      reason: 'the call has not been correlated yet',
      session: null,
      answer: null,
      note: null,
    };
  }
  const early = sideOf(near, call) === 'before';
  const reason = early ? 'made before the credential was issued' : 'made after the credential had expired';
  return { status: 'unlinked', reason, session: near.session, answer: null, note: null };
}

function sideOf({ issuedAt, expiresAt, usableUntil }: SessionAnswer, call: AskedCall) {
  if (issuedAt === null || expiresAt === null) return 'within';
  const { eventTime } = call;
  return timeAgainst(issuedAt, usableUntil ?? expiresAt, eventTime, takenFrom(eventTime, call));
}

function noteOf(
  { expiresAt, usableUntil }: SessionAnswer,
  { eventTime }: AskedCall,
  refused: boolean,
): CallNote | null {
  if (refused) return 'credential-refused';
  const end = usableUntil ?? expiresAt;
  return end !== null && isAfter(eventTime, end) ? 'completed-after-expiry' : null;
}
