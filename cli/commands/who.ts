import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode } from '../failure.ts';
import { noNames, type People } from '../people/people.ts';
import { countIn } from '../queries/arguments.ts';
import { endedNote } from '../queries/kept.ts';
import { type Answered, lookUp } from '../queries/lookup.ts';
import { mostCandidates } from '../queries/lookup-names.ts';
import { callLines, evidenceLines } from '../views/terminal/answer.ts';
import { doingLines, eventDoingLines } from '../views/terminal/doings.ts';
import { candidateLines, elsewhereLines, elsewhereSessions } from '../views/terminal/elsewhere.ts';
import { namedLines, sessionLines } from '../views/terminal/named.ts';
import { clean } from '../views/text/clean.ts';
import { day } from '../views/text/format.ts';
import { shownJson } from '../views/text/masked.ts';
import type { Paint } from '../views/text/paint.ts';
import { auditedNote } from './audited-note.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { onStore, type TargetOptions, withStoreOptions } from './target.ts';

interface WhoOptions extends TargetOptions, NamesOptions {
  json?: boolean;
  full?: boolean;
  limit?: number;
}

const help = `
Examples:
  $ roletrail who 099ff820-00f2-4500-94fc-2b9da26d576f          an event: its session, hop by hop, and its evidence
  $ roletrail who ASIAJJQOJ64OAM7C65AA                          a temporary key: its sessions and latest calls
  $ roletrail who arn:aws:iam::111111111111:user/jsmith         a principal: its sessions
  $ roletrail who jsmith                                        a name or mail, in any case: everybody who has it
  $ roletrail who arn:aws:sts::999999999999:assumed-role/DataAdmin/db-maintenance     a session, as calls show it
  $ roletrail who ec2.amazonaws.com
  $ roletrail who ASIAJJQOJ64OAM7C65AA --names users.json       users of Identity Center by name

  $ roletrail who my-bucket                                     what calls touched, by name or ARN, and who did it
  $ roletrail who 203.0.113.77                                  an address, and who called from there
  $ roletrail who 111111111111                                  an account: its people and its roles
  $ roletrail who 099ff820                                      the beginning of an eventID, a key or a session
  $ roletrail who latest                                        the session of the newest call

Also: a principal id (AIDA..., AROA...:session, AROA...), a role's name or ARN, a session's name here or its role session name,
a source identity, a sign-in session's ARN, the id of a user of Identity Center or the name that --names has for it, the subject of
a SAML or OIDC token, an instance. In any case. It shows the newest twenty, and how many more there are. A role
session name is the caller's choice: it finds the session, but identifies no one.
Exit status: 0 found, 1 nothing is known of it, 2 several ids begin so.`;

export function whoCommand(program: Command, run: Run) {
  withAskedNames(withStoreOptions(program.command('who')))
    .description('explain who is behind an event, a key or a session, with the evidence')
    .argument(
      '<subject>',
      'an eventID, key, session, person, role, resource, address or account; the beginning of an id; latest',
    )
    .option('--full', 'whole records, and every session explained')
    .option('--limit <n>', 'most sessions to show for one name (default: 20)', countIn)
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action((subject: string, options: WhoOptions) => run(context => who(subject, options, context)));
}

async function who(subject: string, options: WhoOptions, { screen }: Context): Promise<number> {
  const people = await peopleOf(options, screen);
  const { limit = mostCandidates } = options;
  const [found, ...notes] = await onStore(
    options,
    async store =>
      [await lookUp(subject, store, { people, limit }), auditedNote(store), endedNote(store)] as const,
  );
  await people.meet(found?.sessions ?? []);
  if (options.json) screen.line(shownJson(found && withPeople(found, people), 2));
  else if (!found) {
    screen.error(`nothing is known of ${clean(subject)}`);
    screen.error('give a whole name or ARN, or at least four characters of the beginning of a key or an ID');
    for (const note of notes) if (note) screen.error(note);
  } else {
    for (const line of foundLines(found, screen.paint, Boolean(options.full), people)) screen.line(line);
    screen.line(`\n${screen.paint.dim('times are UTC')}`);
  }
  if (found?.kind === 'several') return exitCode.usage;
  return found ? exitCode.done : exitCode.failed;
}

function withPeople(found: Answered, people: People) {
  return { ...found, sessions: found.sessions.map(answer => people.beside(answer)) };
}

export function foundLines(found: Answered, paint: Paint, full: boolean, people: People = noNames): string[] {
  const { subject, sessions } = found;
  const lines = [paint.bold(clean(subject)), ...(found.kind === 'event' ? eventLines(found, paint) : [])];
  if (found.kind === 'several')
    return [...lines, '  several ids begin so: give more of one', ...candidateLines(found, paint)];
  if (found.kind === 'elsewhere')
    return [
      ...[...lines, ...elsewhereLines(subject, found.elsewhere, paint)],
      ...elsewhereSessions({ sessions, more: found.more }, paint, people),
    ];
  if (found.kind === 'name') {
    const other = found.elsewhere ? elsewhereLines(subject, found.elsewhere, paint) : [];
    return [
      ...lines,
      ...namedLines(found, { paint, full, people }),
      ...(other.length > 0 ? ['', ...other] : []),
    ];
  }
  lines.push(...sessionLines(sessions, found.proofs, { paint, full, people }));
  if (found.kind === 'credential' && found.calls.length > 0) {
    lines.push(...doingLines(found.doings, paint));
    lines.push('', '  latest calls', ...callLines(found.calls, sessions, paint));
  }
  if (found.kind === 'credential' && found.lack) lines.push('', `  ${paint.yellow(found.lack)}`);
  if (found.kind === 'event') lines.push('', ...evidenceLines(found.evidence, paint, full));
  return lines;
}

function eventLines(found: Answered & { kind: 'event' }, paint: Paint): string[] {
  const { call, issued, denied, eventName, eventTime, errorCode } = found;
  const lines = [
    `  ${clean(eventName)} ${day(eventTime)}`,
    ...eventDoingLines(found.doing, errorCode, paint),
  ];
  if (call?.session) lines.push(`  a call of the session ${paint.bold(clean(call.session))}`);
  if (call && call.status !== 'linked')
    lines.push(`  ${paint.yellow(`${call.status}: ${clean(call.reason ?? 'no reason')}`)}`);
  for (const session of issued)
    lines.push(`  it issued the credential of the session ${paint.bold(clean(session))}`);
  if (denied) lines.push(`  a refused attempt to assume ${paint.bold(clean(denied))}`);
  if (!call && issued.length === 0 && !denied)
    lines.push(`  ${found.lack ?? 'no session of an audited role depends on it'}`);
  return lines;
}
