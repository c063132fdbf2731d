import { answerCall, type CallAnswer, covers } from '../../steps/linking/call-answer.ts';
import type { Hop, Party } from '../../steps/linking/chain.ts';
import { inParallel } from '../../steps/linking/parallel.ts';
import type { SessionAnswer, Status } from '../../steps/linking/session-answer.ts';
import { toldAnswer } from '../../steps/session-coverage.ts';
import type { Deployment } from '../deployment.ts';
import type { Call, SeenSession } from '../queries/seen-session.ts';
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
}

/** A line of sessions.ndjson; `firstSeen`, `lastSeen` and `calls` are of the calls in this report. */
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
  { sessions: table, ledger }: Pick<Deployment, 'sessions' | 'ledger'>,
): Promise<Answers> {
  const made = Map.groupBy(collected.calls.values(), call => call.credential);
  const credentials = [...collected.credentials].sort();
  const states = await inParallel(credentials, 16, async credential => {
    const { answers } = await table.read(credential);
    const own = (answer: SessionAnswer) =>
      (made.get(credential) ?? []).filter(call => covers(answer, call.use));
    return { answers: await Promise.all(answers.map(answer => toldAnswer(answer, own(answer), ledger))) };
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
  const calls: ReportedCall[] = [];
  for (const call of [...collected.calls.values()].sort(inTime)) {
    const answered = answerCall(call, byCredential.get(call.credential) ?? []);
    const session = answered.session === null ? undefined : sessions.get(answered.session);
    session?.[answered.answer ? 'calls' : 'strays'].push(call);
    if (call.accessKeyId !== null) calls.push(reportedCall(call, answered));
  }
  return {
    calls,
    sessions: [...sessions.values()].sort((a, b) => order(a.answer.session, b.answer.session)),
  };
}

// A call outside its session's life is named with the session, but is not proven by the session's issuance.
function reportedCall(call: Call, { status, reason, session, answer }: CallAnswer): ReportedCall {
  const { eventID, recipientAccountId, eventTime, eventSource, eventName, accessKeyId } = call;
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
  };
}

/** A session as sessions.ndjson has it. */
export function reportedSession({ answer, calls: proven, strays }: SeenSession): ReportedSession {
  const calls = [...proven, ...strays].sort(inTime);
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
    firstSeen: calls[0]?.eventTime ?? null,
    lastSeen: calls.at(-1)?.eventTime ?? null,
    calls: calls.length,
    flags: answer.flags,
    mechanism: answer.mechanism,
    kind: answer.kind,
    named: answer.named,
    masked: answer.masked,
  };
}

function inTime(a: Call, b: Call): number {
  return order(a.eventTime, b.eventTime) || order(a.eventID, b.eventID);
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
