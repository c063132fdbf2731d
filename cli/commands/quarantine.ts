import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError, exitCode, UsageError } from '../failure.ts';
import { deadLettersOf, redriveDeadLetters } from '../quarantine/queues.ts';
import { redrive } from '../quarantine/redrive.ts';
import { sendAgain } from '../quarantine/send-again.ts';
import { timeIn } from '../queries/arguments.ts';
import { type Entry, entriesOf } from '../queries/quarantine-entries.ts';
import { statesOf } from '../queries/quarantine-states.ts';
import { clean } from '../views/text/clean.ts';
import { columns, day, plural, shorten } from '../views/text/format.ts';
import type { Listed } from '../views/text/listed.ts';
import { maskTokens, shownJson } from '../views/text/masked.ts';
import { type ListingOptions, list, withListing } from './listing.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

interface QuarantineOptions extends TargetOptions {
  error?: string;
  since?: string;
  all?: boolean;
  deadLetters?: boolean;
  json?: boolean;
}

const help = `
Examples:
  $ roletrail quarantine list --error TruncatedGzip --since 2025-03-11
  $ roletrail quarantine show 3fa81c20
  $ roletrail quarantine retry 3fa81c20            through the front door again; twice does no harm
  $ roletrail quarantine retry --all --error AccessDenied
  $ roletrail quarantine retry --dead-letters      back to the queues they came from
  $ roletrail quarantine retry EXECUTION           redrives one that timed out or was stopped

Exit status: 0 done, 1 no entry has that ID, 2 wrong usage, 3 something could not be sent again.`;

export function quarantineCommand(program: Command, run: Run) {
  const quarantine = program
    .command('quarantine')
    .description('what is in quarantine, why, and how to send it again')
    .addHelpText('after', help);
  const filtered = (command: Command) =>
    withTargetOptions(command)
      .option('--error <name>', 'only entries with this error name')
      .option('--since <time>', 'only entries that came at or after it', text => timeIn(text));
  const listing = withTargetOptions(quarantine.command('list'))
    .description('list the entries in quarantine, oldest first, and the dead letters')
    .option('--error <name>', 'only entries with this error name');
  withListing(listing, { times: 'entries that came', sorts: ['oldest', 'newest'] }).action(
    (options: QuarantineOptions & ListingOptions) => run(context => listEntries(options, context)),
  );
  withTargetOptions(quarantine.command('show'))
    .description('one entry: its reason, and its text')
    .argument('<id>', 'as list shows it, or a unique beginning')
    .option('--json', 'as JSON')
    .action((id: string, options: QuarantineOptions) => run(context => show(id, options, context)));
  filtered(quarantine.command('retry'))
    .description('send entries through the front door again')
    .argument('[id]', 'an entry, or an execution that timed out or was stopped')
    .option('--all', 'every entry that was not retried yet')
    .option('--dead-letters', 'move all dead letters back to their queues')
    .action((id: string | undefined, options: QuarantineOptions) =>
      run(context => retry(id, options, context)),
    );
}

async function listEntries(
  options: QuarantineOptions & ListingOptions,
  { screen }: Context,
): Promise<number> {
  const { listed, deadLetters } = await onTarget(options, async deployment => {
    // An entry that failed again may have another error than before, so states are derived from all entries.
    const { error: named, since, until = '~', sort } = options;
    const all = await entriesOf(deployment, since === undefined ? {} : { since });
    const states = await statesOf(deployment, all);
    const entries = all.filter(({ error, at }) => (!named || error === named) && at < until);
    const shown = entries.map(({ raw: _, batch: __, ...rest }) => ({ ...rest, state: states.get(rest.id) }));
    return {
      listed: sort === 'newest' ? shown.reverse() : shown,
      deadLetters: await deadLettersOf(deployment),
    };
  });
  if (options.json) {
    screen.line(shownJson({ entries: listed.slice(0, options.limit), deadLetters }, 2));
    const more = listed.length - (options.limit ?? listed.length);
    if (more > 0) screen.error(`and ${plural(more, 'entry', 'entries')} more: --limit N shows more`);
    return exitCode.done;
  }
  const waiting = deadLetters.filter(({ count }) => count > 0);
  await list(screen, listed, entryList, options, {
    notes: () =>
      waiting.map(
        ({ queue, count }) => `${plural(count, 'dead letter')} of the ${queue} queue: retry --dead-letters`,
      ),
  });
  return exitCode.done;
}

type ListedEntry = Omit<Entry, 'raw' | 'batch'> & { state: string | undefined };

