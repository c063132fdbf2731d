import { shortHash } from '../../core/hash.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { CliError, Interrupted } from '../failure.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Screen } from '../views/text/screen.ts';
import { dedupe } from './dedupe.ts';
import { ingest } from './ingest.ts';
import { whatIsNew } from './inputs.ts';
import { type Plan, type Planned, planOf } from './plan.ts';
import { TraceProgress } from './progress.ts';
import { settleAll } from './settle.ts';
import { SmallHeap } from './small-heap.ts';
import { State } from './state/state.ts';
import { type AskedOfTrace, type Traced, tracedOf } from './traced.ts';

export interface TraceOptions extends AskedOfTrace {
  roles: readonly string[];
  accounts: readonly string[];
  /** the file of the state; `named`: by its user, so that nothing in it is forgotten unasked */
  state: { file: string; named: boolean };
  fresh?: boolean | undefined;
  /** whose partners, accounts and bucket count; absent: roletrail.json of the folder */
  base?: RoletrailConfig;
  screen: Screen;
  signal: AbortSignal;
}

/**
 * Reads what is new of the inputs into the state, links it and writes the report. What was done is kept whatever ends it: the same
 * command goes on. Throws Interrupted, CliError.
 */
export async function trace(inputs: Inputs, options: TraceOptions): Promise<Traced> {
  const { state: where, screen, signal } = options;
  const began = Date.now();
  const plan = await planOf(inputs, options);
  const heap = new SmallHeap();
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
    await readAll(state, plan, fresh, { ...options, heap });
    screen.progress('writing the answers…');
    state.note('ended', 'yes');
    const traced = await tracedOf(state, began, inputs.refused, options);
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
    heap.release();
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
    state.note('folder', process.cwd());
    state.note('ended', 'no');
  });
}

async function readAll(
  state: State,
  plan: Plan,
  fresh: Planned[],
  { screen, signal, heap }: TraceOptions & { heap: SmallHeap },
): Promise<void> {
  // A trace that ends within a second keeps V8's usual heap, which is faster.
  const committed = () => heap.hold();
  for (let toRead = fresh; ; ) {
    const progress = new TraceProgress(toRead.map(({ input }) => input));
    const show = (read: Parameters<TraceProgress['text']>[0]) => screen.progress(progress.text(read));
    if (isMuch(state, toRead)) state.unindex();
    await ingest({ state, plan, fresh: toRead, signal, progress: show, committed });
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
