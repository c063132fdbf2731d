import { createHash } from 'node:crypto';
import { ServiceError } from '../../contract.ts';

export interface Message {
  id: string;
  body: string;
  /** epoch milliseconds */
  sentAt: number;
  receives: number;
  firstReceivedAt?: number;
  /** ARN of the queue a dead letter came from */
  deadLetterOf?: string;
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

/** As SQS shows the digest of a body. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
