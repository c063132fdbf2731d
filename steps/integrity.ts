import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { integrityAlert } from '../core/digests/alert.ts';
import { announcedDigest } from '../core/digests/message.ts';
import type { PublicKeys } from '../core/digests/public-keys.ts';
import { faultsOf } from '../core/digests/verdicts.ts';
import { type DigestStore, verifyDigest } from '../core/digests/verify-digest.ts';
import { Announcer } from './runtime/announcer.ts';
import { bounded } from './runtime/clients.ts';
import { readEnvironment, readList } from './runtime/environment.ts';
import { AuditError, reasonOf } from './runtime/errors.ts';
import { framed, type Tools } from './runtime/handler.ts';
import { DigestBucket } from './store/digest-bucket.ts';
import { IntegrityTable } from './store/integrity-table.ts';
import { trailKeys } from './store/trail-keys.ts';

export interface IntegrityDependencies {
  store: DigestStore;
  keys: PublicKeys;
  table: Pick<IntegrityTable, 'knows' | 'keep' | 'seen'>;
  announcer: Pick<Announcer, 'tell'>;
  log: Pick<Tools['log'], 'info' | 'error'>;
  count: Tools['count'];
  now: () => Date;
}

/**
 * Checks the digests that messages announce, and keeps what it finds. A message that cannot be read, or a check that
 * cannot be made, fails alone: the queue delivers it again, then it is a dead letter. A finding is no failure. One after the
 * other: digests of one chain announced together are checked in their order.
 */
export async function integrity(event: SQSEvent, deps: IntegrityDependencies): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of event.Records) {
    try {
      await checkAnnounced(body, deps);
    } catch (error) {
      const { error: name, message } = reasonOf(error);
      deps.log.error('a digest could not be checked', { error: name, reason: message, messageId });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function checkAnnounced(body: string, deps: IntegrityDependencies): Promise<void> {
  const { store, keys, table, announcer, log, count, now } = deps;
  const { bucket, key, location } = announcedDigest(body);
  if (!store.holds(bucket)) {
    throw new AuditError('BucketNotConfigured', `bucket ${bucket} is no trail bucket of this stack`);
  }
  const seen: IntegrityTable['seen'] = (...object) => table.seen(...object);
  const result = await verifyDigest(bucket, key, location, { store, keys, seen });
  const findings = faultsOf(result);
  const alert = integrityAlert(result);
  // Told first, kept then: a run that ends in between is repeated under the same id.
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
  return {
    store: new DigestBucket(new S3Client(bounded), readList('TRAIL_BUCKETS', environment.TRAIL_BUCKETS)),
    keys: trailKeys(),
    table: new IntegrityTable(dynamo, environment.LEDGER_TABLE),
    announcer: new Announcer(
      new EventBridgeClient(bounded),
      new SNSClient(bounded),
      environment.ALARM_TOPIC,
      environment.EVENT_SOURCE,
    ),
    log,
    count,
    now: () => new Date(),
  };
}

export const handler = framed({
  name: 'Integrity',
  prepare,
  keysOf: (event: SQSEvent) => ({ source: event.Records[0]?.eventSourceARN }),
  work: integrity,
});
