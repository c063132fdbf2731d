import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { integrityAlert } from '../core/digests/alert.ts';
import { announcedDigest } from '../core/digests/message.ts';
import type { PublicKeys } from '../core/digests/public-keys.ts';
import { faultsOf } from '../core/digests/verdicts.ts';
import { type DigestStore, type VerifyTools, verifyDigest } from '../core/digests/verify-digest.ts';
import { Announcer } from './runtime/announcer.ts';
import { bounded, boundedQueues } from './runtime/clients.ts';
import { readEnvironment, readList } from './runtime/environment.ts';
import { AuditError, reasonOf } from './runtime/errors.ts';
import { framed, type Tools } from './runtime/handler.ts';
import { DigestBucket } from './store/digest-bucket.ts';
import { IntegrityTable } from './store/integrity-table.ts';
import { LedgerTable } from './store/ledger-table.ts';
import { readRetention } from './store/retention.ts';
import { trailKeys } from './store/trail-keys.ts';
import {
  digestReceives,
  isHopelessMessage,
  secondsUntilNext,
  uncheckedAnnouncement,
} from './transport/unchecked.ts';

export interface IntegrityDependencies {
  store: DigestStore;
  keys: PublicKeys;
  table: Pick<IntegrityTable, 'knows' | 'keep' | 'seen'>;
  /** see VerifyTools */
  textHash: NonNullable<VerifyTools['textHash']>;
  announcer: Pick<Announcer, 'tell'>;
  log: Pick<Tools['log'], 'info' | 'error'>;
  count: Tools['count'];
  now: () => Date;
  /** makes the message of this receipt visible again after so many seconds */
  pause(receiptHandle: string, seconds: number): Promise<unknown>;
}

/**
 * Checks the digests that messages announce, and keeps what it finds. A check that cannot be made fails alone: its message comes
 * again, ever later, and is a dead letter in the end, which a person may move back. A message that cannot be read ends at once.
 * Either end is reported by name. A finding is not a failure. One after the other: digests of one chain announced together are checked
 * in their order.
 */
export async function integrity(event: SQSEvent, deps: IntegrityDependencies): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const record of event.Records) {
    try {
      await checkAnnounced(record.body, deps);
    } catch (error) {
      const comesAgain = await notChecked(record, error, deps);
      if (comesAgain) batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}

/** Whether the message is to be received again, or to become a dead letter. */
async function notChecked(record: SQSRecord, error: unknown, deps: IntegrityDependencies): Promise<boolean> {
  const { messageId, receiptHandle, attributes } = record;
  const { log, announcer, count, pause } = deps;
  const reason = reasonOf(error);
  log.error('a digest could not be checked', { error: reason.error, reason: reason.message, messageId });
  const receives = Number(attributes.ApproximateReceiveCount);
  const hopeless = isHopelessMessage(error);
  try {
    if (hopeless || receives >= digestReceives) {
      await announcer.tell(uncheckedAnnouncement(record, reason));
      count('DigestsGivenUp', 1);
    }
    if (!hopeless) await pause(receiptHandle, secondsUntilNext(receives));
    return !hopeless;
  } catch (second) {
    // It is received again after the queue's timeout, and ends as a dead letter, which has its own alarm.
    const { error: name, message } = reasonOf(second);
    log.error('the end of a check could not be told', { error: name, reason: message, messageId });
    return true;
  }
}

async function checkAnnounced(body: string, deps: IntegrityDependencies): Promise<void> {
  const { store, keys, table, textHash, announcer, log, count, now } = deps;
  const { bucket, key, location } = announcedDigest(body);
  if (!store.holds(bucket)) {
    throw new AuditError('BucketNotConfigured', `bucket ${bucket} is no trail bucket of this stack`);
  }
  const seen: IntegrityTable['seen'] = (...object) => table.seen(...object);
  const result = await verifyDigest(bucket, key, location, { store, keys, seen, textHash });
  const findings = faultsOf(result);
  const alert = integrityAlert(result);
  // Send first, then write: a run that ends in between is repeated under the same ID.
  if (alert && !(await table.knows(result))) await announcer.tell(alert);
  await table.keep(result, now());
  count('DigestsChecked', 1);
  count('FilesVerified', result.files.filter(({ verdict }) => verdict === 'verified').length);
  count('IntegrityFindings', findings.length);
  const { chain, files, elsewhere } = result;
  log.info('digest checked', {
    key,
    chain: chain.state,
    files: files.length,
    elsewhere,
    findings: findings.length,
  });
}

function prepare({ log, count }: Tools): IntegrityDependencies {
  const environment = readEnvironment('integrity');
  const dynamo = new DynamoDBClient(bounded);
  const sqs = new SQSClient(boundedQueues);
  const ledger = new LedgerTable(dynamo, environment.LEDGER_TABLE);
  const QueueUrl = environment.DIGEST_QUEUE;
  return {
    store: new DigestBucket(new S3Client(bounded), readList('TRAIL_BUCKETS', environment.TRAIL_BUCKETS)),
    keys: trailKeys(),
    table: new IntegrityTable(dynamo, environment.LEDGER_TABLE, readRetention(environment.RETENTION_DAYS)),
    textHash: file => ledger.textHash(file),
    announcer: new Announcer(
      new EventBridgeClient(bounded),
      new SNSClient(bounded),
      environment.ALARM_TOPIC,
      environment.EVENT_SOURCE,
    ),
    log,
    count,
    now: () => new Date(),
    pause: (ReceiptHandle, VisibilityTimeout) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })),
  };
}

export const handler = framed({
  name: 'Integrity',
  prepare,
  keysOf: (event: SQSEvent) => ({ source: event.Records[0]?.eventSourceARN }),
  work: integrity,
});
