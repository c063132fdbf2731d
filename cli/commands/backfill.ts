import { type Command, InvalidArgumentError } from 'commander';
import { type Backfilled, backfill, type Counted, countFiles } from '../backfill/backfill.ts';
import { type Asked, checkpointFile } from '../backfill/checkpoint.ts';
import { dollarsFor, secondsFor } from '../backfill/estimate.ts';
import { workedOff } from '../backfill/local.ts';
import { checkRange, fromMinute, type Minute, readable, toMinute } from '../backfill/range.ts';
import type { Context, Run } from '../context.ts';
import { awsDeployment, type Deployment, localDeployment } from '../deployment/deployment.ts';
import { checkState, openState } from '../deployment/local-cloud.ts';
import { readOutputsFile } from '../deployment/outputs.ts';
import { exitCode } from '../failure.ts';
import { accountIn, wholeNumber } from '../queries/arguments.ts';
import { clean } from '../views/text/clean.ts';
import { duration, megabytes, plural, shellWord } from '../views/text/format.ts';
import { type TargetOptions, withTargetOptions } from './target.ts';

export interface BackfillCommandOptions extends TargetOptions {
  bucket?: string;
  prefix: string;
  from: Minute;
  to: Minute;
  account: string[];
  region: string[];
  rate: number;
  mostWaiting: number;
  checkpoint?: string;
  dryRun?: boolean;
}

const help = `
Sends log files that are already in the trail bucket through the queue of the bucket's own notifications. Files that
were processed before are skipped, so sending twice does no harm. After Ctrl-C or an error, run the same command again
to continue where it stopped.

Examples:
  $ roletrail backfill --from 2025-03-01 --to 2025-03-31 --target aws --dry-run    count, cost and time; sends nothing
  $ roletrail backfill --from 2025-03-01 --to 2025-03-31 --target aws --outputs outputs.json
  $ roletrail backfill --from 2025-03-11T09:00Z --to 2025-03-11T12:00Z --account 999999999999 --region us-east-1

Times are delivery times, as in the files' names, in UTC: about 5 to 15 minutes after the calls. --to with a day includes
the whole day. --rate and --most-waiting leave room for live deliveries.

It needs s3:ListBucket on the bucket; sqs:SendMessage and sqs:GetQueueAttributes on the queue (TrailQueueUrl among the
outputs); kms:GenerateDataKey and kms:Decrypt on the stack's key.

Exit status: 0 everything was sent (with --target local: and processed), 1 an error, 2 wrong usage, 3 a source was quarantined (with
--target local), 130 stopped with Ctrl-C.`;

export function backfillCommand(program: Command, run: Run) {
  withTargetOptions(program.command('backfill'))
    .description('send log files of the past through the pipeline')
    .requiredOption('--from <time>', 'the first day or time', fromMinute)
    .requiredOption('--to <time>', 'the last day, or the time to end before', toMinute)
    .option('--bucket <name>', "default: the deployment's trail bucket")
    .option('--prefix <prefix>', 'what stands before AWSLogs/ in its keys', '')
    .option('--account <id>', 'only this account; may be repeated', accountsIn, [])
    .option('--region <name>', 'only this region; may be repeated', regionIn, [])
    .option('--rate <n>', 'files a second at most', wholeNumber, 50)
    .option('--most-waiting <n>', 'hold back while more messages wait in the queue', wholeNumber, 100)
    .option(
      '--checkpoint <file>',
      'file that records the progress (default: one in the state folder for each request)',
    )
    .option('--dry-run', 'count files, show cost and time, send nothing')
    .addHelpText('after', help)
    .action((options: BackfillCommandOptions) => run(context => start(options, context)));
}

async function start(options: BackfillCommandOptions, context: Context): Promise<number> {
  checkRange(options);
  if (options.target === 'aws') {
    // A checkpoint there would say that all was sent.
    checkState(options.state);
    const status = await onDeployment(awsDeployment(readOutputsFile(options.outputs)), options, context);
    if (!options.dryRun) context.screen.line('the stack processes them: roletrail executions --target aws');
    return status;
  }
  const cloud = await openState(options.state);
  try {
    const deployment = localDeployment(cloud);
    const began = new Date();
    const status = await onDeployment(deployment, options, context);
    return options.dryRun ? status : await workedOff(cloud, deployment, began, context);
  } finally {
    await cloud.close();
  }
}

async function onDeployment(
  deployment: Deployment,
  options: BackfillCommandOptions,
  { screen, signal }: Context,
): Promise<number> {
  const { from, to, prefix, account, region, rate, mostWaiting, dryRun } = options;
  const asked: Asked = {
    bucket: options.bucket ?? deployment.outputs.TrailBucketName,
    prefix,
    accounts: account,
    regions: region,
    from,
    to,
    queue: deployment.outputs.TrailQueueUrl,
  };
  if (dryRun) {
    const counted = await countFiles(asked, { deployment, screen, signal });
    for (const line of countedLines(counted, rate)) screen.line(line);
    return exitCode.done;
  }
  const checkpoint = options.checkpoint ?? checkpointFile(options.state, asked);
  const sent = await backfill(asked, { deployment, screen, signal, checkpoint, rate, mostWaiting });
  for (const line of sentLines(sent, checkpoint)) screen.line(line);
  return exitCode.done;
}

function countedLines(counted: Counted, rate: number): string[] {
  const { files, bytes, accountRegions, first, last } = counted;
  const accounts = new Set(accountRegions.map(({ account }) => account)).size;
  const regions = new Set(accountRegions.map(({ region }) => region)).size;
  const span = first && last ? `, delivered ${readable(first)} to ${readable(last)}` : '';
  return [
    `${plural(files, 'log file')}, ${megabytes(bytes)}${span}; ${plural(accounts, 'account')}, ${plural(regions, 'region')}`,
    `about ${duration(secondsFor(files, rate) * 1000)} at ${plural(rate, 'file')} a second; about $${dollarsFor(counted).toFixed(2)} at list prices of us-east-1, if 1 record in 100 is kept (docs/cost.md)`,
    ...otherLines(counted),
    'nothing was sent',
  ];
}

function sentLines(sent: Backfilled, checkpoint: string): string[] {
  const { files, bytes, messages, before } = sent;
  const earlier = before > 0 ? `, ${before.toLocaleString('en-US')} of them by an earlier run` : '';
  const all = `${plural(files, 'log file')}, ${megabytes(bytes)}, in ${plural(messages, 'message')}${earlier}`;
  const nothing = files === before && files > 0;
  return [
    nothing
      ? `everything was sent before: ${plural(files, 'log file')}; remove ${shellWord(checkpoint)} to send them again`
      : `sent ${all}`,
    ...otherLines(sent),
  ];
}

function otherLines({ others, leftOut }: { others: number; leftOut: string[] }): string[] {
  const lines = others > 0 ? [`${plural(others, 'object')} left out: not CloudTrail log files`] : [];
  if (leftOut.length > 0) {
    const accounts = plural(leftOut.length, 'account');
    lines.push(
      `${accounts} left out, because the deployment does not cover them (trailAccounts): ${leftOut.join(', ')}`,
    );
  }
  return lines;
}

const accountsIn = (text: string, accounts: string[]) => [...accounts, accountIn(text)];

function regionIn(text: string, regions: string[]): string[] {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(text))
    throw new InvalidArgumentError(`${clean(text)} is not a Region, e.g. us-east-1.`);
  return [...regions, text];
}
