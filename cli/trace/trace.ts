import { shortHash } from '../../core/hash.ts';
import type { RefusedAttempt } from '../../core/linking/refused.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { Refusal } from '../../steps/transport/payloads.ts';
import { CliError, Interrupted } from '../failure.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RefusedInput } from '../inputs/refused.ts';
import type { People } from '../people/people.ts';
import type { SeenSession } from '../queries/seen-session.ts';
import type { Store } from '../queries/store.ts';
import { readAnswers } from '../replay/answers.ts';
import { RolesSeen } from '../replay/roles-seen.ts';
import { type Summary, summaryOf, writeReport } from '../report/report.ts';
import type { Screen } from '../views/text/screen.ts';
import { dedupe } from './dedupe.ts';
import { ingest } from './ingest.ts';
import { whatIsNew } from './inputs.ts';
import { type Plan, type Planned, planOf } from './plan.ts';
import { TraceProgress } from './progress.ts';
import { announcedAgain, refusalsIn, toldIn } from './refusals.ts';
import { hiddenRows, TraceReport } from './report.ts';
import { settleAll } from './settle.ts';
import { CallsInTime } from './state/calls.ts';
import { State } from './state/state.ts';
import { storeOf } from './store.ts';

export interface TraceOptions {
  roles: readonly string[];
  accounts: readonly string[];
  /** the file of the state; `named`: by its user, so that nothing in it is forgotten unasked */
  state: { file: string; named: boolean };
  fresh?: boolean | undefined;
  /** the folder for the report */
  out?: string | undefined;
  /** whose partners, accounts and bucket count; absent: roletrail.json of the folder */
  base?: RoletrailConfig;
  /** whether all sessions with their calls are asked for: only of few records */
  withSessions?: boolean;
  people: People;
  screen: Screen;
  signal: AbortSignal;
}

/** What a trace came to. */
export interface Traced {
  summary: Summary;
  refusals: Refusal[];
  /** sentences about what could not be read, or not to its end */
  problems: string[];
  /** sentences about what was left out, and held no calls */
  notes: string[];
  denied: RefusedAttempt[];
  /** where they were asked for */
  sessions?: SeenSession[];
  roles: RolesSeen;
  /** kept records that name another account than their file does */
  otherAccounts: number;
  /** digests among the files, which a trace does not check */
  digests: number;
}

/**
 * Reads what is new of the inputs into the state, links it and writes the report. What was done is kept whatever ends it: the same
 * command goes on. Throws Interrupted, CliError.
 */
export async function trace(inputs: Inputs, options: TraceOptions): Promise<Traced> {
  const { state: where, screen, signal } = options;
  const began = Date.now();
  const plan = await planOf(inputs, options);
  if (options.fresh) State.remove(where.file);
  let state = State.forWriting(where.file);
  try {
    let fresh = freshInputs(state, plan);
    if (typeof fresh === 'string') {
      const why = fresh;
      if (where.named) throw new CliError(`${why}: name another --state, or begin anew with --fresh`);
      screen.error(`${why}: it begins anew`);
      state.close();
      State.remove(where.file);
      state = State.forWriting(where.file);
      fresh = plan.inputs;
    }
    note(state, plan);
    await readAll(state, plan, fresh, options);
    const traced = await reportOf(state, began, inputs.refused, options);
    state.close();
    return traced;
  } catch (error) {
    state.abandon();
    if (signal.aborted)
      throw new Interrupted(
        `stopped; what was read so far is kept in ${where.file}, and the same command goes on`,
      );
    throw error;
  } finally {
    screen.endProgress();
  }
}

/** What was not read yet, or a sentence that says why the state is of no use for this. */
function freshInputs(state: State, plan: Plan): Planned[] | string {
  const kept = state.about.get('asked');
  if (kept !== undefined && kept !== fingerprintOf(plan))
    return `${state.file} was made for other roles or accounts (${state.about.get('roles')})`;
  const found = whatIsNew(plan.inputs, state);
  if ('changed' in found)
    return `${state.file} holds what ${found.changed} said, which has changed, is gone, or is not among the paths`;
  return found.fresh;
}

