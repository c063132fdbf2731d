import { randomUUID } from 'node:crypto';
import type { ObjectCreated } from '../../contract.ts';
import type { JsonObject } from '../../template/json.ts';

/**
 * The event a rule sends when its time has come. `arn`: of the rule.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
 */
export function scheduledEvent(arn: string, account: string, region: string, now: Date): JsonObject {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: `${now.toISOString().slice(0, 19)}Z`,
    region,
    resources: [arn],
    detail: {},
  };
}

/**
 * The event S3 sends to EventBridge when an object was stored.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectCreatedEvent(object: ObjectCreated, account: string, region: string): JsonObject {
  const { bucket, key, size, versionId } = object;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account,
    time: `${new Date(object.time).toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        size,
        etag: object.etag.replaceAll('"', ''),
        ...(versionId && { 'version-id': versionId }),
        sequencer: sequencer(),
      },
      'request-id': randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase(),
      requester: account,
      'source-ip-address': '127.0.0.1',
      reason: 'PutObject',
    },
  };
}

let count = 0;
/** Grows with every event: the order of writes to one key. */
function sequencer(): string {
  count += 1;
  return (BigInt(Date.now()) * 65_536n + BigInt(count % 65_536)).toString(16).toUpperCase().padStart(18, '0');
}
