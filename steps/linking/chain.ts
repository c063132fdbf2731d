import { roleWithoutPath } from '../cloudtrail/arn.ts';
import type { Caller } from '../cloudtrail/event.ts';
import { isTemporaryKey } from '../cloudtrail/roles.ts';
import { believed } from './claims.ts';
import { joinByDate, outliving } from './date-join.ts';
import { type CredentialFacts, factNames, issuanceName, type LoadFacts, vendedName } from './facts.ts';
import type { Flag } from './flags.ts';
import {
  type IssuedSession,
  issuancesIn,
  issuedSessions,
  type JoinedBy,
  nearest,
  preferTrail,
} from './issued-session.ts';
import { type Mechanism, mechanismOf } from './mechanism.ts';
import { namesItself, samePrincipal } from './principal.ts';
import { shownBy } from './shown.ts';
import { tagsDiffer } from './tags.ts';
import { against } from './window.ts';

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
}

/** The longest chain that is followed; role chaining has no documented bound, a loop in forged logs would not end. */
const mostHops = 64;

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
}

/** More issuances to one principal in one second are no SDK's retries. */
const mostCandidates = 20;

/** Follows a session from its own issuance to the first one. Loops and forged cycles end with `open` saying so. */
export async function followChain(
  start: IssuedSession,
  load: LoadFacts,
  known: Joined = {},
  way: Way = {},
): Promise<Chain> {
  const hops: Hop[] = [];
  const basis: string[] = [];
  const flags = new Set<Flag>();
  const seen = new Set(way.seen);
  let session = start;
  let joined = known;
  for (;;) {
    hops.push(hopOf(session, joined));
    for (const { best } of joined.among ?? [session]) seen.add(issuanceName(best));
    if (session.contradicted) flags.add('claim-contradicts-trail');
    const { caller } = session;
    const end = (open: string | null): Chain => ({
      hops,
      origin: partyOf(caller, session.sessionName),
      open,
      basis,
      flags,
    });
    const parent = await parentOf(session, { ...way, seen }, load, basis, flags);
    if ('open' in parent) return end(parent.open);
    if (seen.has(issuanceName(parent.session.best))) return end('the chain comes back to itself');
    if (hops.length >= mostHops) return end(`the chain was followed over ${mostHops} hops only`);
    holdAgainst(session, parent.session, flags);
    session = parent.session;
    joined = { roleArn: caller.session?.issuer?.arn ?? null, ...parent };
  }
}

/** How a chain may be followed. */
interface Way {
  /** names of issuances that cannot be ahead: they lie behind */
  seen?: ReadonlySet<string>;
  /** where several issuances fit a hop, it ends: so the work stays bounded where chains are compared */
  straight?: boolean;
}

type Parent = ({ session: IssuedSession } & Joined) | { open: string | null };

/** The session an issuance was asked with: by its key, else by what the service says, else by principal and creation date. */
async function parentOf(
  child: IssuedSession,
  { seen = new Set(), straight = false }: Way,
  load: LoadFacts,
  basis: string[],
  flags: Set<Flag>,
): Promise<Parent> {
  const { caller } = child;
  const granted = await grantOf(child, load, basis);
  if (granted) return granted;
  const key = isTemporaryKey(caller.accessKeyId) ? caller.accessKeyId : null;
  if (key) {
    const facts = await load(key);
    basis.push(...factNames(facts));
    const { facts: trusted, refuted } = await believed(facts, load, basis);
    if (refuted) flags.add('claim-contradicts-trail');
    const [own, another] = fitting(child, trusted);
    if (another) return { open: `more than one issuance of ${key} fits` };
    if (own) return { session: own };
    if (issuancesIn(trusted).length > 0)
      return { open: `${key} was issued to another principal, or at another time` };
  }
  if (namesItself(caller) || !caller.session) return { open: openEnd(caller) };
  const join = await joinByDate(shownBy(caller), load, basis, { key, seenAt: child.issuedAt, except: seen });
  const missing = key ? `no issuance of ${key} was seen` : openEnd(caller);
  const [first] = join?.candidates ?? [];
  if (!join || !first) return { open: missing };
  if (!join.mechanism) return { open: `${missing}; ${candidatesText(join.candidates)}` };
  const { mechanism, grants, candidates } = join;
  if (candidates.length > 1 && (straight || !(await haveOneOrigin(candidates, load, basis, seen))))
    return { open: `${candidates.length} issuances of several origins fit the session it was asked with` };
  return {
    session: outliving(first),
    joinedBy: 'principal-and-creation-date',
    mechanism,
    grants,
    among: candidates,
  };
}

