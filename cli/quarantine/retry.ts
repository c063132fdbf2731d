import { parseArn } from '../../core/records/arn.ts';
import { mayPassAlone } from '../../steps/intake/alone.ts';
import { fromTopic } from '../front-door/messages.ts';
import { partsOf } from '../queries/batch-parts.ts';
import { fileOf } from '../queries/file-integrity.ts';
import type { Entry } from '../queries/quarantine-entries.ts';
import type { Store } from '../queries/store.ts';

type Asked = Pick<Store, 'quarantine' | 'executions'>;

/** A message that brings an entry in again, and the queue it goes to. */
export interface Again {
  queue: 'TrailQueueUrl' | 'PartnerQueueUrl';
  body: string;
}

/**
 * The messages by which an entry comes through the front door again: the message itself that intake refused, a notice of
 * the log file, or a partner's event in its topic's envelope. Null when nothing of it can be sent again. Sending twice is
 * harmless: evidence is written once.
 */
export async function messagesFor(entry: Entry, store: Asked): Promise<Again[] | null> {
  if (entry.batch) return batchMessages(entry, store);
  if (entry.step === 'Intake')
    return entry.raw === null ? null : [{ queue: queueOf(entry), body: entry.raw }];
  const file = fileOf(entry.source);
  if (file) return [notice(file)];
  const message = entry.raw === null ? null : eventMessage(entry.source, entry.raw);
  return message && [message];
}

// By the trail's queue a partner could announce files.
function queueOf({ sender }: Entry): Again['queue'] {
  return sender === null ? 'TrailQueueUrl' : 'PartnerQueueUrl';
}

/** The records of a failed batch as they were kept, or its log files. */
async function batchMessages(entry: Entry, store: Asked): Promise<Again[] | null> {
  const { files, arrived } = await partsOf(entry, store);
  const events = arrived.flatMap(({ source, text }) => eventMessage(source, text) ?? []);
  if (events.length > 0) return events;
  const alone = mayPassAlone(entry.error);
  return files.length > 0 ? files.map(file => notice(file, alone)) : null;
}

function notice({ bucket, key }: { bucket: string; key: string }, alone = false): Again {
  return {
    queue: 'TrailQueueUrl',
    body: JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [key], readAgain: true, ...(alone && { alone }) }),
  };
}

/** A record in EventBridge's envelope, and in its topic's where it is a partner's. Null for another source. */
function eventMessage(source: string, raw: string): Again | null {
  const topic = parseArn(source);
  const [, region, account] = topic
    ? [null, topic.region, topic.account]
    : (/^eventbridge:([^:]+):(\d{12})$/.exec(source) ?? []);
  if (!region || !account) return null;
  const record = /^\s*\{/.test(raw) ? raw : 'null';
  const event = `{"detail-type":"AWS API Call via CloudTrail","account":"${account}","region":"${region}","time":"${new Date().toISOString()}","detail":${record}}`;
  if (source.startsWith('eventbridge:')) return { queue: 'TrailQueueUrl', body: event };
  return { queue: 'PartnerQueueUrl', body: fromTopic(source, event) };
}
