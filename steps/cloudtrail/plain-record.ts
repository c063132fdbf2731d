import type { Json } from './read.ts';

/**
 * A call that hands out no credentials. Records that repeat the fields of `action` or of `setting` to the letter share the
 * object, so nobody may change it. `eventID` and `eventTime` are undefined where only deciding was asked for.
 */
export interface PlainRecord {
  action: Action;
  setting: Json;
  eventID: unknown;
  eventTime: unknown;
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
  return { ...read.setting, ...read.action, eventID: read.eventID, eventTime: read.eventTime };
}
