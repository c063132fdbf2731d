import { isObject, type Json } from '../records/read.ts';

/** A file in a bucket that a message announces: the file itself is not in the message. */
export interface Notice {
  bucket: string;
  key: string;
}

/**
 * The files that a message announces: S3's notification (S3 guide, Event message structure), its event over EventBridge, and
 * CloudTrail's own (CloudTrail guide, Configuring Amazon SNS notifications).
 */
export function noticesOf(value: Json): Notice[] {
  if (isObject(value.s3)) return noticeOf(value.s3, true);
  if (value.source === 'aws.s3' && isObject(value.detail)) return noticeOf(value.detail, false);
  const { s3Bucket, s3ObjectKey } = value;
  if (typeof s3Bucket !== 'string' || !Array.isArray(s3ObjectKey)) return [];
  return s3ObjectKey.filter(key => typeof key === 'string').map(key => ({ bucket: s3Bucket, key }));
}

/** A notification's keys are URL-encoded, a space as a plus sign (S3 guide, Event message structure); an event's are not. */
function noticeOf({ bucket, object }: Json, encoded: boolean): Notice[] {
  const name = isObject(bucket) ? bucket.name : null;
  const key = isObject(object) ? object.key : null;
  if (typeof name !== 'string' || typeof key !== 'string') return [];
  return [{ bucket: name, key: encoded ? decodedKey(key) : key }];
}

function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}
