import { isObject, type Json, RecordError, requiredString } from '../../../core/records/read.ts';
import { decodeCloudTrailEvent } from './cloudtrail-event.ts';
import { decodeCloudTrailNotice } from './cloudtrail-notice.ts';
import type { Message } from './message.ts';
import { decodeObjectCreated } from './object-created.ts';
import { decodeS3Notification } from './s3-notification.ts';

/** One decoder per shape; each says whether a message is its own, and reads it. */
const decoders: ((body: Json) => Message | null)[] = [
  decodeObjectCreated,
  decodeS3Notification,
  decodeCloudTrailNotice,
  decodeCloudTrailEvent,
];

/** CloudTrail writes this to a topic when its delivery is set up (CloudTrail guide, SNS notifications). */
const validation = 'CloudTrail validation message.';

/**
 * What a queue message carries: any of the shapes above, bare or in an SNS envelope. Throws RecordError `NotJson`,
 * `UnknownMessage`, `MissingField` or `WrongType` for a message that cannot be read.
 */
export function decodeMessage(body: string): Message {
  if (body.trim() === validation) return { kind: 'nothing', why: validation };
  const outer = parse(body);
  if (outer.Type !== 'Notification' || typeof outer.TopicArn !== 'string') return decodeBare(outer);
  const inner = requiredString(outer, 'Message', 'the SNS envelope\'s "Message"');
  if (inner.trim() === validation) return { kind: 'nothing', why: validation };
  const message = decodeBare(parse(inner));
  return message.kind === 'nothing' ? message : { ...message, topicArn: outer.TopicArn };
}

function decodeBare(body: Json): Message {
  for (const decode of decoders) {
    const message = decode(body);
    if (message) return message;
  }
  throw new RecordError('UnknownMessage', `a message of no known shape, with the fields ${fieldsOf(body)}`);
}

function parse(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RecordError('NotJson', `the message is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new RecordError('UnknownMessage', 'the message is not a JSON object');
  return value;
}

function fieldsOf(body: Json): string {
  return Object.keys(body).slice(0, 8).join(', ').slice(0, 120) || '(none)';
}
