import { roleWithoutPath } from '../cloudtrail/arn.ts';
import type { Caller } from '../cloudtrail/event.ts';
import { isTemporaryKey } from '../cloudtrail/roles.ts';
import { believed } from './claims.ts';
import { isConsoleSession } from './console-session.ts';
import { type CredentialFacts, callersSession, factNames, issuanceName, type LoadFacts } from './facts.ts';
import type { Flag } from './flags.ts';
import { type IssuedSession, issuedSessions, type JoinedBy } from './issued-session.ts';
import { namesItself, samePrincipal } from './principal.ts';
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

/** How the session at the beginning of a chain is known, where its issuance does not tell. */
export interface Start {
  /** how it was joined to its issuance, where not by key */
  joinedBy?: JoinedBy | undefined;
  /** the role its calls show */
  roleArn?: string | null;
}

/** Follows a session from its own issuance to the first one. Loops and forged cycles end with `open` saying so. */
export async function followChain(start: IssuedSession, load: LoadFacts, known: Start = {}): Promise<Chain> {
  const hops: Hop[] = [];
  const basis: string[] = [];
  const flags = new Set<Flag>();
  const seen = new Set<string>();
  let session = start;
  let joined = known.joinedBy;
  let shownRole = known.roleArn ?? null;
  for (;;) {
    hops.push(hopOf(session, joined, shownRole));
    seen.add(issuanceName(session.best));
    if (session.contradicted) flags.add('claim-contradicts-trail');
    const { caller } = session;
    const end = (open: string | null): Chain => ({
      hops,
      origin: partyOf(caller, session.sessionName),
      open,
      basis,
      flags,
    });
    if (!isTemporaryKey(caller.accessKeyId)) return end(openEnd(caller));
    const parent = await parentOf(session, load, basis, flags);
    if (parent === null)
      return end(namesItself(caller) ? null : `no issuance of ${caller.accessKeyId} was seen`);
    if (parent === 'ambiguous') return end(`more than one issuance of ${caller.accessKeyId} fits`);
    if (seen.has(issuanceName(parent.session.best))) return end('the chain comes back to itself');
    if (hops.length >= mostHops) return end(`the chain was followed over ${mostHops} hops only`);
    holdAgainst(session, parent.session, flags);
    session = parent.session;
    joined = parent.joinedBy;
    shownRole = caller.session?.issuer?.arn ?? null;
  }
}

type Parent = { session: IssuedSession; joinedBy?: JoinedBy };

async function parentOf(
  child: IssuedSession,
  load: LoadFacts,
  basis: string[],
  flags: Set<Flag>,
): Promise<Parent | 'ambiguous' | null> {
  const { caller } = child;
  const fittingOf = async (facts: CredentialFacts) => {
    const { facts: trusted, refuted } = await believed(facts, load, basis);
    if (refuted) flags.add('claim-contradicts-trail');
    return fitting(child, trusted);
  };
  const byKey = await load(caller.accessKeyId as string);
  basis.push(...factNames(byKey));
  const own = await fittingOf(byKey);
  if (own.length > 0) return own[0] && own.length === 1 ? { session: own[0] } : 'ambiguous';
  // The console signs with fresh keys that no record issues: there the session's creation date joins.
  const name = namesItself(caller) ? null : callersSession(caller);
  if (!name) return null;
  const session = await load(name);
  basis.push(...factNames(session));
  if (!caller.session?.fromConsole && !isConsoleSession(session, caller)) return null;
  const [parent, another] = await fittingOf(session);
  if (another) return 'ambiguous';
  return parent ? { session: parent, joinedBy: 'console-creation-date' } : null;
}

function fitting(child: IssuedSession, { issuances }: CredentialFacts): IssuedSession[] {
  const { caller } = child;
  const same = issuedSessions(issuances).filter(
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

/** What our own trail says outranks what a partner claims. */
export function preferTrail(sessions: IssuedSession[]): IssuedSession[] {
  const own = sessions.filter(session => session.best.provenance === 'trail');
  return own.length > 0 ? own : sessions;
}

/** Those issued nearest to a session's creation date; all when it is not known. */
export function nearest(sessions: IssuedSession[], creationDate: string | null): IssuedSession[] {
  if (creationDate === null || sessions.length < 2) return sessions;
  const distance = (session: IssuedSession) =>
    Math.abs(Date.parse(session.issuedAt) - Date.parse(creationDate));
  const least = Math.min(...sessions.map(distance));
  return sessions.filter(session => distance(session) === least);
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

function hopOf(session: IssuedSession, joinedBy: JoinedBy | undefined, shownRole: string | null): Hop {
  return {
    eventIDs: session.eventIDs,
    eventName: session.best.eventName,
    eventTime: session.issuedAt,
    roleArn: roleOfSession(session, shownRole),
    sourceIdentity: session.sourceIdentity,
    caller: partyOf(session.caller, session.sessionName),
    joinedBy: session.joinedBy === 'claimed' ? 'claimed' : (joinedBy ?? session.joinedBy),
  };
}

// A service names the session after what it acts for: EC2 after the instance, Lambda after the function.
function partyOf(caller: Caller, sessionName: string | null): Party {
  const { type, arn, principalId, accountId, userName, invokedBy, identityProvider } = caller;
  const onBehalfOf = caller.onBehalfOf?.userId ?? null;
  const workload = type === 'AWSService' ? sessionName : null;
  return { type, arn, principalId, accountId, userName, invokedBy, identityProvider, onBehalfOf, workload };
}
