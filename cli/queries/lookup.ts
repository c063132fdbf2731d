import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { type Proofs, proofsOf } from '../integrity/proofs.ts';
import { type Elsewhere, elsewhere } from './elsewhere.ts';
import { lackOf, mayHaveEnded, retentionText } from './kept.ts';
import { type FoundCredential, lookUpCredential } from './lookup-credential.ts';
import { type FoundEvent, lookUpEvent } from './lookup-event.ts';
import { type FoundByName, type LookOptions, named } from './lookup-names.ts';
import { reported } from './reported-answers.ts';
import { beginning, type Candidates, latestSession } from './short-ids.ts';
import type { Store } from './store.ts';

/** What is known of the thing that was asked for. */
export type Found =
  | FoundEvent
  | FoundCredential
  | (FoundByName & { elsewhere: Elsewhere | null })
  /** no name of a session, a person or a role, but of what calls touched, where they came from, or an account */
  | { kind: 'elsewhere'; subject: string; sessions: SessionAnswer[]; more: number; elsewhere: Elsewhere }
  /** the beginning of several ids */
  | ({ kind: 'several'; subject: string; sessions: SessionAnswer[] } & Candidates);

/** With the verdicts on the files of the events that its sessions cite, and what of it is not there any more. */
export type Answered = Found & { proofs: Proofs; lack: string | null };

type Asked = Pick<
  Store,
  | 'evidence'
  | 'records'
  | 'refused'
  | 'sessions'
  | 'names'
  | 'ledger'
  | 'integrity'
  | 'graceMinutes'
  | 'retentionDays'
>;

/**
 * Finds an event by its id, a credential by its access key id (or a session by the name it has here), else all sessions that have
 * the name: their own ARN, id or session name, that of who is behind them, or their role's; and what else is called so. Else what an id
 * that begins so may be, and `latest` the session of the newest call. In any case. Null when nothing is known of it.
 */
export async function lookUp(
  asked: string,
  store: Asked,
  options: LookOptions = {},
): Promise<Answered | null> {
  const found = await find(asked.trim(), store, options);
  if (!found) return null;
  const sessions = await reported(found.sessions, store);
  const proofs = await proofsOf(sessions, store);
  const lack = lackIn(found, store);
  if (found.kind !== 'event' || found.call?.status !== 'unlinked')
    return { ...found, sessions, proofs, lack };
  // A call shares the verdict on its session.
  const session = sessions.find(each => each.session === found.call?.session);
  const call =
    session?.status === 'unknown' || session?.status === 'claimed'
      ? { ...found.call, status: session.status, reason: session.reason }
      : found.call;
  return { ...found, sessions, proofs, lack, call };
}

function lackIn(found: Found, store: Asked): string | null {
  if (found.kind === 'credential') return lackOf(found.sessions, found.calls, store);
  if (found.kind !== 'event' || found.call || found.issued.length > 0 || found.denied) return null;
  return mayHaveEnded(store, found.eventTime)
    ? `an answer that depends on it is no longer kept, if there was one (${retentionText(store)})`
    : null;
}

async function find(subject: string, store: Asked, options: LookOptions): Promise<Found | null> {
  if (subject.toLowerCase() === 'latest') {
    const latest = await latestSession(store);
    if (latest) return lookUpCredential(latest.credential, store, latest.session);
  }
  return (await whole(subject, store, options)) ?? (await begun(subject, store, options));
}

/** What an id may be that begins so: the one there is, or those to choose from. */
async function begun(subject: string, store: Asked, options: LookOptions): Promise<Found | null> {
  const found = await beginning(subject, store);
  const [one, another] = found.candidates;
  if (!one) return null;
  return another ? { kind: 'several', subject, sessions: [], ...found } : whole(one.id, store, options);
}

async function whole(asked: string, store: Asked, options: LookOptions): Promise<Found | null> {
  // Keys are written in capitals, the ids of events in small letters, whatever somebody typed.
  const subject = /^asia[a-z0-9]{12,}(?:$|\.)/i.test(asked) ? capitalKey(asked) : asked;
  // Whatever a record gave for a key: documented and masked records have none that begins with ASIA.
  const session = /^([^:]+?)\.[0-9a-f]{8}(?:\.[0-9a-f]{8})?$/.exec(subject);
  const key = session?.[1] ?? (isCredential(subject) ? subject : null);
  return (
    (key && (await lookUpCredential(key, store, session ? subject : undefined))) ||
    (isSpelledOut(subject) ? null : await lookUpEvent(subject, store)) ||
    (isEventID(subject) ? await lookUpEvent(subject.toLowerCase(), store) : null) ||
    (await calledSo(subject, store, options)) ||
    (key || isSpelledOut(subject) ? null : await lookUpCredential(subject, store))
  );
}

async function calledSo(subject: string, store: Asked, options: LookOptions): Promise<Found | null> {
  const [found, other] = await Promise.all([named(subject, store, options), elsewhere(subject, store)]);
  if (found) return { ...found, elsewhere: other };
  return (
    other && { kind: 'elsewhere', subject, sessions: other.sessions, more: other.more, elsewhere: other }
  );
}

function capitalKey(text: string): string {
  return text.replace(/^[^.]+/, key => key.toUpperCase()).replace(/\..*$/, end => end.toLowerCase());
}

function isEventID(subject: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subject);
}

function isCredential(subject: string): boolean {
  return subject.startsWith('ASIA') || /^arn:.*@\d{4}-\d\d-\d\dT[\d:]+Z$/.test(subject);
}

/** An ARN or a service's name, which no event has for an id. */
function isSpelledOut(subject: string): boolean {
  return subject.startsWith('arn:') || /\.amazonaws\.com(?:\.cn)?$/.test(subject);
}
