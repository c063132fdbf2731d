import { ServiceError } from '../../contract.ts';
import { md5 } from '../../hashes.ts';
import type { MessageAttributes } from './inputs.ts';

export interface Message {
  id: string;
  body: string;
  /** epoch milliseconds */
  sentAt: number;
  receives: number;
  firstReceivedAt?: number;
  /** ARN of the queue a dead letter came from */
  deadLetterOf?: string;
  attributes?: MessageAttributes;
}

/** A message somebody is working on: until the handle is used or its visibility timeout ends. */
export interface Received extends Message {
  receiptHandle: string;
}

/** Throws ServiceError `ReceiptHandleIsInvalid` for what no queue ever gave. */
export function checkHandle(receiptHandle: string): void {
  if (!Buffer.from(receiptHandle, 'base64').toString('utf8').includes('/')) {
    throw new ServiceError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receiptHandle}" is not valid.`,
    );
  }
}

/** Answers a batch entry by entry: one that fails leaves its neighbours alone (SQS API, SendMessageBatch). */
export function batch<E extends { Id: string }>(list: E[], one: (item: E) => object): object {
  if (list.length === 0) throw new ServiceError('EmptyBatchRequest', 'There should be at least one entry.');
  if (list.length > 10) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries is 10, ${list.length} sent.`,
    );
  }
  if (new Set(list.map(({ Id }) => Id)).size < list.length) {
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more entries have the same Id.');
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const item of list) {
    try {
      Successful.push({ Id: item.Id, ...one(item) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id: item.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

/** A message as ReceiveMessage answers it, with the attributes that are `wanted`: SQS's, and the sender's `own`. */
export function shown(message: Received, wanted: string[], own: string[]): object {
  const all = {
    ApproximateReceiveCount: `${message.receives}`,
    ApproximateFirstReceiveTimestamp: `${message.firstReceivedAt}`,
    SentTimestamp: `${message.sentAt}`,
    ...(message.deadLetterOf && { DeadLetterQueueSourceArn: message.deadLetterOf }),
  };
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(wanted.length > 0 && { Attributes: pick(all, wanted) }),
    ...(own.length > 0 && message.attributes && { MessageAttributes: pick(message.attributes, own) }),
  };
}

/** The requested values by name; `All`: all. */
export function pick<T>(values: Record<string, T>, wanted: string[]): Record<string, T> {
  if (wanted.includes('All')) return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted.includes(name)));
}
