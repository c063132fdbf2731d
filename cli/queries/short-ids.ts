import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { CliError, UsageError } from '../failure.ts';
import { mostCandidates } from './lookup-names.ts';
import type { Store } from './store.ts';

type Asked = Pick<Store, 'sessions' | 'names' | 'records'>;

/** What the beginning of an id may stand for. */
export interface Candidate {
  what: 'session' | 'event';
  id: string;
  /** ISO 8601 */
  at: string;
  /** the session's name, as its caller chose it; the event's name */
  name: string | null;
}

export interface Candidates {
  candidates: Candidate[];
  /** how many more there are; null: more than were counted */
  more: number | null;
  /** eventIDs were looked for back to this time; null: everywhere */
  from: string | null;
}

/** Characters that an id must be told by: fewer fit too many. */
const fewest = 4;
/** Records whose ids are looked through, the newest: an id is found whole wherever it is. */
const mostLookedThrough = 100_000;
const mostCounted = 1_000;

/** Sessions and events whose id begins so, in any case; the newest events first. */
export async function beginning(asked: string, store: Asked): Promise<Candidates> {
  const text = asked.trim().toLowerCase();
  if (text.length < fewest || !/^[a-z0-9._-]+$/.test(text)) return { candidates: [], more: 0, from: null };
  const found = await store.names.beginning(text, mostCounted);
  const answers = await store.names.answersOf(found.slice(0, mostCandidates));
  const sessions = answers.flatMap(answer => (answer ? [sessionCandidate(answer)] : []));
  const events = await eventsBeginning(text, store);
  const candidates = [...sessions, ...events.candidates];
  const uncounted = found.length === mostCounted || events.candidates.length === mostCounted;
  // A name that a session had before more was known of it leads to none.
  const former = answers.length - sessions.length;
  const total = found.length - former + events.candidates.length;
  return {
    candidates: candidates.slice(0, mostCandidates),
    more: uncounted ? null : total - Math.min(candidates.length, mostCandidates),
    from: events.from,
  };
}

function sessionCandidate({ session, began, sessionName }: SessionAnswer): Candidate {
  return { what: 'session', id: session, at: began, name: sessionName };
}

async function eventsBeginning(text: string, { records }: Asked) {
  const candidates = new Map<string, Candidate>();
  // An eventID is a UUID (record contents), or whatever a test writes: it never looks like a key.
  if (/^as?ia/.test(text) && text.length > fewest) return { candidates: [], from: null };
  let looked = 0;
  for await (const { eventID, eventTime, eventName } of records.newestFirst()) {
    if (looked === mostLookedThrough || candidates.size === mostCounted)
      return { candidates: [...candidates.values()], from: eventTime };
    looked += 1;
    if (eventID.toLowerCase().startsWith(text))
      candidates.set(eventID, { what: 'event', id: eventID, at: eventTime, name: eventName });
  }
  return { candidates: [...candidates.values()], from: null };
}

/** The session of the newest call, else the newest session; null where there is none. */
export async function latestSession({ records, sessions }: Asked): Promise<SessionAnswer | null> {
  for await (const { credential, use } of records.newestFirst()) {
    if (credential === null) continue;
    const { answers } = await sessions.read(credential);
    const found = answers.find(({ uses }) => uses.includes(use)) ?? answers[0];
    if (found) return found;
  }
  for await (const answer of sessions.newestFirst()) return answer;
  return null;
}

/** The sessions that somebody means by a name, a key, the beginning of one, or `latest`. Throws CliError, or UsageError where several begin so. */
export async function sessionsMeant(asked: string, store: Asked): Promise<SessionAnswer[]> {
  const text = asked.trim();
  if (text.toLowerCase() === 'latest') {
    const latest = await latestSession(store);
    if (latest) return [latest];
  }
  const [, key = text] = /^([^:]+?)\.[0-9a-f]{8}(?:\.[0-9a-f]{8})?$/i.exec(text) ?? [];
  for (const credential of new Set([key, key.toUpperCase()])) {
    const { answers } = await store.sessions.read(credential);
    const named = answers.filter(({ session }) => session.toLowerCase() === text.toLowerCase());
    if (named.length > 0) return named;
    if (answers.length > 0 && credential.toLowerCase() === text.toLowerCase()) return answers;
  }
  const found = await store.names.beginning(text, mostCandidates);
  const begun = (await store.names.answersOf(found)).filter(each => each !== null);
  if (text.length >= fewest && begun.length === 1) return begun;
  if (text.length >= fewest && begun.length > 1)
    throw new UsageError(
      `${found.length === mostCandidates ? 'many' : begun.length} sessions begin with ${text}: give more of the name`,
    );
  const { sessions } = await store.names.find(text);
  const answers = (await store.names.answersOf(sessions.slice(0, mostCounted))).filter(each => each !== null);
  if (answers.length === 0) throw new CliError(`no session here is called ${text}`);
  return answers;
}
