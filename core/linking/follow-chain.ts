import { isTemporaryKey } from '../identities/roles.ts';
import type { Caller } from '../records/event.ts';
import { fitting, grantOf, issuedIn } from './asked-with.ts';
import { type Chain, type Flag, type Hop, hopOf, type Joined, partyOf } from './chain.ts';
import { nextOf, type Parent, remember, remembered, type Step, type Way } from './chain-step.ts';
import { believed } from './claims.ts';
import { joinByDate, outliving } from './date-join.ts';
import { factNames, issuanceName, type LoadFacts } from './facts.ts';
import { identityCenterOf } from './identity-center.ts';
import { type Claim, type IssuedSession, isClaim } from './issued-session.ts';
import { namesItself } from './principal.ts';
import { shownBy } from './shown.ts';

/** The longest chain that is followed; role chaining has no documented bound, a loop in forged logs would not end. */
export const mostHops = 64;

/** More issuances to one principal in one second are not SDK's retries. */
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
  const claims: Claim[] = [];
  const seen = new Set(way.seen);
  /** the Identity Center user, once a hop tells it */
  let userId: string | null = null;
  let session = start;
  let joined = known;
  let name = issuanceName(start.best);
  let step: Step | undefined;
  for (;;) {
    seen.add(name);
    for (const { best } of joined.among ?? []) seen.add(issuanceName(best));
    step ??= await stepFrom(session, joined, { ...way, seen }, load);
    hops.push(step.hop);
    basis.push(...step.basis);
    for (const flag of step.flags) flags.add(flag);
    claims.push(...step.claims);
    userId ??= step.userId;
    const end = (open: string | null): Chain => {
      const origin = partyOf(session.caller, session.sessionName);
      return {
        hops,
        origin: { ...origin, onBehalfOf: origin.onBehalfOf ?? userId },
        open,
        basis,
        flags,
        claims,
      };
    };
    const { next } = step;
    if ('open' in next) return end(next.open);
    if (seen.has(next.name)) return end('the chain returns to a session that it has passed');
    if (hops.length >= mostHops) return end(`the chain was followed for ${mostHops} hops only`);
    for (const flag of next.flags) flags.add(flag);
    ({ session, joined, name } = next);
    // What lies behind a claim rests on it, however well it is proven itself.
    const claimed = step.hop.joinedBy === 'claimed';
    if (claimed) joined = { ...joined, joinedBy: 'claimed' };
    const alone = way.straight || claimed;
    if (!alone) next.step ??= remembered(next, load);
    step = alone ? undefined : next.step;
  }
}

async function stepFrom(session: IssuedSession, joined: Joined, way: Way, load: LoadFacts): Promise<Step> {
  const basis: string[] = [];
  const flags = new Set<Flag>();
  const center = way.straight ? null : await identityCenterOf(session, joined, load, basis);
  const hop = hopOf(
    session,
    center ? { ...joined, grants: [...(joined.grants ?? []), ...center.grants] } : joined,
  );
  const claims = [...session.claims];
  const parent: Parent = center?.application
    ? { session: center.application, joinedBy: 'grant' }
    : await parentOf(session, way, load, basis, claims);
  const step: Step = {
    hop,
    userId: center?.userId ?? null,
    basis,
    flags,
    claims,
    next: nextOf(session, parent),
  };
  remember(step, session, joined, way, load);
  return step;
}

/**
 * The session an issuance was asked with: by its key, else by what the service says, else by principal and creation date. What a
 * partner lent (the key, the creation date) may be chosen among those of one principal: what it leads to is claimed.
 */
async function parentOf(
  child: IssuedSession,
  { seen = new Set(), straight = false }: Way,
  load: LoadFacts,
  basis: string[],
  claims: Claim[],
): Promise<Parent> {
  const { caller } = child;
  const granted = await grantOf(child, load, basis);
  if (granted) return granted;
  const key = isTemporaryKey(caller.accessKeyId) ? caller.accessKeyId : null;
  if (key) {
    const facts = await load(key);
    basis.push(...factNames(facts));
    const { facts: trusted, refuted } = await believed(facts, load, basis);
    claims.push(...refuted);
    const [own, another] = fitting(child, trusted);
    if (another) return { open: `more than one issuance of ${key} fits` };
    if (own) return { session: own, ...(child.lent && { joinedBy: 'claimed' as const }) };
    if (issuedIn(trusted).some(each => !isClaim(each)))
      return { open: `${key} was issued to another principal, or at another time` };
  }
  if (namesItself(caller) || !caller.session) return { open: openEnd(caller) };
  const join = await joinByDate(shownBy(caller), load, basis, {
    key,
    seenAt: child.issuedAt,
    except: seen,
    tags: child.best.tags,
  });
  const missing = key ? `no issuance of ${key} was seen` : openEnd(caller);
  const [first] = join?.candidates ?? [];
  if (!join || !first) return { open: missing, dated: true };
  if (!join.mechanism) return { open: `${missing}; ${candidatesText(join.candidates)}`, dated: true };
  const { mechanism, grants, candidates } = join;
  if (candidates.length > 1 && (straight || !(await haveOneOrigin(candidates, load, basis, seen))))
    return {
      open: `${candidates.length} issuances of several origins fit the session it was asked with`,
      dated: true,
    };
  return {
    session: outliving(first),
    joinedBy: child.lent ? 'claimed' : 'principal-and-creation-date',
    mechanism,
    grants,
    among: candidates,
  };
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

function openEnd(caller: Caller): string | null {
  if (namesItself(caller)) return null;
  if (caller.type === 'AWSAccount')
    return `account ${caller.accountId} did not send its copy, which names the caller`;
  return 'the record does not show the credential it was asked with';
}
