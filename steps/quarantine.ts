import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { bounded } from './runtime/clients.ts';
import { readEnvironment } from './runtime/environment.ts';
import { stepHandler } from './runtime/handler.ts';
import { refusalOf } from './runtime/s3-errors.ts';
import { quarantineObject } from './store/quarantine-store.ts';
import { SendersTable } from './store/senders-table.ts';
import { boundRefusals } from './store/withheld.ts';
import { readRecords, textOf } from './transport/frames.ts';
import { lines } from './transport/lines.ts';
import type { Batch, DataRef, Refusal } from './transport/payloads.ts';
import type { Arrived } from './transport/set-aside.ts';
import { WorkData } from './transport/work-data.ts';

/** What Catch adds to a failed state's input: Step Functions' own names for error and cause. */
export interface Failure {
  Error: string;
  Cause: string;
}

export interface QuarantineInput extends Batch {
  failure?: Failure;
  /** records that may matter, between Decompress (or intake) and the end */
  data?: DataRef;
}

export interface QuarantineDependencies {
  s3: S3Client;
  bucket: string;
  work: WorkData;
  senders: Pick<SendersTable, 'allot'>;
  now: () => Date;
}

/**
 * Keeps what was refused with its reason: single sources and records, or the whole batch when a state failed. Where
 * nothing of the batch was read, the output carries the first reason as the execution's failure.
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
  const header = {
    execution,
    at: at.toISOString(),
    count,
    failure: failure ? readFailure(failure, lost) : null,
    input: failure ? batch : null,
  };
  const anything = kept.length > 0 || failure !== undefined || counted === null;
  const key = anything
    ? await quarantineObject(deps.s3, deps.bucket, header, [...kept, ...arrived])
    : counted;
  const first = refusals[0];
  const reason = failure ?? {
    Error: first?.error ?? 'Unknown',
    Cause: `${first?.source}: ${first?.message}`,
  };
  const nothingRead = input.counts.read === 0;
  return {
    output: { ...batch, ...(failure || nothingRead ? { failure: reason } : {}), quarantine: { count, key } },
    count: count + withheld,
    withheld,
  };
}

const nothingArrived = { arrived: [], lost: null };

// Log files can be read again. What came as a message is in the work data only, which is gone after a day.
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

function readFailure(failure: Failure, lost: string | null): { error: string; message: string } {
  const { error, message } = readCause(failure);
  return { error, message: lost === null ? message : `${message}; its records could not be kept: ${lost}` };
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
  return { s3: new S3Client(bounded), bucket: environment.WORK_BUCKET, senders };
}

export const handler = stepHandler(
  'Quarantine',
  prepare,
  async (input: QuarantineInput, { s3, bucket, senders }, context) => {
    const { execution } = context;
    const work = new WorkData(s3, bucket, execution);
    const deps = { s3, bucket, senders, work, now: () => new Date() };
    const { output, count, withheld } = await quarantine(input, execution, deps);
    if (withheld > 0) context.log.info('refused, counted and not kept', { withheld });
    context.count('Quarantined', count);
    return output;
  },
);
