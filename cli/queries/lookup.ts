import { reportedAnswer } from '../../core/coverage/session-coverage.ts';
import type { Integrity } from '../../core/digests/file-integrity.ts';
import { AuditedRoles } from '../../core/identities/roles.ts';
import { answerCall } from '../../core/linking/call-answer.ts';
import { credentialsOf } from '../../core/linking/facts.ts';
import type { SessionAnswer, Status } from '../../core/linking/session-answer.ts';
import { useOf } from '../../core/linking/use.ts';
import { inParallel } from '../../core/parallel.ts';
import { normalize } from '../../core/reading/normalize.ts';
import type { CallEntry, Evidence, KnownOfRecord } from '../../core/records/evidence.ts';
import { type Doing, doingOf } from '../../core/resources/doing.ts';
import { type Proofs, proofsOf } from '../integrity/proofs.ts';
import { type CallWithDoing, type Doings, doingsOf, heldRecord, withDoings } from './doings.ts';
import { type Elsewhere, elsewhere } from './elsewhere.ts';
import { evidenceIntegrity } from './file-integrity.ts';
import { lackOf, mayHaveEnded, retentionText } from './kept.ts';
import { type FoundByName, type LookOptions, named } from './lookup-names.ts';
import { otherRecords } from './request-records.ts';
import { beginning, type Candidates, latestSession } from './short-ids.ts';
import type { Store } from './store.ts';

/** What is known of the thing that was asked for. */
export type Found =
  | {
      kind: 'event';
      subject: string;
      eventTime: string;
      eventName: string;
      errorCode: string | null;
      /** of the event, and of the other records of its request: another account's copy, addenda, what an addendum completes */
      evidence: ReportedEvidence[];
      /** the session the call belongs to; null for an event that was not a call under an audited role */
      call: { status: Status; reason: string | null; session: string | null } | null;
      /** what it did, as its own record tells */
      doing: Doing;
      /** names of the sessions whose credential this event handed out */
      issued: string[];
      /** the audited role it was refused */
      denied: string | null;
      sessions: SessionAnswer[];
    }
  | {
      kind: 'credential';
      subject: string;
      sessions: SessionAnswer[];
      /** the latest calls, each with what it did */
      calls: CallWithDoing[];
      seenFrom: SeenFrom[];
      /** what its calls did, of the newest thousand */
      doings: Doings;
    }
  | (FoundByName & { elsewhere: Elsewhere | null })
  /** no name of a session, a person or a role, but of what calls touched, where they came from, or an account */
  | { kind: 'elsewhere'; subject: string; sessions: SessionAnswer[]; more: number; elsewhere: Elsewhere }
  /** the beginning of several ids */
  | ({ kind: 'several'; subject: string; sessions: SessionAnswer[] } & Candidates);

/** Evidence, and whether the file it came from is as CloudTrail left it. */
export type ReportedEvidence = Evidence & { integrity: Integrity };

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

/** A client that calls came from; several within one session are worth a look. */
export interface SeenFrom {
  address: string;
  agent: string;
  calls: number;
  firstSeen: string;
}

/** Calls of a credential that are shown, and calls that are searched for clients; the newest. */
const mostCalls = 20;
const mostLookedThrough = 1_000;

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

/** Calls looked at for the regions a session works in. */
const mostForRegions = 50;

/** Answers as readers see them: `unknown` where the logs do not cover the issuance. */
export async function reported(
  answers: readonly SessionAnswer[],
  store: Pick<Asked, 'evidence' | 'ledger' | 'graceMinutes' | 'retentionDays'>,
): Promise<SessionAnswer[]> {
  const { evidence, ledger, graceMinutes } = store;
  return inParallel(answers, 8, async answer => {
    if (answer.status !== 'unlinked' && answer.status !== 'claimed' && !answer.asClaimed) return answer;
    const calls = await Array.fromAsync(evidence.calls(answer.credential, { limit: mostForRegions }));
    const shown = await reportedAnswer(answer, calls, ledger, { graceMinutes });
    // The ledger of that time ends before the answer does: its lack is no gap in the logs.
    return shown.status === 'unknown' && answer.status === 'unlinked' && mayHaveEnded(store, answer.began)
      ? {
          ...answer,
          reason: `${answer.reason}; whether the logs covered its issuance is no longer known (${retentionText(store)})`,
        }
      : shown;
  });
}

