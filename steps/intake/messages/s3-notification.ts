import { isLogKey } from '../../../core/records/log-key.ts';
import {
  isObject,
  type Json,
  objectAt,
  RecordError,
  requiredString,
  stringAt,
} from '../../../core/records/read.ts';
import type { TrailObject } from '../../transport/payloads.ts';
import type { Message } from './message.ts';

/**
 * S3's classic notification, whose key is form-encoded: `+` is a space (S3 guide, event message structure). Its test
 * event has no records.
 */
export function decodeS3Notification(body: Json): Message | null {
  if (body.Event === 's3:TestEvent') return { kind: 'nothing', why: 's3:TestEvent' };
  const { Records: records } = body;
  if (
    !Array.isArray(records) ||
    !records.some(record => isObject(record) && record.eventSource === 'aws:s3')
  ) {
    return null;
  }
  const objects: TrailObject[] = [];
  let notLogs = 0;
  for (const record of records) {
    const object = isObject(record) ? readRecord(record) : null;
    if (object) objects.push(object);
    else notLogs += 1;
  }
  return { kind: 'objects', objects, notLogs, topicArn: null };
}

function readRecord(record: Json): TrailObject | null {
  const s3 = objectAt(record, 's3', 'Records[].s3');
  const bucket = s3 && objectAt(s3, 'bucket', 'Records[].s3.bucket');
  const object = s3 && objectAt(s3, 'object', 'Records[].s3.object');
  if (!bucket || !object) throw new RecordError('MissingField', 'Records[].s3.bucket or .object is missing');
  // Removals, restores and tags say nothing new about a log.
  if (
    !requiredString(record, 'eventName', 'Records[].eventName')
      .replace(/^s3:/, '')
      .startsWith('ObjectCreated:')
  ) {
    return null;
  }
  const key = decodeKey(requiredString(object, 'key', 'Records[].s3.object.key'));
  if (!isLogKey(key)) return null;
  const etag = stringAt(object, 'eTag', 'Records[].s3.object.eTag');
  const versionId = stringAt(object, 'versionId', 'Records[].s3.object.versionId');
  const time = stringAt(record, 'eventTime', 'Records[].eventTime');
  return {
    bucket: requiredString(bucket, 'name', 'Records[].s3.bucket.name'),
    key,
    ...(etag ? { etag } : {}),
    ...(versionId ? { versionId } : {}),
    ...(typeof object.size === 'number' ? { size: object.size } : {}),
    ...(time ? { deliveredAt: time } : {}),
  };
}

function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw new RecordError('WrongType', `the key ${encoded.slice(0, 80)} is not form-encoded`);
  }
}
