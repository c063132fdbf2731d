import type { Caller, Issuance } from '../cloudtrail/event.ts';
import { isTemporaryKey } from '../cloudtrail/roles.ts';
import { issuanceName } from './facts.ts';
import { type IssuedSession, issuedSessions, type JoinedBy } from './issued-session.ts';
import { namesItself, samePrincipal } from './principal.ts';
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
}

/** One issuance on the way from a call to its origin. */
export interface Hop {
  eventIDs: string[];
  eventName: string;
  eventTime: string;
  roleArn: string | null;
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
  contradicted: boolean;
}

/** The longest chain that is followed; role chaining has no documented bound, a loop in forged logs would not end. */
const mostHops = 64;

/**
 * Follows a session from its own issuance to the first one. `issuancesOf` gives all known issuance copies of a
 * credential. Loops and forged cycles end with `open` saying so.
 */
export async function followChain(
  start: IssuedSession,
  issuancesOf: (credential: string) => Promise<readonly Issuance[]>,
): Promise<Chain> {
  const hops: Hop[] = [];
  const basis: string[] = [];
  const seen = new Set<string>();
  let contradicted = false;
  let session = start;
  for (;;) {
    const name = issuanceName(session.best);
    hops.push(hopOf(session));
    seen.add(name);
    contradicted ||= session.contradicted;
    const { caller } = session;
    const end = (open: string | null): Chain => ({
      hops,
      origin: partyOf(caller),
      open,
      basis,
      contradicted,
    });
    if (!isTemporaryKey(caller.accessKeyId)) return end(openEnd(caller));
    const copies = await issuancesOf(caller.accessKeyId);
    basis.push(...copies.map(issuanceName));
    const parent = parentOf(session, copies);
    if (parent === null) {
      return end(namesItself(caller) ? null : `no issuance of ${caller.accessKeyId} was seen`);
    }
    if (parent === 'ambiguous') return end(`more than one issuance of ${caller.accessKeyId} fits`);
    if (seen.has(issuanceName(parent.best))) return end('the chain comes back to itself');
    if (hops.length >= mostHops) return end(`the chain was followed over ${mostHops} hops only`);
    session = parent;
  }
}

function parentOf(child: IssuedSession, copies: readonly Issuance[]): IssuedSession | 'ambiguous' | null {
  const { caller } = child;
  const fitting = preferTrail(
    issuedSessions(copies).filter(
      candidate => samePrincipal(caller, candidate) && against(candidate, child.issuedAt) === 'within',
    ),
  );
  const [parent, another] = nearest(fitting, caller.session?.creationDate ?? null);
  if (another) return 'ambiguous';
  return parent ?? null;
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

function hopOf(session: IssuedSession): Hop {
  return {
    eventIDs: session.eventIDs,
    eventName: session.best.eventName,
    eventTime: session.issuedAt,
    roleArn: session.roleArn,
    caller: partyOf(session.caller),
    joinedBy: session.joinedBy,
  };
}

export function partyOf(caller: Caller): Party {
  const { type, arn, principalId, accountId, userName, invokedBy, identityProvider } = caller;
  return { type, arn, principalId, accountId, userName, invokedBy, identityProvider };
}
