import { S3Client } from '@aws-sdk/client-s3';
import { quarantineObject } from './aws/quarantine-store.ts';
import { stepHandler } from './aws/runtime.ts';
import { WorkData } from './aws/work-data.ts';
import type { Batch, Refusal } from './contract.ts';
import { readEnvironment } from './environment.ts';
import { lines } from './lines.ts';

/** What Catch adds to a failed state's input: Step Functions' own names for error and cause. */
export interface Failure {
  Error: string;
  Cause: string;
}

export interface QuarantineInput extends Batch {
  failure?: Failure;
}

export interface QuarantineDependencies {
  s3: S3Client;
  bucket: string;
  work: WorkData;
  now: () => Date;
}

/**
 * Keeps what was refused with its reason: single sources and records, or the whole batch when a state failed. Where
 * nothing of the batch was read, the output carries the first reason as the execution's failure.
 */
export async function quarantine(input: QuarantineInput, execution: string, deps: QuarantineDependencies) {
  const { failure, ...batch } = input;
  const refusals: Refusal[] = [];
  if (input.refused.data) {
    for await (const line of lines(deps.work.read(input.refused.data)))
      refusals.push(JSON.parse(line) as Refusal);
  }
  const count = refusals.length + (failure ? Math.max(1, input.counts.sources - input.counts.refused) : 0);
  const key = await quarantineObject(
    deps.s3,
    deps.bucket,
    {
      execution,
      at: deps.now().toISOString(),
      count,
      failure: failure ? readFailure(failure) : null,
      input: failure ? batch : null,
    },
    refusals,
  );
  const first = refusals[0];
  const reason = failure ?? {
    Error: first?.error ?? 'Unknown',
    Cause: `${first?.source}: ${first?.message}`,
  };
  const nothingRead = input.counts.read === 0;
  return {
    output: { ...batch, ...(failure || nothingRead ? { failure: reason } : {}), quarantine: { count, key } },
    count,
  };
}

// A function's error comes as JSON in Cause; a timeout or a limit comes as plain text.
function readFailure({ Error: error, Cause }: Failure): { error: string; message: string } {
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
  return { s3: new S3Client(), bucket: environment.WORK_BUCKET };
}

export const handler = stepHandler(
  'Quarantine',
  prepare,
  async (input: QuarantineInput, { s3, bucket }, context) => {
    const { execution } = context;
    const work = new WorkData(s3, bucket, execution);
    const { output, count } = await quarantine(input, execution, { s3, bucket, work, now: () => new Date() });
    context.count('Quarantined', count);
    return output;
  },
);
