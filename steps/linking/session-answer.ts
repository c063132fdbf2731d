import type { Hop, Party } from './chain.ts';
import type { Flag } from './flags.ts';

/** `unknown` is never stored: readers say it where the logs have a gap (steps/session-coverage.ts). */
export type Status = 'linked' | 'unlinked' | 'ambiguous' | 'unknown';

/** What is known of one session: who used the credential, who it was issued to, hop by hop. */
export interface SessionAnswer {
  session: string;
  /** the credential whose facts it was derived from: a key, or the session's own name at the console */
  credential: string;
  accessKeyId: string | null;
  status: Status;
  /** why it is not linked, or where a linked chain stays open; null when nothing is missing */
  reason: string | null;
  arn: string | null;
  principalId: string | null;
  roleArn: string | null;
  sessionName: string | null;
  sourceIdentity: string | null;
  issuedAt: string | null;
  expiresAt: string | null;
  issuerEventIDs: string[];
  chain: Hop[];
  origin: Party | null;
  flags: Flag[];
  /** the uses (hashes) this session covers */
  uses: string[];
  /** when it began, as far as is known: the time of issue, the creation date, or the first call */
  began: string;
}

/** All answers of one credential, and the facts they were derived from. */
export interface CredentialAnswers {
  answers: SessionAnswer[];
  basis: string[];
}
