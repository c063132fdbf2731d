import type { Json } from '../records/read.ts';

/**
 * A call that hands out no credentials. Records that repeat the fields of `action` or of `setting` to the letter share the
 * object, so nobody may change it. What is said of one call alone is undefined where only
 * deciding was asked for.
 */
export interface PlainRecord {
  action: Action;
  setting: Json;
  eventID: unknown;
  eventTime: unknown;
  sharedEventID: unknown;
  addendum: unknown;
}

/** `eventSource` and `eventName` are not empty. */
export interface Action {
  eventSource: string;
  eventName: string;
  errorCode: string | null | undefined;
}

/** Any other record, as JSON.parse gives it. */
export interface WholeRecord {
  whole: unknown;
}

/** A record as relevance and normalize take it. */
export function recordOf(read: PlainRecord | WholeRecord): unknown {
  if ('whole' in read) return read.whole;
  const { setting, action, eventID, eventTime, sharedEventID, addendum } = read;
  return { ...setting, ...action, eventID, eventTime, sharedEventID, addendum };
}