async function find(subject: string, store: Asked, options: LookOptions): Promise<Found | null> {
  if (subject.toLowerCase() === 'latest') {
    const latest = await latestSession(store);
    if (latest) return credential(latest.credential, store, latest.session);
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
    (key && (await credential(key, store, session ? subject : undefined))) ||
    (isSpelledOut(subject) ? null : await event(subject, store)) ||
    (isEventID(subject) ? await event(subject.toLowerCase(), store) : null) ||
    (await calledSo(subject, store, options)) ||
    (key || isSpelledOut(subject) ? null : await credential(subject, store))
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

async function event(subject: string, store: Asked): Promise<Found | null> {
  const found = await store.evidence.event(subject);
  if (found.length === 0) return null;
  const now = new Date();
  const others = await otherRecords(found, store.evidence);
  const evidence = await inParallel([...found, ...others], 8, async each => ({
    ...each,
    integrity: await evidenceIntegrity(each, store, now),
  }));
  const events = evidence.map(eventOf);
  const sessions = new Map<string, SessionAnswer>();
  let call: (Found & { kind: 'event' })['call'] = null;
  const issued: string[] = [];
  for (const each of events) {
    const answers = each.credential ? (await store.sessions.read(each.credential)).answers : [];
    // Answers exist for credentials of audited roles only: a hop towards one has no answer of its own.
    if (answers.length > 0 && call === null) {
      const { status, reason, session } = answerCall({ ...each, use: each.use ?? '' }, answers);
      call = { status, reason, session };
      for (const answer of answers) if (answer.session === session) sessions.set(session, answer);
    }
    for (const credential of each.issues) {
      for (const answer of (await store.sessions.read(credential)).answers) {
        if (!answer.issuerEventIDs.includes(subject)) continue;
        if (!issued.includes(answer.session)) issued.push(answer.session);
        sessions.set(answer.session, answer);
      }
    }
  }
  const [{ eventTime, eventSource, eventName, errorCode } = nothingKnown] = events;
  return {
    kind: 'event',
    subject,
    eventTime,
    eventName,
    errorCode,
    doing: doingOf(heldRecord(evidence[0], { eventSource, eventName, errorCode, agent: null })),
    evidence,
    call,
    issued,
    denied: events.find(each => each.denied)?.denied ?? null,
    sessions: [...sessions.values()],
  };
}

const nothingKnown = { eventTime: '', eventSource: '', eventName: '', errorCode: null };

function eventOf({
  record,
  source,
  provenance,
  recipientAccountId,
  digest,
  missing,
}: Evidence): KnownOfRecord {
  if (missing) return missing.known;
  const from = { source, provenance, account: recipientAccountId };
  const event = normalize(JSON.parse(record), from, new AuditedRoles(['*']), digest);
  const { credential, issuance } = event;
  return {
    ...event,
    use: credential === null ? null : useOf(event).hash,
    issues: issuance ? credentialsOf(issuance) : [],
  };
}

async function credential(key: string, store: Asked, session?: string): Promise<Found | null> {
  const { answers } = await store.sessions.read(key);
  const sessions = session ? answers.filter(answer => answer.session === session) : answers;
  const newest = store.evidence.calls(key, { newestFirst: true, limit: mostLookedThrough });
  const calls = (await Array.fromAsync(newest)).reverse();
  if (sessions.length === 0 && (session || calls.length === 0)) {
    // The console signs each request with a fresh key: the calls know which session it was of.
    const console = session ? null : await store.evidence.sessionOfKey(key);
    return console ? credential(console, store) : null;
  }
  const uses = new Set(sessions.flatMap(answer => answer.uses));
  const entries = session ? calls.filter(call => uses.has(call.use)) : calls;
  const own = await withDoings(entries, sessions[0]?.arn ?? null, store);
  return {
    kind: 'credential',
    subject: session ?? key,
    sessions,
    calls: own.slice(-mostCalls),
    seenFrom: clientsOf(own),
    doings: doingsOf(own, calls.length < mostLookedThrough),
  };
}

function clientsOf(calls: readonly CallEntry[]): SeenFrom[] {
  const clients = new Map<string, SeenFrom>();
  for (const { sourceIPAddress, agent, eventTime } of calls) {
    const client = { address: sourceIPAddress ?? 'no address', agent: agent ?? 'no user agent' };
    const known = clients.get(JSON.stringify(client)) ?? { ...client, calls: 0, firstSeen: eventTime };
    clients.set(JSON.stringify(client), { ...known, calls: known.calls + 1 });
  }
  return [...clients.values()];
}
