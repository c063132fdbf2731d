import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Context, Run } from '../context.ts';
import { baseConfig } from '../deployment/base-config.ts';
import { awsDeployment, type Deployment } from '../deployment/deployment.ts';
import { clearState } from '../deployment/local-cloud.ts';
import { deployedList, readOutputsFile } from '../deployment/outputs.ts';
import { exitCode, UsageError } from '../failure.ts';
import type { People } from '../people/people.ts';
import { replayOnAws } from '../replay/aws.ts';
import { needsOf, replayConfig } from '../replay/config.ts';
import { digestLines } from '../replay/digests.ts';
import { findInputs, type Inputs, readKind } from '../replay/inputs.ts';
import { replayLocally } from '../replay/local.ts';
import { missingRoleLines, refusedLines } from '../replay/refused-lines.ts';
import { allProcessed, type Replayed } from '../replay/replayed.ts';
import { writeReport } from '../replay/report.ts';
import { summaryLines } from '../replay/summary-lines.ts';
import { alertLines } from '../views/terminal/alerts.ts';
import { deniedLines } from '../views/terminal/story.ts';
import { plural, shellWord } from '../views/text/format.ts';
import { portNumber } from './cloud.ts';
import { beside } from './console.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { type TargetOptions, withTargetOptions } from './target.ts';

export interface ReplayOptions extends TargetOptions, NamesOptions {
  roles: string[];
  accounts: string[];
  out?: string;
  fresh?: boolean;
  console?: boolean;
  port: number;
  digestKeys: string[];
}

/** Refused attempts that are shown one by one; a year of logs may hold thousands. */
const mostDenied = 20;

const examples = `
Examples:
  $ roletrail replay logs/                          every .json.gz and .json below logs/
  $ roletrail replay logs/ --roles '*' --out report  audit every temporary credential, write the report
  $ roletrail replay logs/ --console                watch it in a browser, and look around afterwards
  $ roletrail replay logs/ --roles DataAdmin --roles arn:aws:iam::999999999999:role/msp/Operations
  $ roletrail replay logs/ --target aws --outputs outputs.json   run it on the deployed stack

A PATH is a file or folder of CloudTrail log files (.json.gz, .json) and of messages: EventBridge events, SNS
envelopes, S3 and CloudTrail notifications. Roles: --roles, else those of roletrail.json here, else the samples'.
A record belongs to the account it names. With --accounts (or trailAccounts in roletrail.json), as on AWS, that must
be one of these or production, and that of its file; '*': any account, but that of its file. Others are quarantined.
With --target aws a log file must be below AWSLogs/, as CloudTrail named it; here it may have any name.
Digests (CloudTrail-Digest/...) are checked if --digest-keys names the output of "aws cloudtrail list-public-keys".
--out writes summary.json, calls.ndjson and sessions.ndjson. --names: for --console, and as a field of the lines.

Exit status: 0 everything was processed, 1 an unexpected error, 2 wrong usage, 3 something was quarantined or not delivered, or no
record shows a role that --roles names (the rest is reported), 130 stopped with Ctrl-C.`;

export function replayCommand(program: Command, run: Run) {
  withAskedNames(withTargetOptions(program.command('replay')))
    .description('replay log files and messages, and report who is behind each call')
    .argument('<path...>', 'files or folders')
    .addOption(
      new Option(
        '--roles <role>',
        "role ARN, whole role name or '*', in any case and without regard to the path; may be repeated",
      )
        .argParser(collectRoles)
        .default([], 'those of the configuration'),
    )
    .addOption(
      new Option('--accounts <account>', "account the log files are of, or '*'; may be repeated")
        .argParser((account: string, accounts: string[]) => [...accounts, account])
        .default([], 'whatever the records name'),
    )
    .option('--out <folder>', 'write the report here')
    .option(
      '--digest-keys <file>',
      'check the digests among the files with these public keys; may be repeated',
      (file: string, files: string[]) => [...files, file],
      [],
    )
    .option('--fresh', 'forget what was replayed into the state folder before')
    .option('--console', 'show it in a browser from the start, until Ctrl-C')
    .option('--port <n>', 'with --console; 0: any free port', portNumber, 0)
    .addHelpText('after', examples)
    .action((paths: string[], options: ReplayOptions) => run(context => replay(paths, options, context)));
}

function collectRoles(role: string, roles: string[]): string[] {
  if (role === '') throw new InvalidArgumentError('Expected the name or ARN of a role, or *.');
  return [...roles, role];
}

