import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { endedNote } from '../queries/kept.ts';
import { explained } from '../queries/refusals.ts';
import { deniedList } from '../views/terminal/denied-list.ts';
import { inOrder, type ListingOptions, list, newestFirst, withListing } from './listing.ts';
import { onStore, type TargetOptions, withStoreOptions } from './target.ts';

interface RefusedOptions extends TargetOptions, ListingOptions {}

const usual = 50;

const help = `
Examples:
  $ roletrail refused
  $ roletrail refused --since 2025-03-11 --until 2025-03-12 --json

AWS logs an attempt from another account only in that account: it appears here only if that partner sends it.
For sources and records that could not be read, see roletrail quarantine list.`;

export function refusedCommand(program: Command, run: Run) {
  const command = withStoreOptions(program.command('refused')).description(
    'list refused attempts to assume an audited role, the newest of them',
  );
  withListing(command, { times: 'made', sorts: newestFirst, limit: usual })
    .addHelpText('after', help)
    .action((options: RefusedOptions) => run(context => refused(options, context)));
}

async function refused(options: RefusedOptions, { screen }: Context): Promise<number> {
  const { since, until } = options;
  await onStore(options, store =>
    list(
      screen,
      inOrder(store.refused.newestFirst({ since, until }), options),
      deniedList(screen.paint),
      options,
      {
        usual,
        ready: part => explained(part, store),
        notes: shown => [shown === 0 || since ? endedNote(store, since) : null],
      },
    ),
  );
  return exitCode.done;
}
