import { isLogKey } from '../../../core/records/log-key.ts';
import { type Json, objectAt, RecordError, requiredString, stringAt } from '../../../core/records/read.ts';
import type { Message } from './message.ts';

/**
 * S3's "Object Created" through EventBridge. The key is to be taken literally (S3 guide, EventBridge event structure).
 */
export function decodeObjectCreated(body: Json): Message | null {
  if (body.source !== 'aws.s3' || body['detail-type'] !== 'Object Created') return null;
  const detail = objectAt(body, 'detail');
  const bucket = detail && objectAt(detail, 'bucket', 'detail.bucket');
  const object = detail && objectAt(detail, 'object', 'detail.object');
  if (!bucket || !object) throw new RecordError('MissingField', 'detail.bucket or detail.object is missing');
  const key = requiredString(object, 'key', 'detail.object.key');
  if (!isLogKey(key)) return { kind: 'objects', objects: [], notLogs: 1, topicArn: null };
  const etag = stringAt(object, 'etag', 'detail.object.etag');
  const versionId = stringAt(object, 'version-id', 'detail.object.version-id');
  const time = stringAt(body, 'time');
  return {
    kind: 'objects',
    notLogs: 0,
    topicArn: null,
    objects: [
      {
        bucket: requiredString(bucket, 'name', 'detail.bucket.name'),
        key,
        ...(etag ? { etag } : {}),
        ...(versionId ? { versionId } : {}),
        ...(typeof object.size === 'number' ? { size: object.size } : {}),
        ...(time ? { deliveredAt: time } : {}),
      },
    ],
  };
}
