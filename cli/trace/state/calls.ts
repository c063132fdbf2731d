import type { Provenance } from '../../../core/records/event.ts';
import type { CallEntry } from '../../../core/records/evidence.ts';
import type { Call } from '../../queries/seen-session.ts';

/** A record with what it was done by and with. */
export interface CallRow {
  row: number;
  eventID: string;
  account: string;
  provenance: Provenance;
  time: string;
  source: string;
  name: string;
  error: string | null;
  region: string | null;
  address: string | null;
  agent: string | null;
  credential: string | null;
  accessKey: string | null;
  use: string | null;
  callerAccount: string | null;
  shared: string | null;
  amends: string | null;
}

/** To be followed by a condition. */
export const callSql = `
  SELECT row, eventID, account, provenance, time, actions.source AS source, name, error, region, address, agent, credential,
    accessKey, use, callerAccount, shared, amends
  FROM records JOIN settings USING (setting) JOIN actions USING (action)`;

/** A call as a report is made of it. */
export function callOf(row: CallRow): Call {
  return {
    eventID: row.eventID,
    recipientAccountId: row.account,
    eventTime: row.time,
    eventSource: row.source,
    eventName: row.name,
    accessKeyId: row.accessKey,
    credential: row.credential ?? '',
    use: row.use ?? '',
    errorCode: row.error,
    awsRegion: row.region,
    sharedEventID: row.shared,
    amends: row.amends,
    callerAccount: row.callerAccount,
  };
}

/** A call as a list of a credential's calls has it. */
export function entryOf(row: CallRow): CallEntry {
  return {
    eventID: row.eventID,
    recipientAccountId: row.account,
    provenance: row.provenance,
    eventTime: row.time,
    eventName: row.name,
    eventSource: row.source,
    awsRegion: row.region,
    errorCode: row.error,
    sourceIPAddress: row.address,
    agent: row.agent,
    use: row.use ?? '',
    request: row.amends ?? row.shared,
    amends: row.amends,
  };
}
