import type { SQSRecord } from 'aws-lambda';
import { accountInArn } from '../../core/records/arn.ts';
import type { Provenance } from '../../core/records/event.ts';
import { isReplayStamp } from '../../core/records/log-key.ts';
import { isObject, textAt } from '../../core/records/read.ts';
import { AuditError } from '../runtime/errors.ts';
import type { TrailObject } from '../transport/payloads.ts';
import { decodeMessage } from './messages/decode.ts';
import type { CloudTrailEvent } from './messages/message.ts';

/** Who may send: the partners' topics to their queue, and the production account to the trail's queue. */
export interface Door {
  topics: readonly string[];
  account: string;
  /** ARN of the queue that the partners' topics send to; any other is the trail's */
  partnerQueue: string;
}

/** What is read of a queue message. */
export type Message = Pick<SQSRecord, 'messageId' | 'body' | 'eventSourceARN' | 'messageAttributes'> & {
  attributes: Pick<SQSRecord['attributes'], 'SentTimestamp'>;
};

/** One queue message, read. */
export interface Arrival {
  messageId: string;
  sentAt: string;
  /** the stamp of the replay that sent it (cli/front-door) */
  replay?: string;
  objects: TrailObject[];
  events: ArrivedEvent[];
  /** keys that are not log files: digests, insights, removals */
  notLogs: number;
}

export interface ArrivedEvent {
  event: CloudTrailEvent;
  provenance: Provenance;
  source: string;
}

/**
 * Reads one message. Throws a named error for a message that cannot be read, for an event from a topic that is not configured
 * (`UnknownTopic`), from another account than its topic's (`AccountMismatch`), or from no account of ours or a
 * partner's (`UnknownAccount`). What a partner may say comes by the partners' queue, and log files are announced by the
 * trail's only: else `WrongQueue` and `NoticeOfPartner`.
 */
export function arrivalOf(message: Message, door: Door): Arrival {
  const sent = Number(message.attributes.SentTimestamp);
  const replay = replayOf(message);
  const arrival: Arrival = {
    messageId: message.messageId,
    sentAt: new Date(Number.isFinite(sent) ? sent : Date.now()).toISOString(),
    objects: [],
    events: [],
    notLogs: 0,
    ...(replay && { replay }),
  };
  const decoded = decodeMessage(message.body);
  if (decoded.kind === 'nothing') return arrival;
  const { topicArn } = decoded;
  const byPartners = isByPartners(message, door);
  if (decoded.kind === 'objects') {
    // The sender of a notification decides which files are read and believed.
    if (byPartners || (topicArn !== null && door.topics.includes(topicArn)))
      throw new AuditError('NoticeOfPartner', 'a partner announces log files, which the trail alone does');
    return { ...arrival, objects: decoded.objects, notLogs: decoded.notLogs };
  }
  return { ...arrival, events: [arrivedEvent(decoded.event, topicArn, byPartners, door)] };
}

/** The partner's account that a message came from; null for the trail's queue, `unknown` where no topic of a partner is named. */
export function senderOf(message: Message, door: Door): string | null {
  if (!isByPartners(message, door)) return null;
  const topic = topicOf(message.body);
  return (topic && door.topics.includes(topic) && accountInArn(topic)) || 'unknown';
}

/**
 * The stamp of the replay that sent a message; null for all others. A partner cannot set it: SNS puts the attributes of a publisher into the
 * envelope, not on the SQS message (SNS guide, raw message delivery).
 */
export function replayOf({ messageAttributes }: Message): string | null {
  const stamp = messageAttributes.replay?.stringValue ?? '';
  return isReplayStamp(stamp) ? stamp : null;
}

function isByPartners({ eventSourceARN }: Message, { partnerQueue }: Door): boolean {
  return eventSourceARN === partnerQueue;
}

function topicOf(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? textAt(value, 'TopicArn') : null;
  } catch {
    return null;
  }
}

function arrivedEvent(
  event: CloudTrailEvent,
  topicArn: string | null,
  byPartners: boolean,
  door: Door,
): ArrivedEvent {
  if (topicArn === null) {
    if (event.account === door.account && !byPartners) {
      return { event, provenance: 'trail', source: `eventbridge:${event.region}:${event.account}` };
    }
    throw new AuditError(
      'UnknownAccount',
      `an event of account ${event.account} came without a partner's topic`,
    );
  }
  if (!door.topics.includes(topicArn))
    throw new AuditError('UnknownTopic', `${topicArn} is not a partner's topic`);
  if (accountInArn(topicArn) !== event.account) {
    throw new AuditError('AccountMismatch', `${topicArn} sent an event of account ${event.account}`);
  }
  if (!byPartners) throw new AuditError('WrongQueue', `an event of ${topicArn} came by the trail's queue`);
  return { event, provenance: 'partner', source: topicArn };
}
