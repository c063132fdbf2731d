import type { Issuance } from '../records/event.ts';
import type { Draft } from './drafts.ts';
import { type CredentialFacts, isSessionCredential, issuanceName } from './facts.ts';
import type { Use } from './use.ts';

/**
 * Sessions of one credential that are told apart: its answers are replaced in one transaction, which takes 100 writes
 * (DynamoDB guide, constraints).
 */
export const mostSessions = 100;
/** Uses of a credential that are read: a session shows a handful. And own issuances under one name. */
export const mostUses = 200;
export const mostIssuances = 200;
/** What one partner says of one credential: the first by name count. A call has one copy; SDKs retry a few times. */
export const mostClaims = 20;
/** Credentials that one partner says were asked for with one other. */
export const mostClaimedChildren = 1_000;

/** The facts that count, the same whatever order they came in. One more than the bound is kept: it tells that there are more. */
export function boundedFacts(facts: { issuances: readonly Issuance[]; uses: readonly Use[] }): {
  issuances: Issuance[];
  uses: Use[];
} {
  const own = facts.issuances.filter(({ provenance }) => provenance === 'trail');
  const claims = facts.issuances.filter(({ provenance }) => provenance === 'partner');
  const bySender = Map.groupBy(claims, ({ recipientAccountId }) => recipientAccountId);
  return {
    issuances: [
      ...firstOf(own, mostIssuances + 1, issuanceName),
      ...[...bySender.values()].flatMap(list => firstOf(list, mostClaims, issuanceName)),
    ],
    uses: firstOf(facts.uses, mostUses + 1, ({ hash }) => hash),
  };
}

/** The first by name, in the order they had. */
export function firstOf<T>(list: readonly T[], most: number, nameOf: (each: T) => string): T[] {
  if (list.length <= most) return [...list];
  const names = new Set(list.map(nameOf).sort().slice(0, most));
  return list.filter(each => names.has(nameOf(each)));
}

/**
 * The sessions to be answered, null where they are too many to tell apart: only a forged log shows one key so. Sessions that
 * a partner alone reports take no room from others.
 */
export function boundedDrafts(facts: CredentialFacts, drafts: readonly Draft[]): readonly Draft[] | null {
  const own = facts.issuances.filter(({ provenance }) => provenance === 'trail');
  const proven = drafts.filter(each => !isClaimAlone(each));
  const keyed = !isSessionCredential(facts.credential);
  if (facts.uses.length > mostUses || (keyed && own.length > mostIssuances)) return null;
  if (proven.length > mostSessions) return null;
  const claimed = drafts.filter(isClaimAlone);
  return [
    ...proven,
    ...firstOf(claimed, mostSessions - proven.length, each =>
      each.claimed.map(({ best }) => issuanceName(best)).join(' '),
    ),
  ];
}

function isClaimAlone({ issued, uses, claimed }: Draft): boolean {
  return uses.length === 0 && issued === null && claimed.length > 0;
}
