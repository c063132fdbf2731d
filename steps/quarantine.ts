import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { mayPassAlone, sendAlone } from './intake/alone.ts';
import { bounded, boundedQueues } from './runtime/clients.ts';
import { readEnvironment } from './runtime/environment.ts';
import { stepHandler } from './runtime/handler.ts';
import { refusalOf } from './runtime/s3-errors.ts';
import { quarantineObject } from './store/quarantine-store.ts';
import { SendersTable } from './store/senders-table.ts';
import { boundRefusals } from './store/withheld.ts';
import { readRecords, textOf } from './transport/frames.ts';
import { readFiles } from './transport/ledger-files.ts';
import { lines } from './transport/lines.ts';
import type { Batch, DataRef, Refusal, TrailObject } from './transport/payloads.ts';
import type { Arrived, QuarantineHeader } from './transport/set-aside.ts';
import { WorkData } from './transport/work-data.ts';

/** What Catch adds to a failed state's input: Step Functions' own names for error and cause. */
export interface Failure {
  Error: string;
  Cause: string;
}

export interface QuarantineInput extends Batch {
  failure?: Failure;
  /** the log files, before Decompress has read them */
  sources?: TrailObject[];
  /** records that may matter, between Decompress (or intake) and the end */
  data?: DataRef;
}

export interface QuarantineDependencies {
  s3: S3Client;
  bucket: string;
  work: WorkData;
  senders: Pick<SendersTable, 'allot'>;
  /** sends log files to the trail queue, each to an execution of its own */
  sendAlone(files: readonly { bucket: string; key: string }[]): Promise<void>;
  now: () => Date;
}

/**
 * Keeps what was refused with its reason: single sources and records, or the whole batch when a state failed. Where
 * nothing of the batch was read, the output carries the first reason as the execution's failure. A batch that its function died of
 * is kept, and its log files are sent again one by one: a faulty file must not fail the others.
 */
export async function quarantine(input: QuarantineInput, execution: string, deps: QuarantineDependencies) {
  const { failure, ...batch } = input;
  const { data } = input.refused;
  const refusals = data
    ? await Array.fromAsync(lines(deps.work.read(data)), line => JSON.parse(line) as Refusal)
    : [];
  const at = deps.now();
  const whose = failure ? `${execution}-batch` : execution;
  const { kept, withheld, key: counted } = await boundRefusals(refusals, whose, at, deps);
  const count = kept.length + (failure ? Math.max(1, input.counts.sources - input.counts.refused) : 0);
  const { arrived, lost } = failure ? await arrivedRecords(input, deps.work) : nothingArrived;
  const files = failure ? await filesOf(input, deps.work) : [];
  // A file that was alone is not retried.
  const alone = failure && files.length > 1 && mayPassAlone(failure.Error) ? files : [];
  const header: QuarantineHeader = {
    execution,
    at: at.toISOString(),
    count,
    failure: failure ? readFailure(failure, { lost, files, isSentAgain: alone.length > 0 }) : null,
    input: failure ? batch : null,
    ...(alone.length > 0 && { alone: alone.length }),
  };
  const anything = kept.length > 0 || failure !== undefined || counted === null;
  const key = anything
    ? await quarantineObject(deps.s3, deps.bucket, header, [...kept, ...arrived])
    : counted;
  if (alone.length > 0) await deps.sendAlone(alone);
  const first = refusals[0];
  const reason = failure ?? {
    Error: first?.error ?? 'Unknown',
    Cause: `${first?.source}: ${first?.message}`,
  };
  const nothingRead = input.counts.read === 0;
  return {
    output: {
      ...batch,
      ...(failure || nothingRead ? { failure: reason } : {}),
      quarantine: { count, key, alone: alone.length },
    },
    count: count + withheld,
    withheld,
  };
}

/** The log files of a batch; none if they can no longer be read. */
async function filesOf({ sources, files }: QuarantineInput, work: WorkData) {
  if (sources) return sources;
  if (!files) return [];
  try {
    return await readFiles(work, files);
  } catch {
    // The batch is kept whole, and can be retried: its execution's input names its files.
    return [];
  }
}

const nothingArrived = { arrived: [], lost: null };

// Log files can be read again. Events from messages are only in the work data, which expires after a day.
async function arrivedRecords({ data, files }: QuarantineInput, work: WorkData) {
  if (!data || files) return nothingArrived;
  try {
    return { arrived: await readArrived(data, work), lost: null };
  } catch (error) {
    // What failed the batch may be that very data: the rest is kept, and says so.
    return { arrived: [], lost: refusalOf(error).message };
  }
}

async function readArrived(data: DataRef, work: WorkData): Promise<Arrived[]> {
  const { sources, blocks } = await readRecords(work.read(data));
  const arrived: Arrived[] = [];
  for await (const block of blocks) {
    for (const frame of block) {
      const { source = 'unknown source', account = null } = sources[frame.number] ?? {};
      arrived.push({ arrived: { source, account, text: textOf(frame) } });
    }
  }
  return arrived;
}

interface Held {
  lost: string | null;
  files: readonly { bucket: string; key: string }[];
  isSentAgain: boolean;
}

function readFailure(failure: Failure, { lost, files, isSentAgain }: Held) {
  const { error, message } = readCause(failure);
  const parts = [message];
  if (lost !== null) parts.push(`its records could not be kept: ${lost}`);
  const [only, another] = files;
  if (isSentAgain) parts.push(`its ${files.length} log files are processed again, one by one`);
  else if (only && !another) parts.push(`its log file is s3://${only.bucket}/${only.key}`);
  return { error, message: parts.join('; ') };
}

// A function's error comes as JSON in Cause; a timeout or a limit comes as plain text.
function readCause({ Error: error, Cause }: Failure): { error: string; message: string } {
  try {
    const cause: unknown = JSON.parse(Cause);
    const message = (cause as { errorMessage?: unknown } | null)?.errorMessage;
    return { error, message: typeof message === 'string' ? message : Cause };
  } catch {
    return { error, message: Cause };
  }
}

function prepare() {
  const environment = readEnvironment('quarantine');
  const senders = new SendersTable(new DynamoDBClient(bounded), environment.SENDERS_TABLE);
  return {
    s3: new S3Client(bounded),
    sqs: new SQSClient(boundedQueues),
    bucket: environment.WORK_BUCKET,
    queue: environment.TRAIL_QUEUE_URL,
    senders,
  };
}

export const handler = stepHandler(
  'Quarantine',
  prepare,
  async (input: QuarantineInput, { s3, sqs, bucket, queue, senders }, context) => {
    const { execution } = context;
    const work = new WorkData(s3, bucket, execution);
    const deps: QuarantineDependencies = {
      ...{ s3, bucket, senders, work },
      sendAlone: files => sendAlone(sqs, queue, execution, files),
      now: () => new Date(),
    };
    const { output, count, withheld } = await quarantine(input, execution, deps);
    if (withheld > 0) context.log.info('refused, counted and not kept', { withheld });
    context.count('Quarantined', count);
    return output;
  },
);
