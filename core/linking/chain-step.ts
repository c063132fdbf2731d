import type { Flag, Hop, Joined } from './chain.ts';
import { issuanceName, type LoadFacts } from './facts.ts';
import type { Claim, IssuedSession } from './issued-session.ts';
import { tagsDiffer } from './tags.ts';

/** How a chain may be followed. */
export interface Way {
  /** names of issuances that cannot be ahead: they lie behind */
  seen?: ReadonlySet<string>;
  /** where several issuances fit a hop, it ends: so the work stays bounded where chains are compared */
  straight?: boolean;
}

export type Parent = ({ session: IssuedSession } & Joined) | Open;

/** Why a chain ends. `dated`: nothing was found by principal and creation date, which depends on what lies behind. */
export interface Open {
  open: string | null;
  dated?: true;
}

/** One hop of a chain and where it goes on: the same for every chain that comes by. */
export interface Step {
  hop: Hop;
  userId: string | null;
  /** names of the facts it was read from */
  basis: string[];
  flags: Set<Flag>;
  /** what partners say of it otherwise */
  claims: Claim[];
  next: Open | Onward;
}

export interface Onward {
  session: IssuedSession;
  joined: Joined;
  /** of its issuance */
  name: string;
  flags: Set<Flag>;
  /** the step from there, once it is known */
  step?: Step | undefined;
}

export function nextOf(session: IssuedSession, parent: Parent): Step['next'] {
  if ('open' in parent) return parent;
  const { caller } = session;
  const flags = new Set<Flag>();
  holdAgainst(session, parent.session, flags);
  const joined = {
    roleArn: caller.session?.issuer?.arn ?? null,
    person: caller.onBehalfOf?.userId ?? null,
    ...parent,
  };
  return { session: parent.session, joined, name: issuanceName(parent.session.best), flags };
}

// Source identity and transitive tags are set once and go down the chain unchanged (IAM guide).
function holdAgainst(child: IssuedSession, parent: IssuedSession, flags: Set<Flag>): void {
  if (parent.sourceIdentity && child.sourceIdentity && parent.sourceIdentity !== child.sourceIdentity) {
    flags.add('source-identity-differs');
  }
  if (tagsDiffer(child.best.tags, parent.best.tags)) flags.add('transitive-tags-differ');
}

/** Steps by what they are read with: as long as that remembers what it read, they stay the same. */
const steps = new WeakMap<LoadFacts, WeakMap<IssuedSession, Map<string, Step>>>();

export function remembered({ session, joined }: Onward, load: LoadFacts): Step | undefined {
  const name = nameOfJoin(joined);
  return name === null ? undefined : steps.get(load)?.get(session)?.get(name);
}

export function remember(
  step: Step,
  session: IssuedSession,
  joined: Joined,
  way: Way,
  load: LoadFacts,
): void {
  const name = way.straight ? null : nameOfJoin(joined);
  const { next } = step;
  // What is looked for by date depends on what lies behind: another chain may find something else.
  if (name === null || ('open' in next ? next.dated : nameOfJoin(next.joined) === null)) return;
  const ofLoad = steps.get(load) ?? new WeakMap<IssuedSession, Map<string, Step>>();
  const ofSession = ofLoad.get(session) ?? new Map<string, Step>();
  steps.set(load, ofLoad.set(session, ofSession.set(name, step)));
}

/** Null for a session that was not found by its key. */
function nameOfJoin({
  roleArn = null,
  person = null,
  joinedBy,
  mechanism,
  grants,
  among,
}: Joined): string | null {
  return joinedBy || mechanism || grants || among ? null : `${roleArn} ${person}`;
}