const entryList: Listed<ListedEntry> = {
  noun: ['entry in quarantine', 'entries in quarantine'],
  columns: {
    id: ({ id }) => id,
    time: ({ at }) => at,
    state: ({ state }) => state,
    step: ({ step }) => step,
    error: ({ error }) => error,
    source: ({ source }) => source,
    record: ({ record }) => record,
    sender: ({ sender }) => sender,
    message: ({ message }) => message,
    execution: ({ execution }) => execution,
  },
  lines: entries =>
    columns(
      entries.map(({ id, at, state, step, error, record, source }) => {
        const subject = record === null ? source : `${source} record ${record}`;
        return [id, day(at), state ?? '', clean(step), clean(error), clean(subject)];
      }),
    ),
};

/** Characters of the refused text that are shown; `--json` has all. */
const mostShown = 4_000;

async function show(id: string, options: QuarantineOptions, { screen }: Context): Promise<number> {
  const { entry, state } = await onTarget(options, async deployment => {
    const entries = await entriesOf(deployment, {});
    const entry = oneOf(entries, id);
    return { entry, state: entry && (await statesOf(deployment, entries)).get(entry.id) };
  });
  if (!entry)
    throw new CliError(
      `no entry in quarantine has the ID ${clean(id)}: roletrail quarantine list shows them`,
    );
  if (options.json) screen.line(shownJson({ ...entry, state }, 2));
  else {
    const { record, raw } = entry;
    screen.line(`${screen.paint.bold(clean(entry.error))}: ${clean(entry.message)}`);
    screen.line(`  ${clean(entry.source)}${record === null ? '' : ` record ${record}`}`);
    if (entry.sender !== null) screen.line(`  sent by account ${clean(entry.sender)}`);
    screen.line(`  refused by ${clean(entry.step)} at ${day(entry.at)}, ${state}`);
    screen.line(`  execution ${clean(entry.execution)}, kept in ${clean(entry.key)}`);
    if (raw !== null) screen.line(`\n${clean(shorten(maskTokens(raw), mostShown))}`);
  }
  return exitCode.done;
}

async function retry(
  id: string | undefined,
  options: QuarantineOptions,
  { screen }: Context,
): Promise<number> {
  const { all, deadLetters } = options;
  if ([id !== undefined, all, deadLetters].filter(Boolean).length !== 1)
    throw new UsageError('retry takes exactly one of an ID, --all and --dead-letters');
  return onTarget(options, async deployment => {
    if (deadLetters) {
      const moved = await redriveDeadLetters(deployment);
      await deployment.settled?.();
      screen.line(
        moved === 0 ? 'no dead letters' : `${plural(moved, 'dead letter')} sent back to the queue of each`,
      );
      return exitCode.done;
    }
    const entries = await wantedOf(id, options, deployment);
    if (entries === null) {
      await redrive(id ?? '', deployment);
      await deployment.settled?.();
      screen.line('redriven');
      return exitCode.done;
    }
    const unsent = await sendAgain(entries, deployment);
    for (const entry of unsent) screen.error(`${entry.id} cannot be sent again: its content was not kept`);
    const sent = entries.filter(entry => !unsent.includes(entry));
    screen.line(`${plural(sent.length, 'entry', 'entries')} sent through the front door again`);
    if (sent.length > 0) await tellOutcome(sent, deployment, screen);
    return unsent.length > 0 ? exitCode.attention : exitCode.done;
  });
}

/** What became of what was sent: at once where the cloud ends with the command, else by asking again. */
async function tellOutcome(sent: readonly Entry[], deployment: Deployment, screen: Context['screen']) {
  if (!deployment.settled) return screen.error('roletrail quarantine list shows the outcome');
  await deployment.settled();
  const states = await statesOf(deployment, await entriesOf(deployment, {}));
  for (const state of ['resolved', 'retried', 'failed again'] as const) {
    const count = sent.filter(({ id }) => states.get(id) === state).length;
    if (count > 0) screen.line(`  ${count} ${state}`);
  }
}

/** The entries to retry; null when the id names no entry. */
async function wantedOf(id: string | undefined, options: QuarantineOptions, deployment: Deployment) {
  const entries = await entriesOf(deployment, id === undefined ? options : {});
  if (id !== undefined) {
    const one = oneOf(entries, id);
    return one && [one];
  }
  const states = await statesOf(deployment, entries);
  return entries.filter(entry => states.get(entry.id) === 'open');
}

function oneOf(entries: readonly Entry[], id: string): Entry | null {
  const [one, another] = entries.filter(entry => entry.id.startsWith(id));
  if (another) throw new UsageError(`several entries begin with ${clean(id)}: give more of the ID`);
  return one ?? null;
}
