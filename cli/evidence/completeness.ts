import type { DigestFile } from '../../core/digests/digest-file.ts';
import type { DigestLocation } from '../../core/digests/digest-key.ts';
import { AuditedRoles } from '../../core/identities/roles.ts';
import { covers } from '../../core/linking/call-answer.ts';
import { useOf } from '../../core/linking/use.ts';
import { normalize } from '../../core/reading/normalize.ts';
import type { AuditEvent } from '../../core/records/event.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { RecordError } from '../../core/records/read.ts';
import type { Report } from './format.ts';

/** A digest in the bundle that CloudTrail signed. */
export interface SignedDigest {
  uri: string;
  location: DigestLocation;
  digest: DigestFile;
}

/** What the log files in a bundle show of the calls that are not in it. */
export interface Completeness {
  /** log files of which every record was looked at, each with the SHA-256 that CloudTrail signed */
  files: number;
  /** calls of the session found in them */
  calls: number;
  /** records in them that cannot be read: nothing is said of those */
  unread: number;
  /** one for each digest: how many of the log files that CloudTrail delivered in its time were looked at */
  hours: Hour[];
}

export interface Hour {
  account: string;
  region: string;
  /** ISO 8601 */
  from: string;
  to: string;
  /** of a backfill digest: it names late files alone, not all of its hour */
  backfill: boolean;
  looked: number;
  delivered: number;
}

/** Is this record of a log file a call of the session? `source`: `s3://bucket/key`. Throws RecordError for one that cannot be read. */
export function callOfSession(
  text: string,
  source: string,
  { answer }: Pick<Report, 'answer'>,
): string | null {
  const event = eventOf(text, source);
  if (event?.credential !== answer.credential || !covers(answer, useOf(event).hash)) return null;
  return event.eventID;
}

function eventOf(text: string, source: string): AuditEvent | null {
  const origin = { source, provenance: 'trail' as const, account: logKeyParts(source)?.account ?? null };
  try {
    return normalize(JSON.parse(text), origin, new AuditedRoles(['*']));
  } catch (error) {
    // Records of users and of services are not calls of any session.
    if (error instanceof RecordError && error.name === 'NotRelevant') return null;
    throw error;
  }
}

/** For which hours that holds. `looked`: the sources whose records were all looked at. */
export function hoursOf(digests: readonly SignedDigest[], looked: ReadonlySet<string>): Hour[] {
  return digests.map(
    ({ location: { account, region, backfill }, digest: { startTime, endTime, logFiles } }) => {
      const named = logFiles.map(({ bucket, key }) => `s3://${bucket}/${key}`);
      const there = named.filter(source => looked.has(source)).length;
      return {
        account,
        region,
        from: startTime,
        to: endTime,
        backfill,
        looked: there,
        delivered: named.length,
      };
    },
  );
}