/** Of all that decides what is read as what. */
function fingerprintOf({ config, accounts, bucket }: Plan): string {
  const { production, partners, name } = config;
  return shortHash([[...config.auditedRoles].sort(), accounts, bucket, production, partners, name ?? null]);
}

function note(state: State, { config, accounts, bucket, ...plan }: Plan): void {
  state.transaction(() => {
    state.note('asked', fingerprintOf({ config, accounts, bucket, ...plan }));
    state.note('roles', config.auditedRoles.join(' '));
    state.note('accounts', JSON.stringify(accounts));
    state.note('bucket', bucket);
    state.note('account', config.production.account);
  });
}

async function readAll(state: State, plan: Plan, fresh: Planned[], options: TraceOptions): Promise<void> {
  const { screen, signal } = options;
  for (let toRead = fresh; ; ) {
    const progress = new TraceProgress(toRead.map(({ input }) => input));
    const show = (read: Parameters<TraceProgress['text']>[0]) => screen.progress(progress.text(read));
    if (isMuch(state, toRead)) state.unindex();
    await ingest({ state, plan, fresh: toRead, signal, progress: show });
    screen.progress('sorting…');
    state.index();
    state.begin();
    const contradicting = await dedupe(state);
    if (contradicting.length === 0) {
      state.commit();
      break;
    }
    // What they said is among the facts: all is derived anew without them. Only forged logs, and damaged ones, have any.
    state.empty();
    for (const name of contradicting) state.run('INSERT OR IGNORE INTO contradicting VALUES (?)', name);
    state.commit();
    toRead = plan.inputs;
  }
  await settleAll(state, signal, left =>
    screen.progress(`linking: ${left.toLocaleString('en-US')} credentials left`),
  );
}

/** Is more to be read than was? Then indexes are sooner made anew than kept. */
function isMuch(state: State, fresh: readonly Planned[]): boolean {
  const bytes = fresh.reduce((sum, { input }) => sum + input.size, 0);
  const read = state.get<{ bytes: number }>('SELECT coalesce(sum(size), 0) AS bytes FROM inputs')?.bytes ?? 0;
  return bytes > read / 4;
}

async function reportOf(
  state: State,
  began: number,
  unread: readonly RefusedInput[],
  options: TraceOptions,
): Promise<Traced> {
  const { out, people, screen } = options;
  const store = storeOf(state);
  screen.progress('writing the answers…');
  const report = new TraceReport(state, store);
  const told = toldIn(state);
  const refusals = [...unread.map(notRead), ...refusalsIn(state)];
  const summary = () =>
    summaryOf(countsOf(state, told), report.tally, {
      issuances: countIn(
        state,
        'SELECT count(DISTINCT eventID) AS count FROM records WHERE issues IS NOT NULL',
      ),
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
    ...(options.withSessions && { sessions: await seenSessions(state, store) }),
    refusals,
    problems: told.flatMap(({ problems }) => problems),
    notes: told.flatMap(({ notes }) => notes),
    denied: await Array.fromAsync(store.refused.newestFirst()),
    roles,
    otherAccounts: countIn(state, 'SELECT coalesce(sum(otherAccounts), 0) AS count FROM sources'),
    digests: countIn(state, "SELECT count(*) AS count FROM inputs WHERE kind = 'digest'"),
  };
}

async function seenSessions(state: State, store: Store): Promise<SeenSession[]> {
  const calls = new Map([...new CallsInTime(state, hiddenRows(state))].map(call => [call.eventID, call]));
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
  const written = countIn(state, 'SELECT count(*) AS count FROM records');
  return {
    ...{ files, records, kept, dropped: records - kept, rejected: kept - normalized },
    duplicates: normalized - written,
  };
}

function countIn(state: State, sql: string): number {
  return state.get<{ count: number }>(sql)?.count ?? 0;
}
