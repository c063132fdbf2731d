import { answersOf, type CredentialAnswers, type SessionAnswer } from './answer.ts';
import { inParallel } from './parallel.ts';
import type { CredentialState, SessionStore } from './session-store.ts';

type Cache = Map<string, Promise<CredentialState>>;

/** Tries before giving up; each retry means that another execution made progress on the same credential. */
const mostTries = 20;
const childrenAtOnce = 8;

/**
 * Brings stored answers up to date, each credential once. What depends on a credential is settled before its own new
 * answer is written: so an answer that is up to date says that its dependants are, even after a crash in the middle, and
 * facts that come again cost no more than a look.
 */
export class Settling {
  readonly answered = new Map<string, SessionAnswer[]>();
  readonly #store: SessionStore;
  readonly #begun: Set<string>;
  /** credentials that wait for what is settled here */
  readonly #waiting: readonly string[];
  readonly #shared: Cache = new Map();

  constructor(store: SessionStore, waiting: readonly string[] = []) {
    this.#store = store;
    this.#waiting = waiting;
    this.#begun = new Set(waiting);
  }

  async settle(credential: string): Promise<void> {
    // Also ends the loops that only forged records have.
    if (this.#begun.has(credential)) return;
    this.#begun.add(credential);
    this.answered.set(credential, await this.#answer(credential));
  }

  async #answer(credential: string): Promise<SessionAnswer[]> {
    let cache = this.#shared;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const readOnce = remembering(cache, this.#store);
      const state = await readOnce(credential);
      const next = await answersOf(state, readOnce);
      if (next.answers.length > 0 && sameAnswers(state, next)) return next.answers;
      // Ancestors may be remembered from before what is stored was written: it is replaced only after reading anew.
      const certain = cache !== this.#shared || state.basis.length === 0;
      if (certain) {
        await this.#settleChildren(credential, cache === this.#shared);
        if (next.answers.length === 0) return [];
        if (await this.#store.replace(credential, state, next)) return next.answers;
      }
      // Nothing shared from here on: the ancestors are read after the answers that are to be replaced.
      cache = new Map();
    }
    throw new CorrelationContended(credential);
  }

  /**
   * What this run has settled already rests on what it had read until then. Where the facts were read anew, the
   * dependants must be settled anew: the answer that is about to be written says that they rest on the same facts.
   */
  async #settleChildren(credential: string, firstRead: boolean): Promise<void> {
    const children = await this.#store.children(credential);
    const settling = firstRead ? this : new Settling(this.#store, [...this.#waiting, credential]);
    await inParallel(children, childrenAtOnce, child => settling.settle(child));
    if (settling !== this)
      for (const [child, answers] of settling.answered) this.answered.set(child, answers);
  }
}

function remembering(cache: Cache, store: SessionStore) {
  return (credential: string): Promise<CredentialState> => {
    const known = cache.get(credential) ?? store.read(credential);
    cache.set(credential, known);
    return known;
  };
}

export class CorrelationContended extends Error {
  override name = 'TransientError';
  constructor(credential: string) {
    super(`the answers of ${credential} were replaced by other executions ${mostTries} times in a row`);
  }
}

function sameAnswers(one: CredentialAnswers, other: CredentialAnswers): boolean {
  return JSON.stringify([one.answers, one.basis]) === JSON.stringify([other.answers, other.basis]);
}
