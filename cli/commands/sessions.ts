import type { Command } from 'commander';
import type { SessionAnswer } from '../../steps/linking/session-answer.ts';
import type { Context, Run } from '../context.ts';
import type { Deployment } from '../deployment.ts';
import { exitCode, UsageError } from '../failure.ts';
import { told } from '../lookup.ts';
import { all, inTime, ofAuditedRoles, roleArnOf } from '../queries/sessions.ts';
import { timeIn } from '../queries/time.ts';
import { headline } from '../show/story.ts';
import { standingOf } from '../standing.ts';
import { clean, safeJson } from '../text/clean.ts';
import { day, plural } from '../text/format.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { onTarget, type TargetOptions, withTargetOptions } from './target.ts';

interface SessionsOptions extends TargetOptions, NamesOptions {
  unlinked?: boolean;
  alerted?: boolean;
  role?: string;
  since?: string;
  origin?: string;
  json?: boolean;
}

const help = `
Examples:
  $ roletrail sessions                                  of every audited role of roletrail.json (else the samples')
  $ roletrail sessions --unlinked --since 2025-03-11    nobody known behind them, or one of several
  $ roletrail sessions --alerted                        those of them the watch has told of, newest first
  $ roletrail sessions --role CrossAccountTest          a name stands for the role of the configured account
  $ roletrail sessions --origin arn:aws:iam::111111111111:user/jsmith

Times are UTC. One of --unlinked, --alerted, --role, --origin; each is one query, whatever the history.
Attempts that were refused began no session: roletrail refused.`;

export function sessionsCommand(program: Command, run: Run) {
  withAskedNames(withTargetOptions(program.command('sessions')))
    .description('list sessions, oldest first')
    .option('--unlinked', 'those that nobody is known behind')
    .option('--alerted', 'those whose alert stands: in use, and nothing explains them')
    .option('--role <role>', "a role's ARN or name")
    .option('--origin <principal>', 'those that this principal is behind: ARN, principal id or service name')
    .option('--since <time>', 'those that began at or after it: 2025-03-11 or 2025-03-11T09:00:00Z', timeIn)
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action((options: SessionsOptions) => run(context => sessions(options, context)));
}

async function sessions(options: SessionsOptions, { screen }: Context): Promise<number> {
  const { unlinked, alerted, role, origin } = options;
  if ([unlinked, alerted, role, origin].filter(Boolean).length > 1) {
    throw new UsageError('--unlinked, --alerted, --role and --origin do not go together');
  }
  const people = await peopleOf(options, screen);
  const found = await onTarget(options, deployment => find(options, deployment));
  await people.meet(found);
  if (options.json)
    screen.line(
      safeJson(
        found.map(answer => people.beside(answer)),
        2,
      ),
    );
  else {
    for (const answer of found) {
      screen.line(
        `${headline(answer, screen.paint, people)}  ${day(answer.began)}  ${screen.paint.dim(clean(answer.session))}`,
      );
      if (answer.status !== 'linked') screen.line(`      ${screen.paint.yellow(clean(answer.reason ?? ''))}`);
    }
    screen.line(
      found.length === 0
        ? 'no sessions'
        : `\n${plural(found.length, 'session')}; roletrail who SESSION explains one`,
    );
  }
  return exitCode.done;
}

async function find(options: SessionsOptions, deployment: Deployment): Promise<SessionAnswer[]> {
  const { since } = options;
  const table = deployment.sessions;
  if (options.unlinked) {
    const open = inTime([
      ...(await all(table.open('unlinked', since))),
      ...(await all(table.open('ambiguous', since))),
    ]);
    return told(open, deployment);
  }
  if (options.alerted) return alerted(deployment, since);
  if (options.origin) return all(table.byOrigin(options.origin, since));
  if (options.role) return all(table.byRole(roleArnOf(options.role, deployment), since));
  return ofAuditedRoles(table, deployment, since);
}

async function alerted(deployment: Deployment, since: string | undefined): Promise<SessionAnswer[]> {
  const { alerts } = await standingOf(deployment, { since }, Number.POSITIVE_INFINITY);
  return alerts.map(({ answer }) => answer);
}
