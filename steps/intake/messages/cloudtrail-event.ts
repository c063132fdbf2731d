import { isObject, type Json, RecordError, requiredString } from '../../../core/records/read.ts';
import { checkDepth } from '../../../core/records/storable.ts';
import type { Message } from './message.ts';

const details = [
  'AWS API Call via CloudTrail',
  'AWS Console Sign In via CloudTrail',
  'AWS Service Event via CloudTrail',
];

/** EventBridge's envelope around a CloudTrail record (EventBridge, service events via CloudTrail). */
export function decodeCloudTrailEvent(body: Json): Message | null {
  const type = body['detail-type'];
  if (typeof type !== 'string' || !details.includes(type)) return null;
  const account = requiredString(body, 'account');
  if (!/^\d{12}$/.test(account))
    throw new RecordError('WrongType', `account "${account}" is not an account ID`);
  if (!isObject(body.detail)) throw new RecordError('MissingField', 'detail is missing or no object');
  // Too deep to be written again, it would fail the start of its neighbours' execution.
  checkDepth(body.detail);
  return {
    kind: 'event',
    topicArn: null,
    event: {
      account,
      region: requiredString(body, 'region'),
      time: requiredString(body, 'time'),
      record: body.detail,
    },
  };
}
