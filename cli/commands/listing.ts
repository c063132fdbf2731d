import { type Command, Option } from 'commander';
import { UsageError } from '../failure.ts';
import { countIn, timeIn } from '../queries/arguments.ts';
import { outOf } from '../views/text/list-out.ts';
import type { Listed } from '../views/text/listed.ts';
import type { Screen } from '../views/text/screen.ts';

/** The options that all lists have. Times ISO 8601. */
export interface ListingOptions {
  since?: string;
  until?: string;
  limit?: number;
  sort?: string;
  json?: boolean;
  csv?: boolean;
}

/** Lines shown where nobody says how many. */
export const mostListed = 100;
/** What is counted beyond those shown. */
const mostCounted = 10_000;

export function withListing(
  command: Command,
  {
    times = 'done',
    sorts,
    limit = mostListed,
  }: { times?: string | null; sorts?: readonly string[]; limit?: number } = {},
): Command {
  if (times !== null)
    command
      .option(
        '--since <time>',
        `${times} at or after it: 2025-03-11, 2025-03-11T09:00:00Z, 14:00, 2h, 3d`,
        text => timeIn(text),
      )
      .option('--until <time>', `${times} before it`, text => timeIn(text));
  command.option('--limit <n>', `so many: ${limit}; with --json and --csv all`, countIn);
  if (sorts)
    command.addOption(
      new Option('--sort <by>', `by ${sorts.join(', ')} (default: ${sorts[0]})`).choices([...sorts]),
    );
  return command
    .addOption(
      new Option('--json', 'as a JSON list; standard error says how many items it leaves out').conflicts(
        'csv',
      ),
    )
    .option('--csv', 'as CSV with a header; times are UTC');
}

/** Sorts the items as --sort says. Throws UsageError for an unknown order. */
export function sorted<T>(items: readonly T[], { sorts = {} }: Listed<T>, by: string | undefined): T[] {
  const [usual] = Object.keys(sorts);
  const order = sorts[by ?? usual ?? ''];
  if (by !== undefined && !order) throw new UsageError(`--sort takes ${Object.keys(sorts).join(', ')}`);
  return order ? [...items].sort(order) : [...items];
}

/** The two orders of a list that comes newest first. */
export const newestFirst = ['newest', 'oldest'];

/** Puts a list that is read newest first in the order of --sort. Throws UsageError for a list too long to reverse. */
export async function* inOrder<T>(list: AsyncIterable<T>, { sort }: ListingOptions): AsyncGenerator<T> {
  if (sort !== 'oldest') return yield* list;
  const items: T[] = [];
  for await (const item of list) {
    if (items.length === mostTurned)
      throw new UsageError(
        `--sort oldest takes at most ${mostTurned.toLocaleString('en-US')}: narrow it with --since and --until`,
      );
    items.push(item);
  }
  yield* items.reverse();
}

const mostTurned = 100_000;

/** What else is to be known of a list. */
interface Beside<T> {
  /** lines shown where nobody says how many */
  usual?: number;
  /** makes ready what is about to be shown */
  ready?: (part: T[]) => Promise<readonly T[]>;
  /** said beneath; `shown`: how many items are */
  notes?: (shown: number) => readonly (string | null)[];
}

/** Prints a list as it was asked for: JSON and CSV as they are read, lines at once; and how much is left out. */
export async function list<T>(
  screen: Screen,
  source: AsyncIterable<T> | Iterable<T>,
  listed: Listed<T>,
  options: ListingOptions,
  { usual = mostListed, ready = async part => part, notes = () => [] }: Beside<T> = {},
): Promise<void> {
  const { limit, json, csv } = options;
  const most = limit ?? (json || csv ? Number.POSITIVE_INFINITY : usual);
  const out = outOf(listed, screen, json ? 'json' : csv ? 'csv' : 'lines');
  let part: T[] = [];
  let shown = 0;
  let more = 0;
  const flush = async () => {
    if (part.length > 0) out.take(await ready(part));
    shown += part.length;
    part = [];
  };
  for await (const item of source) {
    if (shown + part.length < most) part.push(item);
    else more += 1;
    if (part.length === together) await flush();
    if (more === mostCounted) break;
  }
  await flush();
  const rest =
    more > 0
      ? `and ${more === mostCounted ? 'more than ' : ''}${more.toLocaleString('en-US')} more: --limit N shows more`
      : null;
  const said = out.end(shown, rest);
  for (const note of [...said, ...notes(shown)]) {
    if (note === null) continue;
    if (json || csv) screen.error(note);
    else screen.line(note);
  }
}

/** Items that are made ready, and written, at once. */
const together = 100;
