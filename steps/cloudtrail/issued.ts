import type { Caller, IssuedCredential } from './event.ts';

/** The part of an issuance that only the record's request and response tell. */
export interface Issued extends IssuedCredential {
  /** who asked, where the record's own userIdentity is the session that was handed out */
  caller?: Caller;
}
