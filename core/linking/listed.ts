import type { AuditEvent } from '../records/event.ts';
import { agentOf, type CallEntry } from '../records/evidence.ts';
import type { Json } from '../records/read.ts';
import type { Touched } from '../resources/resource.ts';
import { touchedBy } from '../resources/touched.ts';
import { useOf } from './use.ts';

/** A record of our own trail as lists over all sessions have it. */
export interface ListedRecord extends CallEntry {
  /** the credential a call under an audited role was made with; null: it is no such call, and `use` is empty */
  credential: string | null;
  /** it shows no key, as what a service does in a role session: reports of calls leave it out */
  keyless: boolean;
  touched: Touched;
}

/** What names a record's copy among all; sorts by time. Lists continue from it. */
export function recordName({
  eventTime,
  eventID,
  recipientAccountId,
}: Pick<ListedRecord, 'eventTime' | 'eventID' | 'recipientAccountId'>): string {
  return `${eventTime}#${eventID}#${recipientAccountId}`;
}

/** An event as lists over all sessions have it. `record`: the whole record, for what it touched */
export function listed(event: AuditEvent, record: Json): ListedRecord {
  const { eventID, recipientAccountId, provenance, eventTime, eventName, eventSource } = event;
  const { awsRegion, errorCode, sourceIPAddress, credential, amends, sharedEventID } = event;
  return {
    ...{ eventID, recipientAccountId, provenance, eventTime, eventName, eventSource },
    ...{ awsRegion, errorCode, sourceIPAddress, agent: agentOf(event.userAgent) },
    use: credential === null ? '' : useOf(event).hash,
    ...{ request: amends ?? sharedEventID, amends, credential, touched: touchedBy(record) },
    keyless: event.caller.accessKeyId === null,
  };
}
