import type { RefusedAttempt } from '../../core/linking/refused.ts';
import type { Refusal } from '../../steps/transport/payloads.ts';
import type { RefusedInput } from '../inputs/refused.ts';
import type { People } from '../people/people.ts';
import type { SeenSession } from '../queries/seen-session.ts';
import type { Store } from '../queries/store.ts';
import { readAnswers } from '../replay/answers.ts';
import { RolesSeen } from '../replay/roles-seen.ts';
import { type Summary, summaryOf, writeReport } from '../report/report.ts';
import { announcedAgain, refusalsIn, toldIn } from './refusals.ts';
import { TraceReport } from './report.ts';
import { CallsInTime } from './state/calls-in-time.ts';
import { Copies } from './state/copies.ts';
import type { State } from './state/state.ts';
import { storeOf } from './store.ts';

/** What is to be made of what was read. */
export interface AskedOfTrace {
  /** the folder for the report */
  out?: string | undefined;
  /** whether all sessions with their calls are asked for: only of few records */
  withSessions?: boolean;
  people: People;
}

/** What a trace came to. */
export interface Traced {
  summary: Summary;
  refusals: Refusal[];
  /** sentences about what could not be read, or not to its end */
  problems: string[];
  /** sentences about what was left out, and held no calls */
  notes: string[];
  /** refused attempts: how many, and the earliest of them */
  denied: { count: number; earliest: RefusedAttempt[] };
  /** where they were asked for */
  sessions?: SeenSession[];
  roles: RolesSeen;
  /** kept records that name another account than their file does */
  otherAccounts: number;
  /** digests among the files, which a trace does not check */
  digests: number;
}

/** Writes the report, and sums up what a state holds. `began`: milliseconds; `unread`: what could not be looked into */
export async function tracedOf(
  state: State,
  began: number,
  unread: readonly RefusedInput[],
  { out, people, withSessions }: AskedOfTrace,
): Promise<Traced> {
  const store = storeOf(state);
  const copies = new Copies(state);
  const report = new TraceReport(state, copies, store);
  const told = toldIn(state);
  const refusals = [...unread.map(notRead), ...refusalsIn(state)];
  const { issuances, ...counts } = countsOf(state, told);
  const summary = () =>
    summaryOf(counts, report.tally, {
      issuances,
      sessions: report.sessionCount,
      quarantined: refusals.length,
      executions: { succeeded: 0, failed: 0 },
      seconds: Math.round(Date.now() - began) / 1000,
    });
  if (out !== undefined)
    await writeReport(out, { calls: report.calls(people), sessions: report.sessions(people), summary });
  else for await (const _ of report.calls(people));
  const summed = summary();
  const roles = new RolesSeen();
  for (const { arn } of state.all<{ arn: string }>('SELECT arn FROM roles')) roles.see(arn);
  return {
    summary: summed,
    ...(withSessions && { sessions: await seenSessions(state, copies, store) }),
    refusals,
    problems: told.flatMap(({ problems }) => problems),
    notes: told.flatMap(({ notes }) => notes),
    denied: await deniedIn(store),
    roles,
    otherAccounts: countIn(state, 'SELECT coalesce(sum(otherAccounts), 0) AS count FROM sources'),
    digests: countIn(state, "SELECT count(*) AS count FROM inputs WHERE kind = 'digest'"),
  };
}

/** The most refused attempts that are held to be shown. A brute-force attack leaves millions in the logs. */
const mostDenied = 100;

async function deniedIn({ refused }: Store): Promise<Traced['denied']> {
  let [count, earliest]: [number, RefusedAttempt[]] = [0, []];
  for await (const attempt of refused.newestFirst()) {
    count += 1;
    earliest.push(attempt);
    if (earliest.length >= 2 * mostDenied) earliest = earliest.slice(-mostDenied);
  }
  return { count, earliest: earliest.slice(-mostDenied) };
}

async function seenSessions(state: State, copies: Copies, store: Store): Promise<SeenSession[]> {
  const calls = new Map([...new CallsInTime(state, copies)].map(call => [call.eventID, call]));
  const rows = state.all<{ credential: string }>('SELECT credential FROM credentials');
  const credentials = new Set(rows.map(({ credential }) => credential));
  return (await readAnswers({ calls, credentials }, store)).sessions;
}

/** What could not be looked into, as a replay keeps it. */
function notRead({ file, error, message }: RefusedInput): Refusal {
  return { step: 'Replay', error, message, source: file };
}

function countsOf(state: State, told: ReturnType<typeof toldIn>) {
  const read = state.get<{ files: number; records: number; kept: number; normalized: number }>(
    `SELECT count(key) AS files, coalesce(sum(records), 0) AS records, coalesce(sum(kept), 0) AS kept,
       coalesce(sum(normalized), 0) AS normalized FROM sources`,
  ) ?? { files: 0, records: 0, kept: 0, normalized: 0 };
  const { files } = read;
  let { records, kept, normalized } = read;
  for (const again of announcedAgain(state, told)) {
    records += again.records;
    kept += again.kept;
    normalized += again.normalized;
  }
  // Once through all of them for both.
  const { written, issuances } = state.get<{ written: number; issuances: number }>(
    `SELECT count(*) AS written, count(DISTINCT CASE WHEN issues IS NOT NULL THEN eventID END) AS issuances FROM records`,
  ) ?? { written: 0, issuances: 0 };
  return {
    ...{ files, records, kept, dropped: records - kept, rejected: kept - normalized },
    duplicates: normalized - written,
    issuances,
  };
}

function countIn(state: State, sql: string): number {
  return state.get<{ count: number }>(sql)?.count ?? 0;
}
