import { isObject, objectAt, RecordError, requiredString } from '../records/read.ts';
import { type DigestLocation, digestLocation } from './digest-key.ts';

export interface AnnouncedDigest {
  bucket: string;
  key: string;
  location: DigestLocation;
}

/**
 * S3's "Object Created" of a digest. Throws RecordError for any other message, also one about an object whose key is no
 * digest's: nothing but the rule on digests sends here.
 */
export function announcedDigest(body: string): AnnouncedDigest {
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch {
    throw new RecordError('NotJson', 'the message is not JSON');
  }
  const detail =
    isObject(event) && event['detail-type'] === 'Object Created' ? objectAt(event, 'detail') : null;
  const bucket = detail && objectAt(detail, 'bucket');
  const object = detail && objectAt(detail, 'object');
  if (!bucket || !object) throw new RecordError('UnknownMessage', 'the message names no object');
  const key = requiredString(object, 'key');
  const location = digestLocation(key);
  if (!location) throw new RecordError('UnknownMessage', `${key.slice(0, 200)} is not the key of a digest`);
  return { bucket: requiredString(bucket, 'name'), key, location };
}
