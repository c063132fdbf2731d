import type { Caller, IssuedCredential } from '../records/event.ts';
import type { Json } from '../records/read.ts';

/** The part of an issuance that only the record's request and response tell. */
export interface Issued extends IssuedCredential {
  /** who asked, where the record's own userIdentity is the session that was handed out */
  caller?: Caller;
}

/** What a row of the table of issuing calls reads; when it ends is read in one way for all. */
export type Handed = Omit<Issued, 'expiresAt' | 'expirationKnown'> & {
  /** as the record has it; undefined where it has none */
  expiration?: unknown;
};

/** What a row reads from. `request` and `response` are empty where the record has none. */
export interface IssuingRecord {
  record: Json;
  request: Json;
  response: Json;
  /** `additionalEventData` */
  data: Json;
  caller: Caller;
  /** ISO 8601 */
  time: string;
}

export interface IssuingCall {
  /** the longest its credentials may live, in seconds, where the record does not say */
  life: number;
  /** Null for a call that handed out nothing. Throws RecordError for a response that is there but cannot be read. */
  read(call: IssuingRecord): Handed | null;
}
