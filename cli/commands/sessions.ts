import type { Command } from 'commander';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import type { Context, Run } from '../context.ts';
import { exitCode, UsageError } from '../failure.ts';
import { activeSessions } from '../queries/active-sessions.ts';
import { activityOf } from '../queries/activity.ts';
import { type AskedWith, askedWith } from '../queries/asked-with.ts';
import { endedNote } from '../queries/kept.ts';
import { reported } from '../queries/reported-answers.ts';
import { standingOf } from '../queries/standing.ts';
import type { Store } from '../queries/store.ts';
import { sessionList } from '../views/terminal/session-list.ts';
import { auditedNote } from './audited-note.ts';
import { type ListingOptions, list, withListing } from './listing.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { isDeployment, onStore, type TargetOptions, withStoreOptions } from './target.ts';

interface SessionsOptions extends TargetOptions, NamesOptions, ListingOptions, AskedWith {
  unlinked?: boolean;
  alerted?: boolean;
  role?: string;
  origin?: string;
}

const help = `
Examples:
  $ roletrail sessions                                  all sessions of the state, the first hundred
  $ roletrail sessions --sort newest --limit 500
  $ roletrail sessions --since 2h                       that made a call, or began, in the last two hours
  $ roletrail sessions --unlinked --since 2025-03-11    no known origin, or several possible ones
  $ roletrail sessions --alerted                        sessions with an open alert, newest first
  $ roletrail sessions --role CrossAccountTest          of every role with that name, whatever its account, path and case
  $ roletrail sessions --origin arn:aws:iam::111111111111:user/jsmith
  $ roletrail sessions --role Partner --external-id vendor-7
  $ roletrail sessions --since 2025-03-11 --session-policy    which were narrowed by a session policy

Times are UTC. Give at most one of --unlinked, --alerted, --role and --origin. --role takes an ARN (also a session's), a name with a
path or without, or a unique id (AROA...). Refused attempts begin no session: see roletrail refused. --session-policy reads one record
for each session.`;

export function sessionsCommand(program: Command, run: Run) {
  const command = withAskedNames(withStoreOptions(program.command('sessions')))
    .description('list sessions, oldest first')
    .option('--unlinked', 'sessions without a known origin, or with several possible ones')
    .option('--alerted', 'sessions with an open alert: in use, and nothing explains them')
    .option('--role <role>', "a role's ARN, name or id")
    .option('--origin <principal>', 'sessions of this principal: ARN, ID, name or mail, service name')
    .option('--external-id <id>', 'sessions with a hop that was asked for with this external id')
    .option(
      '--session-policy [policy]',
      'sessions that were asked for with this session policy, by ARN or name; with any, where none is named',
    );
  withListing(command, { times: 'sessions that made a call or began', sorts: ['oldest', 'newest'] })
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
    if (alerted && !isDeployment(store))
      throw new UsageError('--alerted: a trace raises no alerts; --unlinked lists what nothing explains');
    const { answers, from } = alerted
      ? { answers: alertedSessions(store, options), from: () => null }
      : activeSessions({ ...options, open: unlinked ? ['unlinked', 'ambiguous'] : undefined }, store);
    await list(screen, askedWith(answers, options, store), sessionList(people, screen.paint), options, {
      ready: async part => {
        const shown = await reported(part, store);
        await people.meet(shown);
        return shown;
      },
      notes: shown => [
        fromNote(from()),
        shown === 0 ? auditedNote(store) : null,
        shown === 0 || options.since ? endedNote(store, options.since) : null,
      ],
    });
  });
  return exitCode.done;
}

/** Beneath a list that does not reach back to the beginning of what was asked for. */
export function fromNote(from: string | null): string | null {
  return (
    from &&
    `nothing before ${from} was looked at: there is too much of it for one list; --until ${from} goes on`
  );
}

async function* alertedSessions(
  store: Store,
  { since, until }: ListingOptions,
): AsyncGenerator<SessionAnswer> {
  const { alerts } = await standingOf(store, {}, Number.POSITIVE_INFINITY);
  const isAll = since === undefined && until === undefined;
  const active = isAll ? null : await activityOf(store, { since, until });
  const names = active && new Set(active.sessions.map(({ answer }) => answer.session));
  for (const { answer } of alerts) if (!names || names.has(answer.session)) yield answer;
}
