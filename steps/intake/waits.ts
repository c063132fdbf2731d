import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { batchesOf, inParallel } from '../../core/parallel.ts';

/** Seconds after its first receipt that a message is tried again, and at most. */
const [first, most] = [15, 600];

/**
 * Seconds until the next receipt of a message that found too many executions running. The time doubles with each receipt: a message waits at
 * most as long again as it has already waited, and a hundred receipts last for twelve hours on average. Half of the time is random, so that
 * messages that were returned together are not received together again.
 */
export function secondsUntilRoom(receives: number, random: () => number = Math.random): number {
  const longest = Math.min(most, first * 2 ** Math.max(0, receives - 1));
  return Math.round(longest * (0.5 + random() / 2));
}

/** The most that one request takes. */
const ofARequest = 10;

/**
 * Shortens the wait of messages that are returned to their queue, from the queue's visibility timeout (six times the function's). Lambda does not
 * change a message that the function reports as failed: it is received again when its visibility timeout ends. Throws the error of SQS, for the
 * request or for a message; a message that was not changed waits for the queue's timeout.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (partial batch responses)
 * @see https://github.com/aws/aws-dotnet-messaging/pull/151 (AWS's own library does the same)
 */
export async function shortenWaits(
  sqs: Pick<SQSClient, 'send'>,
  QueueUrl: string,
  records: readonly SQSRecord[],
): Promise<void> {
  const failed = await inParallel(batchesOf(records, ofARequest), 4, async request => {
    const Entries = request.map(({ receiptHandle, attributes }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: secondsUntilRoom(Number(attributes.ApproximateReceiveCount)),
    }));
    const { Failed = [] } = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    return Failed;
  });
  const [one] = failed.flat();
  if (one) throw Object.assign(new Error(one.Message ?? 'no reason given'), { name: one.Code ?? 'Unknown' });
}