export async function replay(paths: string[], options: ReplayOptions, context: Context): Promise<number> {
  const people = await peopleOf(options, context.screen);
  const inputs = findInputs(paths);
  const { port } = options;
  const replayed: Work = (run, deployment) =>
    beside({ console: Boolean(options.console), port, people }, deployment, context, async () =>
      tell(await run(), options, people, context),
    );
  return options.target === 'aws'
    ? onAws(inputs, options, context, replayed)
    : locally(inputs, options, context, replayed);
}

/** What is done with a replay, while the deployment that it ran on is there. */
type Work = (run: () => Promise<Replayed>, deployment: Deployment) => Promise<number>;

async function tell(
  result: Replayed,
  options: ReplayOptions,
  people: People,
  context: Context,
): Promise<number> {
  const { screen } = context;
  const { paint } = screen;
  if (options.out) {
    await people.meet(result.answers.sessions.map(({ answer }) => answer));
    await writeReport(options.out, result.summary, result.answers, people);
  }
  for (const line of summaryLines(result.summary, paint)) screen.line(line);
  const { otherAccounts } = result.collected;
  if (otherAccounts > 0) {
    const named = plural(otherAccounts, 'kept record');
    screen.line(
      `${paint.yellow(named)} of another account than their file: accepted; --accounts rejects such records`,
    );
  }
  for (const line of digestLines(result.digests, paint)) screen.line(line);
  const denied = [...result.collected.denied.values()];
  if (denied.length > 0) {
    screen.line(`\n${plural(denied.length, 'refused attempt')} to assume an audited role:`);
    for (const line of deniedLines(denied, paint).slice(0, mostDenied)) screen.line(line);
    const rest = denied.length - mostDenied;
    if (rest > 0) screen.line(paint.dim(`  and ${plural(rest, 'more', 'more')}`));
  }
  if (result.alerts.length > 0) {
    screen.line(`\n${plural(result.alerts.length, 'credential')} in use that nothing explains, alerted:`);
    for (const line of alertLines(result.alerts, paint)) screen.line(line);
  }
  return finish(result, options, context);
}

/** Roles that were asked for and that no record shows; roles of a configuration are only reported. */
function missingRoles({ collected }: Replayed, { roles, target, outputs }: ReplayOptions) {
  if (roles.length > 0) return collected.roles.missing(roles);
  const configured =
    target === 'aws' ? deployedList(readOutputsFile(outputs), 'AuditedRoles') : baseConfig().auditedRoles;
  return collected.roles.missing(configured);
}

/** Prints what was refused and where to look closer. The exit status says whether all was processed. */
export function finish(result: Replayed, options: ReplayOptions, { screen }: Context): number {
  const { paint } = screen;
  const refused = refusedLines(result, paint);
  if (refused.length > 0) screen.line(`\n${paint.bold('Not processed')}`);
  for (const line of refused) screen.line(line);
  const missing = missingRoles(result, options);
  if (missing.length > 0) screen.line('');
  for (const line of missingRoleLines(missing, paint)) screen.line(line);
  if (options.out) screen.line(`\nreport in ${shellWord(options.out)}`);
  const allFound = options.roles.length === 0 || missing.length === 0;
  return allProcessed(result) && allFound ? exitCode.done : exitCode.attention;
}

async function locally(
  inputs: Inputs,
  options: ReplayOptions,
  { screen, signal }: Context,
  work: Work,
): Promise<number> {
  const config = replayConfig(
    baseConfig(),
    options.roles,
    needsOf(inputs.deliver.map(readKind)),
    options.accounts,
  );
  if (options.fresh) clearState(options.state);
  const { state, digestKeys } = options;
  return replayLocally(inputs, { config, state, screen, signal, digestKeys }, work);
}

async function onAws(
  inputs: Inputs,
  options: ReplayOptions,
  { screen, signal }: Context,
  work: Work,
): Promise<number> {
  if (options.fresh) throw new UsageError('--fresh deletes local state and cannot be used with --target aws');
  if (options.roles.length > 0) {
    throw new UsageError(
      '--roles cannot be used with --target aws: the deployed configuration names the audited roles',
    );
  }
  if (options.accounts.length > 0) {
    throw new UsageError(
      '--accounts cannot be used with --target aws: the deployed configuration names the accounts that the trail covers',
    );
  }
  if (options.digestKeys.length > 0) {
    throw new UsageError(
      '--digest-keys cannot be used with --target aws: roletrail verify reads the trail bucket',
    );
  }
  const deployment = awsDeployment(readOutputsFile(options.outputs));
  return work(() => replayOnAws(inputs, { deployment, screen, signal }), deployment);
}
