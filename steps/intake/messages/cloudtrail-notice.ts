import { isLogKey } from '../../../core/records/log-key.ts';
import { type Json, RecordError, requiredString } from '../../../core/records/read.ts';
import type { Message } from './message.ts';

/** CloudTrail's own notice over SNS: `{"s3Bucket": "...", "s3ObjectKey": ["...", ...]}` (CloudTrail guide). */
export function decodeCloudTrailNotice(body: Json): Message | null {
  const { s3ObjectKey: keys } = body;
  if (keys === undefined || body.s3Bucket === undefined) return null;
  const bucket = requiredString(body, 's3Bucket');
  if (!Array.isArray(keys) || keys.some(key => typeof key !== 'string')) {
    throw new RecordError('WrongType', 's3ObjectKey is not a list of strings');
  }
  // Fields of roletrail, not of CloudTrail: retries from quarantine are read again (cli/quarantine), and files of a failed batch alone.
  const ours = {
    ...(body.readAgain === true && { again: true as const }),
    ...(body.alone === true && { alone: true as const }),
  };
  const logs = (keys as string[]).filter(isLogKey);
  return {
    kind: 'objects',
    objects: logs.map(key => ({ bucket, key, ...ours })),
    notLogs: keys.length - logs.length,
    topicArn: null,
  };
}
