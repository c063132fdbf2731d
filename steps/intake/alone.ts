import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { batchesOf, inParallel } from '../../core/parallel.ts';
import { TransientError } from '../runtime/errors.ts';
import { stampOfExecution } from './starts.ts';

/**
 * Errors of a function that its batch may be to blame for: too much for its memory or its time, or a record that ends the process. The kernel's
 * and V8's ends for memory are called `Runtime.ExitError`, `Runtime.OutOfMemory` or `Lambda.Unknown`.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html (Lambda.Unknown: memory and timeouts)
 * @see https://github.com/awslabs/amazon-s3-find-and-forget/pull/283 (Runtime.ExitError, signal: killed, for memory)
 */
const deaths = [
  'Runtime.ExitError',
  'Runtime.OutOfMemory',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'States.Timeout',
];

/** Whether the batch may be to blame for an error of its function: each of its log files is to be tried alone. */
export function mayPassAlone(error: string): boolean {
  return deaths.includes(error);
}

/** The most that one request takes. */
const ofARequest = 10;

/**
 * Sends log files to the trail queue, each to be an execution of its own, of the replay that `execution` belongs to. Throws TransientError
 * when SQS did not take one: all are sent again, which does no harm.
 */
export async function sendAlone(
  sqs: Pick<SQSClient, 'send'>,
  QueueUrl: string,
  execution: string,
  files: readonly { bucket: string; key: string }[],
): Promise<void> {
  const stamp = stampOfExecution(execution);
  const attributes = stamp && { replay: { DataType: 'String', StringValue: stamp } };
  const entries = files.map(({ bucket, key }, index) => ({
    Id: String(index),
    MessageBody: JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [key], alone: true }),
    ...(attributes && { MessageAttributes: attributes }),
  }));
  const failed = await inParallel(batchesOf(entries, ofARequest), 4, async Entries => {
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    return Failed;
  });
  const [one] = failed.flat();
  if (one) throw new TransientError(`SQS did not take a message: ${one.Code}: ${one.Message ?? ''}`);
}
