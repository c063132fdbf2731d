import { asRecord } from '../../core/identities/identity.ts';
import { copiesAmong } from '../../core/linking/one-call.ts';
import { accountInArn } from '../../core/records/arn.ts';
import { oneRequest } from '../../core/records/one-request.ts';
import { type Json, textAt } from '../../core/records/read.ts';
import { doingOf } from '../../core/resources/doing.ts';
import type { DoneCall } from '../../core/resources/summary.ts';
import type { BundledRecord, Report } from './format.ts';

/** A call of the report, what it did, and where its record was read. */
export interface ReportedCall extends DoneCall {
  source: string;
  /** eventIDs of the other records of the request: another account's, addenda */
  others: string[];
}

/** The session's own calls in their order, each request once. A call whose record is missing is left to the check to name. */
export function reportedCalls({ answer, calls }: Report, records: readonly BundledRecord[]): ReportedCall[] {
  // Our own trail's record stands for a call that a partner told of, too.
  const byId = new Map<string, { bundled: BundledRecord; record: Json }>();
  for (const bundled of records) {
    if (byId.get(bundled.eventID)?.bundled.provenance === 'trail') continue;
    byId.set(bundled.eventID, { bundled, record: asRecord(JSON.parse(bundled.record)) });
  }
  const own = calls.flatMap(eventID => byId.get(eventID) ?? []);
  const callerAccount = accountInArn(answer.arn);
  const copies = copiesAmong(
    own.map(({ bundled: { eventID, recipientAccountId }, record }) => ({
      ...{ eventID, recipientAccountId, callerAccount, ...oneRequest(record) },
      eventTime: textAt(record, 'eventTime') ?? '',
    })),
  );
  const shown = own.filter(({ bundled }) => !copies.has(bundled.eventID));
  const others = Map.groupBy(copies.keys(), eventID => copies.get(eventID));
  return shown.map(({ bundled, record }) => callOf(bundled, record, others.get(bundled.eventID) ?? []));
}

function callOf({ eventID, source }: BundledRecord, record: Json, others: string[]): ReportedCall {
  return {
    eventID,
    source,
    others,
    eventTime: textAt(record, 'eventTime') ?? '',
    eventSource: textAt(record, 'eventSource') ?? '',
    eventName: textAt(record, 'eventName') ?? '',
    errorCode: textAt(record, 'errorCode'),
    sourceIPAddress: textAt(record, 'sourceIPAddress'),
    doing: doingOf(record),
  };
}
