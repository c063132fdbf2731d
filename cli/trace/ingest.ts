import { AuditedRoles } from '../../core/identities/roles.ts';
import { TrailAccounts } from '../../core/reading/accounts.ts';
import { fetchedAhead } from '../inputs/ahead.ts';
import type { Input } from '../inputs/input.ts';
import { FrontDoor } from './door.ts';
import { nothingTold, type Told } from './inputs.ts';
import type { Plan, Planned } from './plan.ts';
import type { Job } from './reading/jobs.ts';
import { portable } from './reading/portable.ts';
import { readEvent } from './reading/read-events.ts';
import { Reading } from './reading/read-source.ts';
import { inTransaction } from './state/in-transaction.ts';
import type { State } from './state/state.ts';
import { Writer } from './state/writer.ts';
import { readInThreads } from './threads.ts';

/** Milliseconds of work that a power cut may cost. */
const commitEvery = 1000;
const showEvery = 200;

export interface Ingesting {
  state: State;
  plan: Plan;
  /** what of the plan is to be read */
  fresh: readonly Planned[];
  signal: AbortSignal;
  progress(read: { files: number; bytes: number; records: number }): void;
  /** about once in a second, while there is more to read */
  committed(): void;
}

/**
 * Reads files and writes what they come to into the state, some files in each transaction: what was written stays, whatever
 * ends the work. Throws the signal's reason.
 */
export async function ingest(work: Ingesting): Promise<void> {
  const { state, plan, fresh, signal, progress, committed: tellCommitted } = work;
  const except = state.all<{ name: string }>('SELECT name FROM contradicting').map(({ name }) => name);
  const at = new Date().toISOString();
  const writer = new Writer(state, { name: `trace-${at.replace(/\D/g, '').slice(0, 14)}`, at });
  await inTransaction(state, () => takeMessages(work, writer, new Set(except)));
  const logs = fresh.flatMap(({ input, kind, first }, index) =>
    kind.kind === 'log' ? [{ index, input, first, except }] : [],
  );
  const inputs = fetchedAhead(logs.map(({ input }) => input));
  const jobs = logs.map((log, at): Job => ({ ...log, input: crossing(inputs[at] ?? log.input) }));
  const readWith = {
    auditedRoles: plan.config.auditedRoles,
    trailAccounts: plan.accounts,
    bucket: plan.bucket,
    keys: fresh.some(({ input }) => input.export) ? plan.inputs.map(({ input }) => input.key) : [],
  };
  const read = { files: 0, bytes: 0 };
  let [committed, shown] = [Date.now(), 0];
  state.begin();
  try {
    const told: Told = { ...nothingTold, problems: [], notes: [] };
    const hashes = new Map<number, string | null>();
    for await (const said of readInThreads(jobs, readWith)) {
      for (const part of said.parts) {
        writer.part(part);
        hashes.set(part.source.input, part.source.bytesHash);
      }
      told.problems.push(...said.told.problems);
      told.notes.push(...said.told.notes);
      if (!said.ended) continue;
      for (const { index } of said.jobs) {
        const { input } = fresh[index] as Planned;
        writer.input(index, input, input.export ? 'export' : 'log', told, hashes.get(index) ?? null);
        read.files += 1;
        read.bytes += input.size;
      }
      told.problems = [];
      told.notes = [];
      hashes.clear();
      const now = Date.now();
      if (now - shown >= showEvery) progress({ ...read, records: writer.records });
      if (now - shown >= showEvery) shown = now;
      if (!signal.aborted && now - committed < commitEvery) continue;
      state.commit();
      signal.throwIfAborted();
      state.begin();
      committed = now;
      tellCommitted();
    }
    state.commit();
  } catch (error) {
    state.rollback();
    throw error;
  }
}

/** A file's own thread opens it; a member of an archive, and an object in S3, have what reads them. */
function crossing(input: Input): Job['input'] {
  return input.archive === undefined && !input.object ? portable(input) : input;
}

/** Messages and digests: few and small, and messages need the deployment's door. */
async function takeMessages(
  { plan, fresh }: Ingesting,
  writer: Writer,
  except: ReadonlySet<string>,
): Promise<void> {
  const { config, accounts } = plan;
  const reading = new Reading(new AuditedRoles(config.auditedRoles), new TrailAccounts(accounts));
  const door = new FrontDoor(config);
  for (const [index, { input, kind }] of fresh.entries()) {
    if (kind.kind === 'log') continue;
    if (kind.kind === 'digest') {
      writer.input(index, input, 'digest', nothingTold, null);
      continue;
    }
    const { events, ...told } = await door.arrive(input, kind);
    writer.input(index, input, events.length > 0 ? 'event' : 'message', { ...told, notes: [] }, null);
    for (const event of events) writer.part(readEvent(event, index, reading, except));
  }
}
