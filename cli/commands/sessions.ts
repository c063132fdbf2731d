import type { Command } from 'commander';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import type { Context, Run } from '../context.ts';
import { exitCode, UsageError } from '../failure.ts';
import type { People } from '../people/people.ts';
import { countIn, timeIn } from '../queries/arguments.ts';
import { type AskedWith, askedWith } from '../queries/asked-with.ts';
import { endedNote } from '../queries/kept.ts';
import { reported } from '../queries/lookup.ts';
import { sessionsOf } from '../queries/sessions.ts';
import { standingOf } from '../queries/standing.ts';
import type { Store } from '../queries/store.ts';
import { headline } from '../views/terminal/story.ts';
import { clean, safeJson } from '../views/text/clean.ts';
import { day, plural } from '../views/text/format.ts';
import type { Screen } from '../views/text/screen.ts';
import { auditedNote } from './audited-note.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { onStore, type TargetOptions, withStoreOptions } from './target.ts';

interface SessionsOptions extends TargetOptions, NamesOptions, AskedWith {
  unlinked?: boolean;
  alerted?: boolean;
  role?: string;
  since?: string;
  origin?: string;
  limit?: number;
  json?: boolean;
}

const help = `
Examples:
  $ roletrail sessions                                  all sessions of the state, the first hundred
  $ roletrail sessions --since 2025-03-11 --limit 500
  $ roletrail sessions --unlinked --since 2025-03-11    no known origin, or several possible ones
  $ roletrail sessions --alerted                        sessions with an open alert, newest first
  $ roletrail sessions --role CrossAccountTest          of every role with that name, whatever its account, path and case
  $ roletrail sessions --origin arn:aws:iam::111111111111:user/jsmith
  $ roletrail sessions --role Partner --external-id vendor-7
  $ roletrail sessions --since 2025-03-11 --session-policy    which were narrowed by a session policy

Times are UTC. Give at most one of --unlinked, --alerted, --role and --origin; each is one query, whatever the history; without them it is one for each
day. --role takes an ARN (also a session's), a name with a path or without, or a unique id (AROA...). --json lists all, or --limit.
Refused attempts begin no session: see roletrail refused. --session-policy reads one record for each session.`;

export function sessionsCommand(program: Command, run: Run) {
  withAskedNames(withStoreOptions(program.command('sessions')))
    .description('list sessions, oldest first')
    .option('--unlinked', 'sessions without a known origin, or with several possible ones')
    .option('--alerted', 'sessions with an open alert: in use, and nothing explains them')
    .option('--role <role>', "a role's ARN, name or id")
    .option('--origin <principal>', 'sessions of this principal: ARN, ID, name or mail, service name')
    .option(
      '--since <time>',
      'sessions that began at or after it: 2025-03-11 or 2025-03-11T09:00:00Z',
      timeIn,
    )
    .option('--limit <n>', 'so many: 100', countIn)
    .option('--external-id <id>', 'sessions with a hop that was asked for with this external id')
    .option(
      '--session-policy [policy]',
      'sessions that were asked for with this session policy, by ARN or name; with any, where none is named',
    )
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action((options: SessionsOptions) => run(context => sessions(options, context)));
}

async function sessions(options: SessionsOptions, { screen }: Context): Promise<number> {
  const { unlinked, alerted, role, origin } = options;
  if ([unlinked, alerted, role, origin].filter(each => each !== undefined).length > 1) {
    throw new UsageError('--unlinked, --alerted, --role and --origin cannot be combined');
  }
  const people = await peopleOf(options, screen);
  await onStore(options, async store => {
    const found = alerted ? alertedSessions(store, options.since) : wanted(options, store);
    const list = askedWith(found, options, store);
    if (options.json) await asJson(list, { store, people, screen, limit: options.limit });
    else {
      const { since, limit = mostListed } = options;
      const count = await asLines(list, { store, people, screen, limit });
      const notes = count > 0 ? [since && endedNote(store, since)] : [auditedNote(store), endedNote(store)];
      for (const note of notes) if (note) screen.line(note);
    }
  });
  return exitCode.done;
}

interface Listing<Limit> {
  store: Store;
  people: People;
  screen: Screen;
  limit: Limit;
}

/** Lines shown where nobody says how many. */
const mostListed = 100;
/** Sessions that are counted beyond those shown: each is read. */
const mostCounted = 10_000;
const readTogether = 100;

async function asLines(
  list: AsyncGenerator<SessionAnswer>,
  { store, people, screen, limit }: Listing<number>,
): Promise<number> {
  const shown: SessionAnswer[] = [];
  let count = 0;
  for await (const answer of list) {
    count += 1;
    if (count <= limit) shown.push(answer);
    if (count === limit + mostCounted) break;
  }
  const answers = await reported(shown, store);
  await people.meet(answers);
  for (const answer of answers) {
    screen.line(
      `${headline(answer, screen.paint, people)}  ${day(answer.began)}  ${screen.paint.dim(clean(answer.session))}`,
    );
    if (answer.status !== 'linked') screen.line(`      ${screen.paint.yellow(clean(answer.reason ?? ''))}`);
  }
  screen.line(footer(answers.length, count, limit));
  return count;
}

function footer(shown: number, count: number, limit: number): string {
  if (count === 0) return 'no sessions';
  if (shown === count) return `\n${plural(count, 'session')}; roletrail who SESSION explains one`;
  const all = `${count === limit + mostCounted ? 'more than ' : ''}${plural(count, 'session')}`;
  return `\n${shown.toLocaleString('en-US')} of ${all}: --limit N shows more, --since TIME continues from the start of one`;
}

/** A list of all, written as it is read. */
async function asJson(
  list: AsyncGenerator<SessionAnswer>,
  { store, people, screen, limit = Number.POSITIVE_INFINITY }: Listing<number | undefined>,
): Promise<void> {
  let before = '[';
  let count = 0;
  let part: SessionAnswer[] = [];
  const flush = async () => {
    const answers = await reported(part, store);
    await people.meet(answers);
    for (const answer of answers) {
      screen.line(before);
      before = `${indented(safeJson(people.beside(answer), 2))},`;
    }
    part = [];
  };
  for await (const answer of list) {
    count += 1;
    part.push(answer);
    if (part.length === readTogether || count === limit) await flush();
    if (count === limit) break;
  }
  await flush();
  screen.line(before === '[' ? '[]' : `${before.replace(/,$/, '')}\n]`);
}

function indented(json: string): string {
  return json.replace(/^/gm, '  ');
}

function wanted({ unlinked, role, origin, since }: SessionsOptions, store: Store) {
  const open = unlinked ? (['unlinked', 'ambiguous'] as const) : undefined;
  return sessionsOf({ open, role, origin, since }, store);
}

async function* alertedSessions(store: Store, since: string | undefined): AsyncGenerator<SessionAnswer> {
  const { alerts } = await standingOf(store, { since }, Number.POSITIVE_INFINITY);
  for (const { answer } of alerts) yield answer;
}
