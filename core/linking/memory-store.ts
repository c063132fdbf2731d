import type { Issuance } from '../records/event.ts';
import { boundedFacts, firstOf, mostClaimedChildren } from './bounds.ts';
import { type BatchFacts, issuanceName } from './facts.ts';
import type { CredentialAnswers } from './session-answer.ts';
import type { CredentialState, SessionStore } from './session-store.ts';
import { type Use, widen } from './use.ts';

/** Few, so that stories of a handful of records take both ways. */
const manyChildren = 3;

/**
 * The session store in memory: the twin of the table, for tests and for linking a handful of records. It keeps what
 * answers are derived from: refused attempts are not among it.
 */
export class MemorySessionStore implements SessionStore {
  readonly #issuances = new Map<string, Map<string, Issuance>>();
  readonly #uses = new Map<string, Map<string, Use>>();
  readonly #children = new Map<string, Set<string>>();
  readonly #claimedChildren = new Map<string, Set<string>>();
  readonly #answers = new Map<string, CredentialAnswers>();

  async writeFacts(facts: BatchFacts): Promise<void> {
    for (const [credential, issuances] of facts.issuances) {
      const known = this.#issuances.get(credential) ?? new Map<string, Issuance>();
      for (const issuance of issuances) {
        if (!known.has(issuanceName(issuance))) known.set(issuanceName(issuance), issuance);
      }
      this.#issuances.set(credential, known);
    }
    for (const [credential, uses] of facts.uses) {
      const known = this.#uses.get(credential) ?? new Map<string, Use>();
      for (const use of uses) known.set(use.hash, widen(known.get(use.hash) ?? use, use));
      this.#uses.set(credential, known);
    }
    for (const [links, all] of [
      [facts.children, this.#children],
      [facts.claimedChildren, this.#claimedChildren],
    ] as const) {
      for (const [parent, children] of links) {
        all.set(parent, new Set([...(all.get(parent) ?? []), ...children]));
      }
    }
  }

  async read(credential: string): Promise<CredentialState> {
    const issuances = [...(this.#issuances.get(credential)?.values() ?? [])];
    const uses = [...(this.#uses.get(credential)?.values() ?? [])];
    const children = await this.children(credential);
    return {
      credential,
      ...boundedFacts({ issuances, uses }),
      children: children.length > manyChildren ? null : children,
      ...(this.#answers.get(credential) ?? { answers: [], basis: [] }),
    };
  }

  async children(credential: string): Promise<string[]> {
    const claimed = [...(this.#claimedChildren.get(credential) ?? [])];
    const bySender = Map.groupBy(claimed, name => name.slice(0, name.indexOf('#')));
    const counted = [...bySender.values()].flatMap(list => firstOf(list, mostClaimedChildren, name => name));
    const children = counted.map(name => name.slice(name.indexOf('#') + 1));
    return [...new Set([...(this.#children.get(credential) ?? []), ...children])].sort();
  }

  async replace(credential: string, seen: CredentialAnswers, next: CredentialAnswers): Promise<boolean> {
    const stored = this.#answers.get(credential)?.basis ?? [];
    if (stored.join() !== seen.basis.join()) return false;
    if (next.answers.length > 0) this.#answers.set(credential, next);
    return true;
  }

  /** Every answer, by session: what "the stored answer" means in a comparison. */
  all(): Record<string, unknown> {
    return Object.fromEntries([...this.#answers].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
