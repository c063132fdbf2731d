import { closeSync, openSync, writeSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { hourMillis, laterBy } from '../../core/records/times.ts';
import type { Context, Run } from '../context.ts';
import { ocsfEvent } from '../exports/ocsf/event.ts';
import { exportedRecords, type Span } from '../exports/ocsf/export.ts';
import { CliError, exitCode, UsageError } from '../failure.ts';
import { timeIn } from '../queries/arguments.ts';
import { endedNote, noSession } from '../queries/kept.ts';
import { lookUp } from '../queries/lookup.ts';
import { reported } from '../queries/reported-answers.ts';
import { sessionsOf } from '../queries/sessions.ts';
import type { Store } from '../queries/store.ts';
import { clean } from '../views/text/clean.ts';
import { plural } from '../views/text/format.ts';
import { shownJson } from '../views/text/masked.ts';
import { onStore, type TargetOptions, withStoreOptions } from './target.ts';

interface ExportOptions extends TargetOptions, Span {
  format: 'ocsf';
  out?: string;
}

const help = `
One OCSF 1.8.0 event a line: API Activity, Authentication, Account Change. The enrichments say who is behind it.
docs/ocsf.md has the mapping.

Examples:
  $ roletrail export ASIAEXAMPLEDBMAINT01.e6c245c3 --out session.ndjson
  $ roletrail export --since 2025-03-11 --until 2025-03-12 > day.ndjson      of all sessions`;

export function exportCommand(program: Command, run: Run) {
  withStoreOptions(program.command('export'))
    .description('the calls of sessions, with who is behind them, for other tools')
    .argument('[session]', 'name of a session, or a key; otherwise all')
    .addOption(new Option('--format <format>', 'of each line').choices(['ocsf']).default('ocsf'))
    .option('--since <time>', 'only calls at or after it: 2025-03-11 or 2025-03-11T09:00:00Z', timeIn)
    .option('--until <time>', 'only calls before it', timeIn)
    .option('--out <file>', 'instead of standard output')
    .addHelpText('after', help)
    .action((session: string | undefined, options: ExportOptions) =>
      run(context => exportEvents(session, options, context)),
    );
}

async function exportEvents(
  session: string | undefined,
  options: ExportOptions,
  { screen, signal }: Context,
): Promise<number> {
  const { since, until, out } = options;
  if (!session && !since) throw new UsageError('name a session, or give --since');
  if (since && until && since >= until) throw new UsageError('--until must be later than --since');
  const file = out === undefined ? null : open(out);
  let count = 0;
  const lacks = new Set<string>();
  let notKept = 0;
  try {
    await onStore(options, async store => {
      const sessions = await sessionsFor(session, options, store);
      const note = endedNote(store, since ?? sessions[0]?.began);
      if (note) lacks.add(note);
      const absent = () => {
        notKept += 1;
      };
      for await (const each of exportedRecords(sessions, store, options, absent)) {
        signal.throwIfAborted();
        const line = shownJson(ocsfEvent(each));
        if (file === null) screen.line(line);
        else writeSync(file, `${line}\n`);
        count += 1;
        if (file !== null && count % 500 === 0) screen.progress(`${plural(count, 'event')}…`);
      }
    });
  } finally {
    if (file !== null) closeSync(file);
  }
  screen.endProgress();
  if (out !== undefined) screen.line(`${plural(count, 'event')} in ${clean(out)}`);
  if (notKept > 0) lacks.add(`${plural(notKept, 'record')} that answers cite are not there`);
  for (const lack of lacks) screen.error(`not exported: ${lack}`);
  return notKept > 0 ? exitCode.attention : exitCode.done;
}

/** The longest life of a session, a federated user's: one that began this much earlier may still have called. */
const longestSession = 36 * hourMillis;

async function sessionsFor(
  session: string | undefined,
  { since }: Span,
  store: Store,
): Promise<SessionAnswer[]> {
  if (session) {
    const found = await lookUp(session, store);
    if (found?.kind !== 'credential' || found.sessions.length === 0)
      throw new CliError(noSession(session, store));
    return found.sessions;
  }
  const from = laterBy(-longestSession, since ?? '');
  return reported(await Array.fromAsync(sessionsOf({ since: from }, store)), store);
}

function open(out: string): number {
  try {
    return openSync(out, 'w');
  } catch (error) {
    throw new UsageError(`cannot write ${out}: ${(error as Error).message}`, error);
  }
}