/** What is behind a session that a service vended, as the service itself says it. */
async function grantOf(child: IssuedSession, load: LoadFacts, basis: string[]): Promise<Parent | null> {
  const name = vendedName(child.best);
  if (!name) return null;
  const facts = await load(name);
  basis.push(...factNames(facts));
  const grants = facts.issuances.filter(({ provenance }) => provenance === 'trail');
  const [grant, another] = issuedSessions(grants);
  return grant && !another ? { session: grant, joinedBy: 'lake-formation' } : null;
}

/** A hint for a person: what has the principal and the second, and nothing that proves it. */
export function candidatesText(candidates: readonly IssuedSession[]): string {
  const ids = candidates.flatMap(({ eventIDs }) => eventIDs).slice(0, 3);
  return `its principal was issued in the second of its creation date under another key (${ids.join(', ')}), which proves nothing: a caller chooses its session's name`;
}

/** Do all these issuances lead to one origin? Equal in type, account, provider and subject; an equal name proves nothing. */
export async function haveOneOrigin(
  candidates: readonly IssuedSession[],
  load: LoadFacts,
  basis: string[],
  seen: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  if (candidates.length > mostCandidates) return false;
  const origins = new Set<string>();
  const all = new Set([...seen, ...candidates.map(({ best }) => issuanceName(best))]);
  for (const candidate of candidates) {
    const way = { seen: all, straight: true };
    const { origin, basis: read, open } = await followChain(candidate, load, {}, way);
    basis.push(...read);
    const { type, accountId, identityProvider, principalId, arn, invokedBy, workload } = origin;
    origins.add(
      JSON.stringify([
        type,
        accountId,
        identityProvider,
        principalId ?? arn,
        invokedBy,
        workload,
        open !== null,
      ]),
    );
  }
  return origins.size === 1;
}

function fitting(child: IssuedSession, facts: CredentialFacts): IssuedSession[] {
  const { caller } = child;
  const same = issuedSessions(issuancesIn(facts)).filter(
    candidate => samePrincipal(caller, candidate) && against(candidate, child.issuedAt) === 'within',
  );
  return nearest(preferTrail(same), caller.session?.creationDate ?? null);
}

// Source identity and transitive tags are set once and go down the chain unchanged (IAM guide).
function holdAgainst(child: IssuedSession, parent: IssuedSession, flags: Set<Flag>): void {
  if (parent.sourceIdentity && child.sourceIdentity && parent.sourceIdentity !== child.sourceIdentity) {
    flags.add('source-identity-differs');
  }
  if (tagsDiffer(child.best.tags, parent.best.tags)) flags.add('transitive-tags-differ');
}

function openEnd(caller: Caller): string | null {
  if (namesItself(caller)) return null;
  if (caller.type === 'AWSAccount')
    return `account ${caller.accountId} did not send its copy, which names the caller`;
  return 'the record does not show the credential it was asked with';
}

/** The role of a session: as its issuance tells, else as its calls show it, else by its ARN, which lacks the path. */
export function roleOfSession(session: IssuedSession, shown: string | null): string | null {
  return session.roleArn ?? shown ?? (session.arn && roleWithoutPath(session.arn));
}

function hopOf(session: IssuedSession, joined: Joined): Hop {
  const { joinedBy, mechanism, roleArn = null, grants = [], among = [] } = joined;
  const ambiguous = among.length > 1;
  return {
    eventIDs: ambiguous ? [...new Set(among.flatMap(each => each.eventIDs))].sort() : session.eventIDs,
    eventName: session.best.eventName,
    eventTime: session.issuedAt,
    roleArn: roleOfSession(session, roleArn),
    sourceIdentity: session.sourceIdentity,
    caller: partyOf(session.caller, session.sessionName),
    joinedBy: session.joinedBy === 'claimed' ? 'claimed' : (joinedBy ?? session.joinedBy),
    mechanism: mechanism ?? mechanismOf({ ...session.best, roleArn: roleOfSession(session, roleArn) }),
    ...(grants.length > 0 && { grants: [...grants] }),
    ...(ambiguous && { issuance: 'ambiguous' as const }),
  };
}

/** The Lambda service's own sessions: no function has such a name (seen in real logs). */
const lambdaItself = /^awslambda_\d+_\d+$/;

// A service names the session after what it acts for: EC2 after the instance, Lambda after the function.
function partyOf(caller: Caller, sessionName: string | null): Party {
  const { type, arn, principalId, accountId, userName, invokedBy, identityProvider } = caller;
  const onBehalfOf = caller.onBehalfOf?.userId ?? null;
  const itself =
    sessionName !== null && invokedBy === 'lambda.amazonaws.com' && lambdaItself.test(sessionName);
  const workload = type === 'AWSService' && !itself ? sessionName : null;
  return { type, arn, principalId, accountId, userName, invokedBy, identityProvider, onBehalfOf, workload };
}
