import type { Caller, SessionTags } from './event.ts';

/** What an issuance hands out: the part of it that only the record's request and response tell. */
export interface Issued {
  accessKeyId: string | null;
  expiresAt: string;
  expirationKnown: boolean;
  roleArn: string | null;
  principalId: string | null;
  arn: string | null;
  sessionName: string | null;
  sourceIdentity: string | null;
  externalId: string | null;
  tags: SessionTags;
  /** who asked, where the record's own userIdentity is the session that was handed out */
  caller?: Caller;
}
