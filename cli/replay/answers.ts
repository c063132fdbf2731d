import { reportedAnswer } from '../../core/coverage/session-coverage.ts';
import { answerCall, covers } from '../../core/linking/call-answer.ts';
import { copiesAmong } from '../../core/linking/one-call.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import { isCredentialRefused } from '../../core/records/refused-credential.ts';
import type { Call, SeenSession } from '../queries/seen-session.ts';
import type { Store } from '../queries/store.ts';
import { type ReportedCall, reportedCall } from '../report/call-line.ts';
import { type ReportedSession, reportedSession } from '../report/session-line.ts';
import type { Collected } from './collected.ts';

export interface Answers {
  /** by eventTime and eventID; those that show a key: what a service does in a role session shows none */
  calls: ReportedCall[];
  /** by name of session */
  sessions: SeenSession[];
}

/** Reads the answers of every credential the replay touched, and gives each call its own. One Query per credential. */
export async function readAnswers(
  collected: Pick<Collected, 'calls' | 'credentials'>,
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

/** The session with what its calls say, as sessions.ndjson has it. */
export function sessionLine({ answer, calls: proven, strays }: SeenSession): ReportedSession {
  const calls = [...proven, ...strays].sort(inTime);
  const accepted = calls.filter(({ errorCode }) => !isCredentialRefused(errorCode));
  return reportedSession(answer, {
    firstSeen: accepted[0]?.eventTime ?? null,
    lastSeen: accepted.at(-1)?.eventTime ?? null,
    calls: calls.length,
  });
}

function inTime(a: Call, b: Call): number {
  return order(a.eventTime, b.eventTime) || order(a.eventID, b.eventID);
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
