import type { ListedRecord } from '../../core/linking/listed.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { hourMillis, laterBy, type TimeSpan } from '../../core/records/times.ts';
import { type AnsweredCall, Answering, isCall, type ListedCall } from './answered-calls.ts';
import type { Store } from './store.ts';

type Asked = Pick<Store, 'records' | 'sessions' | 'ledger' | 'graceMinutes'>;

/** A session with its calls in the time that is looked at, oldest first. */
export interface ActiveSession {
  answer: SessionAnswer;
  calls: AnsweredCall[];
}

/** What was done in a time, each call counted once: the one place that lists, pages and sums count from. */
export interface Activity {
  /** sessions that called, or began, in it; oldest first */
  sessions: ActiveSession[];
  /** oldest first */
  calls: AnsweredCall[];
  counts: Counts;
  /** there was more than is read at once: nothing before this time was looked at; null: all was */
  from: string | null;
}

/**
 * `linked + named + others = calls`; `named`: calls that are not linked, but their record names who made them. `keyless`: calls beside these
 * that show no key, which a report leaves out.
 */
export interface Counts {
  sessions: number;
  calls: number;
  linked: number;
  named: number;
  others: number;
  keyless: number;
}

/** What is read of one question: more is told by the time it reaches back to. */
export const mostRead = { records: 200_000, sessions: 20_000 };
/** A session lasts 36 hours at most (STS guide, comparison of the API's operations), and a call's session began before it. */
const longestSession = 36 * hourMillis;

/** What was done between two times by all sessions. A Query for each day, and for what these do not have. */
export async function activityOf(store: Asked, span: TimeSpan = {}): Promise<Activity> {
  const [{ records, from }, known] = await Promise.all([
    readUntilFull(store.records.newestFirst(span), span.since),
    sessionsAround(store, span),
  ]);
  const within = { since: from ?? span.since, until: span.until, from: later(from, known.from) };
  return over(records.filter(isCall), known.answers, store, within);
}

/** What was done with these records alone, and the sessions that did it. `span`: of which they are all, newest first */
export async function activityIn(
  records: AsyncIterable<ListedRecord>,
  store: Asked,
  span: TimeSpan = {},
): Promise<Activity> {
  const read = await readUntilFull(records, span.since);
  return over(read.records.filter(isCall), null, store, { from: read.from });
}

/** What these sessions did. Of each the hours that it lasted are read. */
export async function activityBy(
  answers: readonly SessionAnswer[],
  store: Asked,
  span: TimeSpan = {},
): Promise<Activity> {
  const credentials = new Set(answers.map(({ credential }) => credential));
  const { records, from } = await readUntilFull(recordsBy(answers, store, span), span.since);
  const calls = records.filter(isCall).filter(({ credential }) => credentials.has(credential));
  const activity = await over(calls, answers, store, { ...span, from });
  const names = new Set(answers.map(({ session }) => session));
  return only(activity, names);
}

/** The activity of some of its sessions. */
function only({ sessions, calls, from }: Activity, names: ReadonlySet<string>): Activity {
  const own = calls.filter(({ session }) => session && names.has(session.session));
  return counted(
    sessions.filter(({ answer }) => names.has(answer.session)),
    own,
    from,
  );
}

/** Records of the hours in which these sessions may have called, newest first. */
export async function* recordsBy(
  answers: readonly SessionAnswer[],
  { records }: Pick<Store, 'records'>,
  { since = '', until = '~' }: TimeSpan,
): AsyncGenerator<ListedRecord> {
  const credentials = new Set(answers.map(({ credential }) => credential));
  for (const [begin, end] of spansOf(answers).reverse()) {
    const span = { since: begin > since ? begin : since, until: end < until ? end : until };
    if (span.since > span.until) continue;
    for await (const record of records.newestFirst(span))
      if (record.credential !== null && credentials.has(record.credential)) yield record;
  }
}

/** Where sessions may have called, oldest first; what overlaps is one. A first call may come before what is known of the begin. */
function spansOf(answers: readonly SessionAnswer[]): [string, string][] {
  const spans = answers
    .map(({ began }): [string, string] => [laterBy(-hourMillis, began), laterBy(longestSession, began)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const joined: [string, string][] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && span[0] <= last[1]) last[1] = span[1] > last[1] ? span[1] : last[1];
    else joined.push(span);
  }
  return joined;
}

async function readUntilFull(list: AsyncIterable<ListedRecord>, since: string | undefined) {
  const records: ListedRecord[] = [];
  for await (const record of list) {
    if (records.length === mostRead.records)
      return { records, from: records.at(-1)?.eventTime ?? since ?? null };
    records.push(record);
  }
  return { records, from: null };
}

async function sessionsAround({ sessions }: Asked, { since, until }: TimeSpan) {
  const answers: SessionAnswer[] = [];
  const first = since ? laterBy(-longestSession, since.slice(0, 20)) : '';
  for await (const answer of sessions.newestFirst(until)) {
    if (answer.began < first) break;
    if (answers.length === mostRead.sessions) return { answers, from: answers.at(-1)?.began ?? null };
    answers.push(answer);
  }
  return { answers, from: null };
}

/** `known`: all sessions that may have made these calls, and others; null: not read. */
async function over(
  calls: readonly ListedCall[],
  known: readonly SessionAnswer[] | null,
  store: Asked,
  { since = '', until = '~', from }: TimeSpan & { from: string | null },
): Promise<Activity> {
  const answering = new Answering(store);
  if (known) answering.know(known);
  const once = new Map<string, ListedCall>();
  // One event that both accounts' logs hold is one call.
  for (const call of calls) {
    const other = once.get(call.eventID);
    if (!other || call.recipientAccountId < other.recipientAccountId) once.set(call.eventID, call);
  }
  const answered = await answering.answer([...once.values()].reverse());
  const active = new Map<string, ActiveSession>();
  for (const each of answered) {
    if (each.session === null) continue;
    const { session } = each.session;
    const own = active.get(session) ?? { answer: each.session, calls: [] };
    own.calls.push(each);
    active.set(session, own);
  }
  for (const answer of known ?? []) {
    if (active.has(answer.session) || answer.began < since || answer.began > until) continue;
    active.set(answer.session, { answer: await answering.shown(answer, []), calls: [] });
  }
  const sessions = [...active.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return counted(sessions, answered, from);
}

function counted(sessions: ActiveSession[], calls: AnsweredCall[], from: string | null): Activity {
  const reported = calls.filter(({ call }) => !call.keyless);
  const linked = reported.filter(({ answered }) => answered.status === 'linked').length;
  const named = reported.filter(({ answered }) => answered.status === 'delivered').length;
  return {
    sessions,
    calls,
    counts: {
      sessions: sessions.length,
      calls: reported.length,
      linked,
      named,
      others: reported.length - linked - named,
      keyless: calls.length - reported.length,
    },
    from,
  };
}

function sortKey({ answer }: ActiveSession): string {
  return `${answer.began}#${answer.session}`;
}

function later(one: string | null, other: string | null): string | null {
  return one === null || (other !== null && other > one) ? other : one;
}
