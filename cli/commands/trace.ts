import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Context, Run } from '../context.ts';
import { exitCode, Interrupted } from '../failure.ts';
import { type Inputs, lookInto } from '../inputs/inputs.ts';
import { otherLines, someAmiss } from '../inputs/others.ts';
import { auditedLine } from '../replay/audited.ts';
import { everyCredential } from '../replay/config.ts';
import { nearestRoles } from '../replay/nearest-roles.ts';
import { missingRoleLines, noteLines, problemLines, refusalLine } from '../replay/refused-lines.ts';
import { seeRolesIn } from '../replay/roles-in-files.ts';
import { otherAccountsLine, summaryLines } from '../replay/summary-lines.ts';
import { checkReportFolder } from '../report/report.ts';
import { knownObjects } from '../trace/known-objects.ts';
import { stateName } from '../trace/state/traced.ts';
import { trace } from '../trace/trace.ts';
import type { Traced } from '../trace/traced.ts';
import { walkAll } from '../trace/walk-all.ts';
import { deniedLines } from '../views/terminal/story.ts';
import { plural, shellWord } from '../views/text/format.ts';
import { withLogOptions } from './log-options.ts';
import { type NamesOptions, peopleOf, withNames } from './names.ts';

export interface TraceOptions extends NamesOptions {
  roles: string[];
  accounts: string[];
  out?: string;
  state?: string;
  fresh?: boolean;
}

/** The default state of a trace: a file next to the state of a replay. */
export const tracedState = join('.roletrail', stateName);

const help = `
Examples:
  $ roletrail trace logs/                            every temporary credential in the logs below logs/
  $ roletrail trace logs/ --roles DataAdmin --out report
  $ roletrail who 099ff820-00f2-4500-94fc-2b9da26d576f           asks what was traced last
  $ roletrail trace logs/ --state case-17.sqlite
  $ roletrail sessions --unlinked --state case-17.sqlite
  $ roletrail trace s3://trail-bucket/AWSLogs/111122223333/CloudTrail/eu-west-1/2025/06/

Reads the files where they are, in threads, without AWS and without the embedded cloud: the report is that of roletrail replay.
A PATH is what replay takes, or s3://BUCKET/PREFIX. Objects are streamed, and no copy is written to disk; credentials and Region are
those of every AWS SDK (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_S3), with s3:ListBucket and s3:GetObject.
The state is one file with references into the log files: keep them where they are. Run again over a folder that has grown, it reads
what is new; stopped with Ctrl-C, it goes on where it stopped.
It runs no state machine and no watch, and checks no digests: roletrail replay and roletrail verify do.

Exit status: 0 everything was read, 1 an unexpected error, 2 wrong usage, 3 something was refused or could not be read, or no
record shows a role that --roles names (the rest is reported), 130 stopped with Ctrl-C.`;

export function traceCommand(program: Command, run: Run) {
  withNames(withLogOptions(program.command('trace')))
    .description('read log files as they lie there, and report who is behind each call')
    .option('--out <folder>', 'write the report here')
    .addOption(new Option('--state <file>', `file for the state (default: ${tracedState})`))
    .option('--fresh', 'forget what was traced into the state before')
    .addHelpText('after', help)
    .action((paths: string[], options: TraceOptions) => run(context => traced(paths, options, context)));
}

async function traced(paths: string[], options: TraceOptions, context: Context): Promise<number> {
  const { screen, signal } = context;
  const { out, accounts, fresh, state } = options;
  const people = await peopleOf(options, screen);
  if (out !== undefined) checkReportFolder(out);
  const stopped = (error: unknown) => {
    throw signal.aborted ? new Interrupted('stopped; nothing was read yet') : error;
  };
  const walked = await walkAll(paths, signal).catch(stopped);
  const byHand = options.roles.length > 0;
  const roles = byHand ? options.roles : everyCredential;
  screen.line(auditedLine(roles, byHand ? 'asked' : 'default'));
  screen.progress('looking into the files…');
  const where = { file: state ?? tracedState, named: state !== undefined };
  const known = fresh ? undefined : knownObjects(where.file);
  const inputs = await lookInto(walked, signal, known).catch(stopped);
  const result = await trace(inputs, { roles, accounts, state: where, fresh, out, people, screen, signal });
  return tell(result, { inputs, roles, byHand, out }, context);
}

interface Told {
  inputs: Inputs;
  roles: readonly string[];
  byHand: boolean;
  out: string | undefined;
}

/** Refusals, and refused attempts, that are shown one by one. */
const mostShown = 20;

async function tell(result: Traced, { inputs, roles, byHand, out }: Told, { screen, signal }: Context) {
  const { paint } = screen;
  const { denied, refusals, problems, notes, digests } = result;
  for (const line of summaryLines(result.summary, paint)) screen.line(line);
  for (const line of otherAccountsLine(result.otherAccounts, paint)) screen.line(line);
  if (digests > 0) screen.line(`${plural(digests, 'digest')} not checked: roletrail verify PATH checks them`);
  if (denied.count > 0)
    screen.line(`\n${plural(denied.count, 'attempt')} to assume an audited role refused:`);
  for (const line of few(deniedLines(denied.earliest, paint), mostShown, denied.count)) screen.line(line);
  const refused = [
    ...few(
      refusals.map(refusal => refusalLine(refusal, paint)),
      mostShown,
    ),
    ...problemLines(problems, paint),
    ...noteLines(notes),
    ...otherLines(inputs.others, paint),
  ];
  if (refused.length > 0) screen.line(`\n${paint.bold('Not processed')}`);
  for (const line of refused) screen.line(line);
  const missing = result.roles.missing(roles);
  if (missing.length > 0) {
    await seeRolesIn(inputs.deliver, result.roles, signal);
    screen.line('');
  }
  const near = missing.map(role => ({ role, nearest: nearestRoles(role, result.roles) }));
  for (const line of missingRoleLines(near, paint)) screen.line(line);
  if (out !== undefined) screen.line(`\nreport in ${shellWord(out)}`);
  const whole = refusals.length === 0 && problems.length === 0 && !someAmiss(inputs.others);
  return whole && (!byHand || missing.length === 0) ? exitCode.done : exitCode.attention;
}

/** `of`: how many there are, where not all have a line. */
function few(lines: readonly string[], most: number, of = lines.length): string[] {
  const rest = of - most;
  return rest > 0 ? [...lines.slice(0, most), `  and ${plural(rest, 'more', 'more')}`] : [...lines];
}
