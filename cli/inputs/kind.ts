import { isRecord } from '../../core/inputs/unwrap.ts';
import { parseArn } from '../../core/records/arn.ts';
import { isObject, type Json } from '../../core/records/read.ts';
import { isPartnerTopicName } from '../../infra/names.ts';
import { allOf } from './bytes.ts';
import type { Input } from './input.ts';
import { decoded } from './text.ts';

/**
 * What a file is, and so by which door it enters:
 * `log`: stored in the trail bucket, and so is a `digest`, whose own `bucket` it has to be; `event`: published to its account's topic, as EventBridge
 * does there, and so is all else that came over a partner's;
 * `message`: put on the trail queue as it is, also when nobody knows what it is: intake refuses it by name.
 */
export type Kind =
  | { kind: 'log' }
  | { kind: 'digest'; bucket: string | null }
  | { kind: 'event'; account: string; region: string; message: string; topicArn: string | null }
  | { kind: 'message'; buckets: string[] };

/** The most that SQS takes in one message (SQS guide, message quotas), in bytes; a larger `.json` file is a log file. */
export const largestMessage = 1_048_576;

/** What is packed, or larger than any message, is none. */
export function mayBeMessage({ bytes, layers }: Input): boolean {
  return layers.length === 0 && bytes.size <= largestMessage;
}

/** The text of what may be a message; null for what is none. */
export async function messageText(input: Input): Promise<string | null> {
  if (!mayBeMessage(input)) return null;
  const { bytes, encoding } = input;
  const whole = await allOf(bytes.stream(), largestMessage);
  return whole && decoded(whole, encoding);
}

/** JSON that is no export: a message, or what is broken as a log file. */
export async function isForTheDoor(input: Input): Promise<boolean> {
  const text = await messageText(input);
  return text !== null && (kindOf(text).kind !== 'message' || looksLikeMessage(text));
}

/** An EventBridge event holds a record, too: one that a partner's rule may have sent comes in as the message that it is. */
export async function isOneMessage(input: Input): Promise<boolean> {
  const text = await messageText(input);
  if (text === null || !looksLikeMessage(text)) return false;
  const kind = kindOf(text);
  if (kind.kind !== 'event') return kind.kind !== 'log';
  return (kind.topicArn !== null && isPartnerTopic(kind.topicArn)) || isOfSts(kind.message);
}

/** Partners' rules send calls of STS alone: as a partner's word, what else somebody kept of a bus would be left out. */
function isOfSts(event: string): boolean {
  const value = parsed(event);
  const detail = isObject(value) && isObject(value.detail) ? value.detail : {};
  return detail.eventSource === 'sts.amazonaws.com' || !isRecord(detail);
}

/** What the text of a `.json` file is. Text that is not JSON is taken for a broken log file. */
export function kindOf(text: string): Kind {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'log' };
  }
  return isLog(value) ? { kind: 'log' } : messageKind(value, text);
}

function isLog(value: unknown): boolean {
  return isObject(value) && Array.isArray(value.Records) && !isS3Record(value.Records[0]);
}

function isS3Record(record: unknown): boolean {
  return isObject(record) && record.eventSource === 'aws:s3';
}

function messageKind(value: unknown, text: string): Kind {
  if (!isObject(value)) return { kind: 'message', buckets: [] };
  if (value.Type === 'Notification' && typeof value.TopicArn === 'string') {
    const inner = typeof value.Message === 'string' ? parsed(value.Message) : null;
    const { region = '', account = '' } = parseArn(value.TopicArn) ?? {};
    if (!isObject(inner)) return { kind: 'message', buckets: [] };
    return isCloudTrailEvent(inner) || isPartnerTopic(value.TopicArn)
      ? { kind: 'event', account, region, message: String(value.Message), topicArn: value.TopicArn }
      : { kind: 'message', buckets: bucketsIn(inner) };
  }
  const { account, region } = value;
  if (isCloudTrailEvent(value) && typeof account === 'string' && typeof region === 'string') {
    return { kind: 'event', account, region, message: text, topicArn: null };
  }
  return { kind: 'message', buckets: bucketsIn(value) };
}

/** The members that tell messages apart: EventBridge's, SNS's, CloudTrail's notice, S3's notification and test event. */
const outsides = ['detail-type', 'TopicArn', 's3Bucket', 's3ObjectKey', 'Records', 'Event'];

/** Has this text the outside of a message, whatever is in it? */
function looksLikeMessage(text: string): boolean {
  const value = parsed(text);
  return isObject(value) && outsides.some(member => member in value);
}

/** Whether a topic is a partner's, of whichever deployment: what comes over it is that partner's word, whatever it is. */
export function isPartnerTopic(topicArn: string): boolean {
  return isPartnerTopicName(topicArn.slice(topicArn.lastIndexOf(':') + 1));
}

function isCloudTrailEvent(value: Json): boolean {
  return typeof value['detail-type'] === 'string' && / via CloudTrail$/.test(value['detail-type']);
}

/** The buckets a notification speaks of, in each shape CloudTrail's and S3's notifications have. */
function bucketsIn(value: Json): string[] {
  if (typeof value.s3Bucket === 'string') return [value.s3Bucket];
  const detail = isObject(value.detail) ? value.detail : {};
  const records = Array.isArray(value.Records) ? value.Records : [];
  const named = [
    detail,
    ...records.map(record => (isObject(record) && isObject(record.s3) ? record.s3 : {})),
  ];
  return named.flatMap(holder => {
    const bucket = isObject(holder.bucket) ? holder.bucket.name : null;
    return typeof bucket === 'string' ? [bucket] : [];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
