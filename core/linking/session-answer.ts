import { shortHash } from '../hash.ts';
import { citedBy, type Flag, type Hop, type Party } from './chain.ts';
import type { CiRun } from './ci-run.ts';
import type { Claim } from './issued-session.ts';
import type { Kind } from './kind.ts';
import type { Mechanism } from './mechanism.ts';

/**
 * `delivered`: AWS logs no issuance of such a credential, and the record itself names who has it. `unknown`: the issuance
 * lies where these logs do not reach; beside what is stored, readers say it where the logs have a gap
 * (core/coverage/session-coverage.ts). `claimed`: only a partner reports the issuance, and these logs do not cover its time and account.
 */
export type Status = 'linked' | 'unlinked' | 'ambiguous' | 'delivered' | 'unknown' | 'claimed';

/** What a session is where only a partner's claim reports its issuance. */
export type AsClaimed = Pick<
  SessionAnswer,
  | 'arn'
  | 'principalId'
  | 'roleArn'
  | 'sessionName'
  | 'sourceIdentity'
  | 'issuedAt'
  | 'expiresAt'
  | 'issuerEventIDs'
  | 'chain'
  | 'origin'
  | 'mechanism'
  | 'kind'
  | 'named'
  | 'reason'
>;

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
  /** the sign-in sessions that its keys are from, as its calls say; absent: they say none */
  signInSessions?: string[];
  issuedAt: string | null;
  expiresAt: string | null;
  /** until when calls may belong to it, where that is later: keys that no record issues are renewed */
  usableUntil?: string;
  issuerEventIDs: string[];
  chain: Hop[];
  origin: Party | null;
  /** how the credential came about, as far as is known */
  mechanism: Mechanism | null;
  /** what it is, as a person would say it */
  kind: Kind | null;
  /** the run of a pipeline that the origin's subject names; absent: it names none */
  ci?: CiRun;
  /** who approved the delegated access that a product provider used: in whose session it acted, not who acted */
  approver?: Party;
  /** the person's name, where AWS vouches for it: a role session's name counts only where Identity Center chose it */
  named: string | null;
  /** an id was made anonymous: key, ARN and time decided alone */
  masked: boolean;
  flags: Flag[];
  /** what partners say of its issuance, and our own trail does not; absent: nothing */
  claims?: Claim[];
  /** what reports say where our own trail does not cover the issuance (core/coverage/session-coverage.ts) */
  asClaimed?: AsClaimed;
  /** the credential shows too many principals to tell them apart: the one answer for all its calls */
  crowded?: true;
  /** the uses (hashes) this session covers */
  uses: string[];
  /** AWS accepted a call made with it */
  used: boolean;
  /** when it began, as far as is known: the time of issue, the creation date, or the first call */
  began: string;
  /** whether `began` is the time of issue or the creation date; a first call may come hours after it */
  creationKnown: boolean;
}

/** All answers of one credential, and the facts they were derived from. */
export interface CredentialAnswers {
  answers: SessionAnswer[];
  basis: string[];
}

/** The longer name a session has when another would share its own. */
export function nameAmongOthers({ session, principalId, began, issuerEventIDs }: SessionAnswer): string {
  return `${session}.${shortHash([principalId, began, issuerEventIDs]).slice(0, 8)}`;
}

/** The eventIDs that an answer names: of its issuances, its chain and the claims beside it. */
export function namedEvents(answer: SessionAnswer): string[] {
  const claimed = answer.claims?.map(({ eventID }) => eventID) ?? [];
  return [...answer.issuerEventIDs, ...answer.chain.flatMap(citedBy), ...claimed];
}
