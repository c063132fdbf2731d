import { type BatchFacts, issuanceName } from '../../../core/linking/facts.ts';
import { attemptName } from '../../../core/linking/refused.ts';
import type { Use } from '../../../core/linking/use.ts';
import type { FactRows } from './part.ts';

/** Facts as they are written, a row each. */
export function factRows({ issuances, uses, children, claimedChildren, refused }: BatchFacts): FactRows {
  const named = [...issuances].flatMap(([credential, list]) =>
    list.map(issuance => ({ credential, name: issuanceName(issuance), issuance })),
  );
  return {
    issuances: [...new Map(named.map(({ name, issuance }) => [name, JSON.stringify(issuance)]))],
    issued: named.map(({ credential, name }) => [credential, name]),
    uses: [...uses].flatMap(([credential, list]) => list.map(use => useRow(credential, use))),
    children: pairs(children),
    claimedChildren: pairs(claimedChildren),
    attempts: refused.map(each => [attemptName(each), each.eventID, JSON.stringify(each)]),
  };
}

function useRow(credential: string, use: Use): FactRows['uses'][number] {
  const { firstSeen, lastSeen, firstTaken, lastTaken, ...shown } = use;
  return [credential, use.hash, JSON.stringify(shown), [firstSeen, lastSeen, firstTaken, lastTaken]];
}

function pairs(links: ReadonlyMap<string, ReadonlySet<string>>): [string, string][] {
  return [...links].flatMap(([parent, children]) =>
    [...children].map(child => [parent, child] satisfies [string, string]),
  );
}
