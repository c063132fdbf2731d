import type { Provenance } from './event.ts';

/** One copy of a record, as it is kept. */
export interface Evidence {
  eventID: string;
  recipientAccountId: string;
  provenance: Provenance;
  /** SHA-256 of the record as delivered; reports and stored items call it so */
  digest: string;
  source: string;
  /** the execution that wrote it */
  execution: string;
  /** the whole record as delivered; empty where it is `missing` */
  record: string;
  /** present where the record lies in a file that is not there any more, or has changed: `why` in a sentence */
  missing?: { why: string; known: KnownOfRecord };
}

/** What is known of a record without its text. */
export interface KnownOfRecord {
  eventTime: string;
  eventSource: string;
  eventName: string;
  errorCode: string | null;
  sharedEventID: string | null;
  amends: string | null;
  /** the credential that the call was made with, and its use (core/linking/use.ts); null: no call under an audited role */
  credential: string | null;
  use: string | null;
  /** the credentials that what it hands out is known under */
  issues: string[];
  /** a refused attempt to assume this audited role */
  denied: string | null;
}

/** One call as a list of a credential's calls has it. */
export interface CallEntry {
  eventID: string;
  recipientAccountId: string;
  provenance: Provenance;
  eventTime: string;
  eventName: string;
  eventSource: string;
  awsRegion: string | null;
  errorCode: string | null;
  sourceIPAddress: string | null;
  /** the beginning of the user agent, see {@link agentOf} */
  agent: string | null;
  use: string;
  /** what all records of one request share: a sharedEventID, of an addendum the eventID that it completes; null: it has one record */
  request: string | null;
  /** the eventID that this record, an addendum, completes */
  amends: string | null;
}

/** Characters of the event's id that keep calls of one second in one order. */
const idInTime = 8;

/** The sort key of a call among the calls of its credential: lists are sorted by it and continue from it. */
export function timeSortKey({ eventTime, eventID }: Pick<CallEntry, 'eventTime' | 'eventID'>): string {
  return `${eventTime}#${eventID.slice(0, idInTime)}`;
}

/** Characters of a user agent that lists of calls carry: enough to tell one client from another. */
const mostAgent = 60;

/** S3 writes a user agent in brackets: without them it is the same client's. */
export function agentOf(userAgent: string | null): string | null {
  return (
    userAgent
      ?.replace(/^\[(.*)\]$/, '$1')
      .slice(0, mostAgent)
      .toWellFormed() ?? null
  );
}
