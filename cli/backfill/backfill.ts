import type { Deployment } from '../deployment/deployment.ts';
import { deployedList } from '../deployment/outputs.ts';
import { CliError, Interrupted, UsageError } from '../failure.ts';
import { noticesOf } from '../front-door/messages.ts';
import { Pace } from '../front-door/pace.ts';
import { QueueSender } from '../front-door/queue-sender.ts';
import { plural } from '../views/text/format.ts';
import type { Screen } from '../views/text/screen.ts';
import { type AccountRegion, findAccountRegions } from './account-regions.ts';
import { type Asked, type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { coveredAccountRegions } from './covered.ts';
import type { Count } from './estimate.ts';
import { type LogFile, LogFiles } from './log-files.ts';
import { progressText } from './progress.ts';

export interface BackfillOptions {
  deployment: Pick<Deployment, 's3' | 'sqs' | 'outputs'>;
  screen: Screen;
  signal: AbortSignal;
}

export interface SendingOptions extends BackfillOptions {
  checkpoint: string;
  /** files a second */
  rate: number;
  mostWaiting: number;
}

/** What a backfill came to. */
export interface Backfilled extends Count {
  messages: number;
  /** objects among the log files that are none */
  others: number;
  /** accounts that have log files, which the deployment does not cover */
  leftOut: string[];
  /** files that an earlier run of the same backfill had sent */
  before: number;
}

/** What there is to send; nothing is sent. */
export interface Counted extends Count {
  accountRegions: AccountRegion[];
  others: number;
  leftOut: string[];
  first: string | null;
  last: string | null;
}

/** Files after which the checkpoint is written: what is sent twice when a run ends in between. */
const filesPerStep = 100;

/** Counts what a backfill would send. */
export async function countFiles(asked: Asked, options: BackfillOptions): Promise<Counted> {
  const { deployment, screen, signal } = options;
  const { accountRegions, leftOut, files } = await listed(asked, null, options);
  const counted: Counted = {
    files: 0,
    bytes: 0,
    accountRegions,
    leftOut,
    others: 0,
    first: null,
    last: null,
  };
  for await (const file of files.of(accountRegions)) {
    if (signal.aborted) throw new Interrupted('stopped; nothing was sent');
    counted.files += 1;
    counted.bytes += file.size;
    counted.first ??= file.time;
    counted.last = file.time;
    if (counted.files % 1000 === 0)
      screen.progress(
        `counting s3://${deployment.outputs.TrailBucketName}: ${plural(counted.files, 'file')}`,
      );
  }
  screen.endProgress();
  return { ...counted, others: files.others };
}

/**
 * Sends the log files to the queue that S3's own notifications go to, in the order of their delivery. What a run sent
 * is in the checkpoint when the queue has accepted it. Throws Interrupted when the signal comes: the next run goes on.
 */
export async function backfill(asked: Asked, options: SendingOptions): Promise<Backfilled> {
  const { deployment, screen, signal, checkpoint: file } = options;
  const checkpoint = readCheckpoint(file, asked);
  const { accountRegions, leftOut, files } = await listed(asked, checkpoint.after, options);
  const began = Date.now();
  const { files: before, after: behind } = checkpoint;
  const show = (held: boolean) =>
    screen.progress(progressText({ asked, checkpoint, before, behind, began, waiting: pace.waiting, held }));
  const sender = new QueueSender({ sqs: deployment.sqs, queue: asked.queue });
  const { rate, mostWaiting } = options;
  const waiting = () => sender.waiting();
  const pace = new Pace({ rate, mostWaiting, waiting, onHold: () => show(true), signal });
  // Kept before anything is sent: a file that cannot be written fails before anything has happened.
  writeCheckpoint(file, checkpoint);
  const stopped = () =>
    new Interrupted(
      `stopped after ${plural(checkpoint.files, 'file')}; run the same command again to continue (${file})`,
    );
  try {
    for await (const batch of inSteps(files.of(accountRegions))) {
      await pace.turn(batch.length);
      if (signal.aborted) throw stopped();
      const sent = await sender.send(noticesOf(asked.bucket, batch));
      advance(checkpoint, batch, sent.length);
      writeCheckpoint(file, checkpoint);
      show(false);
    }
  } catch (error) {
    throw signal.aborted ? stopped() : error;
  } finally {
    screen.endProgress();
  }
  checkpoint.done = true;
  writeCheckpoint(file, checkpoint);
  const { bytes, messages } = checkpoint;
  return { files: checkpoint.files, bytes, messages, others: files.others, leftOut, before };
}

function advance(checkpoint: Checkpoint, files: { key: string; size: number }[], messages: number): void {
  checkpoint.after = files.at(-1)?.key ?? checkpoint.after;
  checkpoint.files += files.length;
  checkpoint.bytes += files.reduce((sum, { size }) => sum + size, 0);
  checkpoint.messages += messages;
}

async function listed(asked: Asked, after: string | null, { deployment, screen }: BackfillOptions) {
  const { s3, outputs } = deployment;
  if (asked.bucket !== outputs.TrailBucketName) {
    throw new UsageError(
      `this deployment does not read ${asked.bucket}: its trail bucket is ${outputs.TrailBucketName}`,
    );
  }
  screen.progress('looking for accounts and Regions…');
  const accountRegions = await findAccountRegions(s3, asked).catch(error => {
    if (error instanceof CliError) throw error;
    throw new CliError(
      `cannot list ${asked.bucket} (this needs s3:ListBucket): ${reasonOf(error)}`,
      1,
      error,
    );
  });
  const covered = coveredAccountRegions(
    accountRegions,
    deployedList(outputs, 'TrailAccounts'),
    asked.accounts,
  );
  return { ...covered, files: new LogFiles(s3, asked.bucket, { from: asked.from, to: asked.to, after }) };
}

async function* inSteps(files: AsyncIterable<LogFile>): AsyncGenerator<LogFile[]> {
  let step: LogFile[] = [];
  for await (const file of files) {
    step.push(file);
    if (step.length < filesPerStep) continue;
    yield step;
    step = [];
  }
  if (step.length > 0) yield step;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
