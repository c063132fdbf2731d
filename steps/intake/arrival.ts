import type { SQSRecord } from 'aws-lambda';
import type { Provenance } from '../cloudtrail/provenance.ts';
import type { TrailObject } from '../contract.ts';
import { AuditError } from '../errors.ts';
import { decodeMessage } from '../messages/decode.ts';
import type { CloudTrailEvent } from '../messages/message.ts';

/** Who may knock: the partners' topics, and our own account. */
export interface Door {
  topics: readonly string[];
  account: string;
}

/** One queue message, read. */
export interface Arrival {
  messageId: string;
  sentAt: string;
  objects: TrailObject[];
  events: ArrivedEvent[];
  /** keys that are no log files: digests, insights, removals */
  notLogs: number;
}

export interface ArrivedEvent {
  event: CloudTrailEvent;
  provenance: Provenance;
  source: string;
}

/**
 * Reads one message. Throws by name for what cannot be read, and for an event from a topic that is not configured
 * (`UnknownTopic`), from another account than its topic's (`AccountMismatch`), or from no account of ours or a
 * partner's (`UnknownAccount`).
 */
export function arrivalOf(message: SQSRecord, door: Door): Arrival {
  const sent = Number(message.attributes.SentTimestamp);
  const arrival: Arrival = {
    messageId: message.messageId,
    sentAt: new Date(Number.isFinite(sent) ? sent : Date.now()).toISOString(),
    objects: [],
    events: [],
    notLogs: 0,
  };
  const decoded = decodeMessage(message.body);
  if (decoded.kind === 'objects') return { ...arrival, objects: decoded.objects, notLogs: decoded.notLogs };
  if (decoded.kind === 'nothing') return arrival;
  return { ...arrival, events: [arrivedEvent(decoded.event, decoded.topicArn, door)] };
}

function arrivedEvent(event: CloudTrailEvent, topicArn: string | null, door: Door): ArrivedEvent {
  if (topicArn === null) {
    if (event.account === door.account) {
      return { event, provenance: 'trail', source: `eventbridge:${event.region}:${event.account}` };
    }
    throw new AuditError(
      'UnknownAccount',
      `an event of account ${event.account} came without a partner's topic`,
    );
  }
  if (!door.topics.includes(topicArn))
    throw new AuditError('UnknownTopic', `${topicArn} is no partner's topic`);
  const owner = topicArn.split(':')[4];
  if (owner !== event.account) {
    throw new AuditError('AccountMismatch', `${topicArn} sent an event of account ${event.account}`);
  }
  return { event, provenance: 'partner', source: topicArn };
}
