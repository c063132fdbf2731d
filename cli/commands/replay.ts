import type { Command } from 'commander';
import type { Context, Run } from '../context.ts';
import { baseConfig } from '../deployment/base-config.ts';
import { awsDeployment, type Deployment } from '../deployment/deployment.ts';
import { deployedList, readOutputsFile } from '../deployment/outputs.ts';
import { UsageError } from '../failure.ts';
import { type Inputs, lookInto, walkPaths } from '../inputs/inputs.ts';
import { portNumber } from '../queries/arguments.ts';
import { auditedLine } from '../replay/audited.ts';
import { replayOnAws } from '../replay/aws.ts';
import { everyCredential, type Needs, needsOf, needsOfInputs, replayConfig } from '../replay/config.ts';
import { replayLocally } from '../replay/local.ts';
import type { Replayed } from '../replay/replayed.ts';
import { checkReportFolder } from '../report/report.ts';
import { beside } from './console.ts';
import { withLogOptions } from './log-options.ts';
import { type NamesOptions, peopleOf, withAskedNames } from './names.ts';
import { type Asked, tell } from './replay-summary.ts';
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

const examples = `
Examples:
  $ roletrail replay logs/                           every temporary credential in the logs below logs/
  $ roletrail replay logs/ --out report              write the report, too
  $ roletrail replay logs/ --console                watch it in a browser, and look around afterwards
  $ roletrail replay logs/ --roles DataAdmin --roles arn:aws:iam::999999999999:role/msp/Operations
  $ roletrail replay logs/ --roles 'AWSReservedSSO_Admin_*'   the roles of a permission set, in all accounts
  $ roletrail replay logs/ --target aws --outputs outputs.json   run it on the deployed stack

A PATH is a file, a folder or an archive (tar, zip, gzip, zstd) of CloudTrail log files, of messages (EventBridge events, SNS
envelopes, S3 and CloudTrail notifications, dumps of SQS and Lambda events), and of exports: lookup-events, CloudTrail Lake,
Athena and CSV results that hold whole events, CloudWatch Logs, records one per line or in a list. The
content of a file decides what it is; other files are counted by kind. Without --roles every temporary credential is
audited; with --target aws, the stack's roles. If the logs hold no record of a role in --roles, the replay names it and the
nearest roles they do hold.
A record belongs to the account it names. With --accounts (or trailAccounts in roletrail.json), as on AWS, that must
be one of these or production, and that of its file; '*': any account, but that of its file. Others are quarantined.
With --target aws a log file must be below AWSLogs/, as CloudTrail named it; here it may have any name.
Digests (CloudTrail-Digest/...) are checked if --digest-keys names the output of "aws cloudtrail list-public-keys".
--out writes summary.json, calls.ndjson and sessions.ndjson. --names: for --console, and as a field of the lines.

Exit status: 0 everything was processed, 1 an unexpected error, 2 wrong usage, 3 something was quarantined or not delivered, or no
record shows a role that --roles names (the rest is reported), 130 stopped with Ctrl-C.`;

export function replayCommand(program: Command, run: Run) {
  withAskedNames(withTargetOptions(withLogOptions(program.command('replay'))))
    .description('replay log files and messages, and report who is behind each call')
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

export async function replay(paths: string[], options: ReplayOptions, context: Context): Promise<number> {
  const people = await peopleOf(options, context.screen);
  if (options.out !== undefined) checkReportFolder(options.out);
  const walked = walkPaths(paths);
  const find = () => lookInto(walked, context.signal);
  const { port, out } = options;
  const workOf =
    (asked: Asked): Work =>
    (run, deployment, inputs) =>
      beside({ console: Boolean(options.console), port, people }, deployment, context, async () =>
        tell(await run(), { asked, inputs, out, people }, context),
      );
  return options.target === 'aws'
    ? onAws(find, options, context, workOf)
    : locally(find, options, context, workOf);
}

/** What is done with a replay, while the deployment that it ran on is there. */
type Work = (run: () => Promise<Replayed>, deployment: Deployment, inputs: Inputs) => Promise<number>;

async function locally(
  find: () => Promise<Inputs>,
  options: ReplayOptions,
  { screen, signal }: Context,
  workOf: (asked: Asked) => Work,
): Promise<number> {
  const { state, digestKeys, fresh, accounts } = options;
  const asked = {
    roles: options.roles.length > 0 ? options.roles : everyCredential,
    byHand: options.roles.length > 0,
  };
  const base = baseConfig();
  const configFor = (needs: Needs) => replayConfig(base, asked.roles, needs, accounts);
  // Report invalid options before creating any file.
  configFor(needsOf([]));
  screen.line(auditedLine(asked.roles, asked.byHand ? 'asked' : 'default'));
  const config = async ({ deliver }: Inputs) => {
    const bytes = deliver.reduce((sum, { size }) => sum + size, 0);
    return configFor({ ...(await needsOfInputs(deliver)), meanBytes: bytes / Math.max(1, deliver.length) });
  };
  return replayLocally(find, { config, state, fresh, screen, signal, digestKeys }, workOf(asked));
}

async function onAws(
  find: () => Promise<Inputs>,
  options: ReplayOptions,
  { screen, signal }: Context,
  workOf: (asked: Asked) => Work,
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
  const outputs = readOutputsFile(options.outputs);
  const roles = deployedList(outputs, 'AuditedRoles');
  screen.line(auditedLine(roles, 'stack'));
  const deployment = awsDeployment(outputs);
  const work = workOf({ roles, byHand: false });
  const inputs = await find();
  return work(() => replayOnAws(inputs, { deployment, screen, signal }), deployment, inputs);
}
