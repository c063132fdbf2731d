import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { timeIn, wholeNumber } from '../queries/arguments.ts';
import { endedNote } from '../queries/kept.ts';
import { pageOf } from '../queries/page.ts';
import { explained } from '../queries/refusals.ts';
import { deniedLines } from '../views/terminal/story.ts';
import { safeJson } from '../views/text/clean.ts';
import { plural } from '../views/text/format.ts';
import { onStore, type TargetOptions, withStoreOptions } from './target.ts';

interface RefusedOptions extends TargetOptions {
  since?: string;
  until?: string;
  limit: number;
  json?: boolean;
}

const help = `
Examples:
  $ roletrail refused
  $ roletrail refused --since 2025-03-11 --until 2025-03-12 --json

AWS logs an attempt from another account only in that account: it appears here only if that partner sends it.
For sources and records that could not be read, see roletrail quarantine list.`;

export function refusedCommand(program: Command, run: Run) {
  withStoreOptions(program.command('refused'))
    .description('list refused attempts to assume an audited role, the newest of them')
    .option('--since <time>', 'made at or after it: 2025-03-11 or 2025-03-11T09:00:00Z', timeIn)
    .option('--until <time>', 'made before it', timeIn)
    .option('--limit <n>', 'how many', wholeNumber, 50)
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action((options: RefusedOptions) => run(context => refused(options, context)));
}

async function refused(options: RefusedOptions, { screen }: Context): Promise<number> {
  const { since, until, limit } = options;
  const { items, next, note } = await onStore(options, async store => {
    const page = await pageOf(store.refused.newestFirst({ since, until }), limit);
    return { ...page, items: await explained(page.items, store), note: endedNote(store, since) };
  });
  if (options.json) screen.line(safeJson(items, 2));
  else {
    for (const line of deniedLines(items, screen.paint)) screen.line(line);
    const older = next ? `; there are older ones, see --limit` : '';
    screen.line(items.length === 0 ? 'no refused attempts' : `\n${plural(items.length, 'attempt')}${older}`);
    if ((items.length === 0 || since) && note) screen.line(note);
  }
  return exitCode.done;
}
