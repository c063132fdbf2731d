import { useOf } from '../../core/linking/use.ts';
import type { AuditEvent, Provenance } from '../../core/records/event.ts';
import { agentOf, type CallEntry, type Evidence, timeSortKey } from '../../core/records/evidence.ts';
import { binary, type Item, optionalText, strings, text } from './attributes.ts';
import { type Compacted, compactRecord, expandRecord } from './record-text.ts';

/** A record about to become evidence: the event and the record's text as delivered. */
export interface NewEvidence {
  event: AuditEvent;
  text: string;
}

export function copyOf(event: Pick<AuditEvent, 'recipientAccountId' | 'provenance'>): string {
  return `${event.recipientAccountId}#${event.provenance}`;
}

export function evidenceKey(event: Pick<AuditEvent, 'eventID' | 'recipientAccountId' | 'provenance'>): Item {
  return strings({ eventID: event.eventID, copy: copyOf(event) });
}

/** The item of a record. Every KB it begins is a write unit: for a record of 1 to 2.5 KB it stays below one. */
export function evidenceItem({ event, text: record }: NewEvidence, execution: string): Item {
  const said = {
    ...evidenceKey(event),
    ...strings({
      credential: event.credential,
      accessKeyId:
        event.credential === event.caller.accessKeyId ? null : event.credential && event.caller.accessKeyId,
      at: timeSortKey(event),
      use: event.credential && useOf(event).hash,
      eventName: event.eventName,
      eventSource: event.eventSource,
      awsRegion: event.awsRegion,
      errorCode: event.errorCode,
      sourceIPAddress: event.sourceIPAddress,
      agent: agentOf(event.userAgent),
      denied: event.denied,
      request: event.amends ?? event.sharedEventID,
      amends: event.amends,
    }),
  };
  const { coding, bytes } = compactRecord({ record, source: event.source, execution }, beside(said));
  return {
    ...said,
    digest: { B: Buffer.from(event.hash, 'hex') },
    coding: { S: coding },
    record: { B: bytes },
  };
}

export function evidenceOf(item: Item): Evidence {
  return { eventID: text(item, 'eventID'), ...splitCopy(item), digest: recordHash(item), ...compacted(item) };
}

export function callOf(item: Item): CallEntry {
  const [eventTime = ''] = text(item, 'at').split('#');
  return {
    eventID: text(item, 'eventID'),
    ...splitCopy(item),
    eventTime,
    eventName: text(item, 'eventName'),
    eventSource: text(item, 'eventSource'),
    awsRegion: optionalText(item, 'awsRegion'),
    errorCode: optionalText(item, 'errorCode'),
    sourceIPAddress: optionalText(item, 'sourceIPAddress'),
    agent: optionalText(item, 'agent'),
    use: text(item, 'use'),
    request: optionalText(item, 'request'),
    amends: optionalText(item, 'amends'),
  };
}

/** What of an item is in its record too, so that the record's compact form refers to it. Part of the coding `d2`. */
const besideRecord = [
  'eventID',
  'accessKeyId',
  'credential',
  'at',
  'denied',
  'agent',
  'sourceIPAddress',
  'errorCode',
  'awsRegion',
  'eventSource',
  'eventName',
];

function beside(item: Item): string {
  return besideRecord.map(name => item[name]?.S ?? '').join('"');
}

function compacted(item: Item): Compacted {
  const stored = { coding: text(item, 'coding'), bytes: binary(item, 'record') };
  return expandRecord(stored, beside(item));
}

function recordHash(item: Item): string {
  return Buffer.from(binary(item, 'digest')).toString('hex');
}

function splitCopy(item: Item): { recipientAccountId: string; provenance: Provenance } {
  const [recipientAccountId = '', provenance] = text(item, 'copy').split('#');
  return { recipientAccountId, provenance: provenance === 'partner' ? 'partner' : 'trail' };
}
