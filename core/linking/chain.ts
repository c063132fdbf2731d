import { roleWithoutPath } from '../records/arn.ts';
import type { Caller } from '../records/event.ts';
import type { Claim, IssuedSession, JoinedBy } from './issued-session.ts';
import { type Mechanism, mechanismOf } from './mechanism.ts';

/** What an investigator should look at in a session: it should not happen, or a partner says otherwise. */
export type Flag =
  | 'used-before-issuance'
  | 'used-after-expiry'
  | 'other-principal-under-key'
  | 'source-identity-differs'
  | 'transitive-tags-differ'
  | 'claim-contradicts-trail';

/** Who stands at the end of a chain (or asked for one hop of it). */
export interface Party {
  type: string;
  arn: string | null;
  principalId: string | null;
  accountId: string | null;
  userName: string | null;
  invokedBy: string | null;
  identityProvider: string | null;
  /** the Identity Center user behind a role session */
  onBehalfOf: string | null;
  /** what a service acted for, as its session's name tells: an instance's id, a function's name */
  workload: string | null;
}

/** One issuance on the way from a call to its origin. */
export interface Hop {
  eventIDs: string[];
  eventName: string;
  eventTime: string;
  roleArn: string | null;
  sourceIdentity: string | null;
  /** the external id it was asked with, where it was asked with one (STS: `ExternalId`) */
  externalId?: string;
  /** the sign-in session that the caller's own key is from, where the record says so */
  signInSession?: string;
  caller: Party;
  joinedBy: JoinedBy;
  /** how the credential of this hop came about */
  mechanism: Mechanism;
  /** eventIDs of sign-ins and tokens that say that somebody has keys which no record shows; absent: none */
  grants?: string[];
  /** the session is one of several that were issued to this principal in one second: `eventIDs` has all of them */
  issuance?: 'ambiguous';
}

/** eventIDs of all records that a hop rests on. */
export function citedBy({ eventIDs, grants = [] }: Hop): string[] {
  return [...eventIDs, ...grants];
}

export interface Chain {
  hops: Hop[];
  origin: Party;
  /** why the chain may go on beyond `origin`; null when it ends there */
  open: string | null;
  /** the facts it was read from, beside those of the first issuance */
  basis: string[];
  flags: Set<Flag>;
  /** what partners say otherwise of its hops */
  claims: Claim[];
}

/** How a session of a chain is known, where its issuance does not tell. */
export interface Joined {
  /** how it was joined to its issuance, where not by key */
  joinedBy?: JoinedBy | undefined;
  /** the role its calls show */
  roleArn?: string | null;
  mechanism?: Mechanism | undefined;
  grants?: readonly string[];
  /** all issuances that it may come from, where they are several of one origin */
  among?: readonly IssuedSession[];
  /** the Identity Center user that its calls name */
  person?: string | null;
}

/** The role of a session: as its issuance tells, else as its calls show it, else by its ARN, which lacks the path. */
export function roleOfSession(session: IssuedSession, shown: string | null): string | null {
  return session.roleArn ?? shown ?? (session.arn && roleWithoutPath(session.arn));
}

export function hopOf(session: IssuedSession, joined: Joined): Hop {
  const { joinedBy, mechanism, roleArn = null, grants = [], among = [] } = joined;
  const ambiguous = among.length > 1;
  const externalId = oneOf((ambiguous ? among : [session]).map(each => each.externalId));
  const signInSession = session.best.caller.session?.signInSessionArn;
  return {
    eventIDs: ambiguous ? [...new Set(among.flatMap(each => each.eventIDs))].sort() : session.eventIDs,
    eventName: session.best.eventName,
    eventTime: session.issuedAt,
    roleArn: roleOfSession(session, roleArn),
    sourceIdentity: session.sourceIdentity,
    ...(externalId && { externalId }),
    ...(signInSession && { signInSession }),
    caller: partyOf(session.caller, session.sessionName),
    joinedBy: session.joinedBy === 'claimed' ? 'claimed' : (joinedBy ?? session.joinedBy),
    mechanism: mechanism ?? mechanismOf({ ...session.best, roleArn: roleOfSession(session, roleArn) }),
    ...(grants.length > 0 && { grants: [...grants] }),
    ...(ambiguous && { issuance: 'ambiguous' as const }),
  };
}

/** What all say alike; of several issuances that fit, none stands for the others. */
function oneOf(said: readonly (string | null)[]): string | null {
  const [first = null, ...others] = new Set(said);
  return others.length === 0 ? first : null;
}

/** The Lambda service's own sessions: no function has such a name (seen in real logs). */
const lambdaItself = /^awslambda_\d+_\d+$/;

// A service names the session after what it acts for: EC2 after the instance, Lambda after the function.
export function partyOf(caller: Caller, sessionName: string | null): Party {
  const { type, arn, principalId, accountId, userName, invokedBy, identityProvider } = caller;
  const onBehalfOf = caller.onBehalfOf?.userId ?? null;
  const itself =
    sessionName !== null && invokedBy === 'lambda.amazonaws.com' && lambdaItself.test(sessionName);
  const workload = type === 'AWSService' && !itself ? sessionName : null;
  return { type, arn, principalId, accountId, userName, invokedBy, identityProvider, onBehalfOf, workload };
}
