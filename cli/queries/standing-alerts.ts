import type { Published } from '@roletrail/local';
import { isObject, type Json, objectAt, stringAt } from '../../core/records/read.ts';

/** An open alert: sent, and not withdrawn since. */
export interface StandingAlert {
  session: string;
  accessKeyId: string | null;
  roleArn: string | null;
  /** ISO 8601 */
  firstSeen: string | null;
  firstCall: {
    eventID: string;
    eventSource: string;
    eventName: string;
    sourceIPAddress: string | null;
  } | null;
}

/** The open alerts on sessions after everything the watch has sent, oldest first. Throws RecordError for a broken one. */
export function standingAlerts(published: readonly Published[]): StandingAlert[] {
  const standing = new Map<string, StandingAlert>();
  for (const entry of published) {
    if (entry.service !== 'events') continue;
    const { 'detail-type': type, detail } = entry.event;
    if (!isObject(detail)) continue;
    if (type === 'Unlinked session') standing.set(String(detail.id), alertOf(detail));
    if (type === 'Unlinked session explained') standing.delete(String(detail.alertId));
  }
  return [...standing.values()].sort((a, b) => ((a.firstSeen ?? '') < (b.firstSeen ?? '') ? -1 : 1));
}

function alertOf(detail: Json): StandingAlert {
  const call = objectAt(detail, 'firstCall');
  return {
    session: String(detail.session),
    accessKeyId: stringAt(detail, 'accessKeyId'),
    roleArn: stringAt(detail, 'roleArn'),
    firstSeen: stringAt(detail, 'firstSeen'),
    firstCall: call && {
      eventID: String(call.eventID),
      eventSource: String(call.eventSource),
      eventName: String(call.eventName),
      sourceIPAddress: stringAt(call, 'sourceIPAddress'),
    },
  };
}
