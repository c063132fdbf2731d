import { reportedAnswer } from '../../core/coverage/session-coverage.ts';
import { answerCall, type CallAnswer, type CallNote, covers } from '../../core/linking/call-answer.ts';
import type { Hop, Party } from '../../core/linking/chain.ts';
import type { Claim } from '../../core/linking/issued-session.ts';
import { copiesAmong } from '../../core/linking/one-call.ts';
import type { SessionAnswer, Status } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import { isCredentialRefused } from '../../core/records/refused-credential.ts';
import type { Call, SeenSession } from '../queries/seen-session.ts';
import type { Store } from '../queries/store.ts';
import type { Collected } from './collected.ts';

/** A line of calls.ndjson; fields and their order are the report contract's. */
export interface ReportedCall {
  eventID: string;
  recipientAccountId: string;
  eventTime: string;
  eventSource: string;
  eventName: string;
  accessKeyId: string | null;
  status: Status;
  reason: string | null;
  session: string | null;
  issuerEventIDs: string[];
  chain: Hop[];
  origin: Party | null;
  mechanism: SessionAnswer['mechanism'];
  masked: boolean;
  /** what partners say of the issuance, and our own trail does not */
  claims: Claim[];
  errorCode: string | null;
  note: CallNote | null;
  /** the eventID of the record that stands for the call, where this is another account's record of it, or an addendum */
  copyOf: string | null;
}

/** A line of sessions.ndjson; `firstSeen`, `lastSeen` and `calls` are of the calls in this report, each counted once. */
export interface ReportedSession {
  session: string;
  accessKeyId: string | null;
  status: Status;
  roleArn: string | null;
  sessionName: string | null;
  sourceIdentity: string | null;
  issuedAt: string | null;
  expiresAt: string | null;
  issuerEventIDs: string[];
  chain: Hop[];
  origin: Party | null;
  firstSeen: string | null;
  lastSeen: string | null;
  calls: number;
  flags: SessionAnswer['flags'];
  mechanism: SessionAnswer['mechanism'];
  kind: SessionAnswer['kind'];
  named: string | null;
  masked: boolean;
  claims: Claim[];
  /** the run of a pipeline behind it, as its subject names it; null: none */
  ci: SessionAnswer['ci'] | null;
  /** who approved the delegated access of a product provider; null: nobody had to */
  approver: Party | null;
}

export interface Answers {
  /** by eventTime and eventID; those that show a key: what a service does in a role session shows none */
  calls: ReportedCall[];
  /** by name of session */
  sessions: SeenSession[];
}

/** Reads the answers of every credential the replay touched, and gives each call its own. One Query per credential. */
export async function readAnswers(
  collected: Collected,
  { sessions: table, ledger, graceMinutes }: Pick<Store, 'sessions' | 'ledger' | 'graceMinutes'>,
): Promise<Answers> {
  const made = Map.groupBy(collected.calls.values(), call => call.credential);
  const credentials = [...collected.credentials].sort();
  const states = await inParallel(credentials, 16, async credential => {
    const { answers } = await table.read(credential);
    const own = (answer: SessionAnswer) =>
      (made.get(credential) ?? []).filter(call => covers(answer, call.use));
    const reported = answers.map(answer => reportedAnswer(answer, own(answer), ledger, { graceMinutes }));
    return { answers: await Promise.all(reported) };
  });
  const byCredential = new Map(
    credentials.map((credential, index) => [credential, states[index]?.answers ?? []]),
  );
  const sessions = new Map<string, SeenSession>();
  for (const [credential, answers] of byCredential) {
    for (const answer of answers) {
      // A key of a console session repeats that session's answer, for its own uses only.
      const own = answer.credential === credential;
      if (own || !sessions.has(answer.session))
        sessions.set(answer.session, { answer, calls: [], strays: [] });
    }
  }
  const copies = copiesAmong(collected.calls.values());
  const calls: ReportedCall[] = [];
  for (const call of [...collected.calls.values()].sort(inTime)) {
    const copyOf = copies.get(call.eventID) ?? null;
    const original = (copyOf && collected.calls.get(copyOf)) || call;
    const answered = answerCall(original, byCredential.get(original.credential) ?? []);
    const session = answered.session === null ? undefined : sessions.get(answered.session);
    if (original === call) session?.[answered.answer ? 'calls' : 'strays'].push(call);
    if (call.accessKeyId !== null) calls.push(reportedCall(call, answered, copyOf));
  }
  return {
    calls,
    sessions: [...sessions.values()].sort((a, b) => order(a.answer.session, b.answer.session)),
  };
}

// A call outside its session's life is named with the session, but is not proven by the session's issuance.
function reportedCall(
  call: Call,
  { status, reason, session, answer, note }: CallAnswer,
  copyOf: string | null,
): ReportedCall {
  const { eventID, recipientAccountId, eventTime, eventSource, eventName, accessKeyId, errorCode } = call;
  return {
    eventID,
    recipientAccountId,
    eventTime,
    eventSource,
    eventName,
    accessKeyId,
    status,
    reason,
    session,
    issuerEventIDs: answer?.issuerEventIDs ?? [],
    chain: answer?.chain ?? [],
    origin: answer?.origin ?? null,
    mechanism: answer?.mechanism ?? null,
    masked: answer?.masked ?? false,
    claims: answer?.claims ?? [],
    errorCode,
    note,
    copyOf,
  };
}

/** A session as sessions.ndjson has it. */
export function reportedSession({ answer, calls: proven, strays }: SeenSession): ReportedSession {
  const calls = [...proven, ...strays].sort(inTime);
  const accepted = calls.filter(({ errorCode }) => !isCredentialRefused(errorCode));
  return {
    session: answer.session,
    accessKeyId: answer.accessKeyId,
    status: answer.status,
    roleArn: answer.roleArn,
    sessionName: answer.sessionName,
    sourceIdentity: answer.sourceIdentity,
    issuedAt: answer.issuedAt,
    expiresAt: answer.expiresAt,
    issuerEventIDs: answer.issuerEventIDs,
    chain: answer.chain,
    origin: answer.origin,
    firstSeen: accepted[0]?.eventTime ?? null,
    lastSeen: accepted.at(-1)?.eventTime ?? null,
    calls: calls.length,
    flags: answer.flags,
    mechanism: answer.mechanism,
    kind: answer.kind,
    named: answer.named,
    masked: answer.masked,
    claims: answer.claims ?? [],
    ci: answer.ci ?? null,
    approver: answer.approver ?? null,
  };
}

function inTime(a: Call, b: Call): number {
  return order(a.eventTime, b.eventTime) || order(a.eventID, b.eventID);
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
