import { answersOf } from './answer.ts';
import { inParallel } from './parallel.ts';
import type { CredentialAnswers, SessionAnswer } from './session-answer.ts';
import type { CredentialState, SessionStore } from './session-store.ts';

type Cache = Map<string, Promise<CredentialState>>;

/** Tries before giving up; each retry means that another execution made progress on the same credential. */
const mostTries = 20;
const childrenAtOnce = 8;

/**
 * Brings stored answers up to date. What depends on a credential is settled before its own new answer is written: so an
 * answer that is up to date says that its dependants are, even after a crash in the middle, and facts that come again
 * cost no more than a look.
 */
export class Settling {
  readonly answered = new Map<string, SessionAnswer[]>();
  readonly #store: SessionStore;
  readonly #shared: Cache = new Map();
  /** when each credential was begun, and begun with nothing remembered, in turns of a clock of this run */
  readonly #begun = new Map<string, number>();
  readonly #begunAnew = new Map<string, number>();
  #clock = 0;

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** Its facts as of this run, which its settlement begins with. */
  read(credential: string): Promise<CredentialState> {
    return remembering(this.#shared, this.#store)(credential);
  }

  /** Settles a credential once. */
  settle(credential: string): Promise<void> {
    return this.#settle(credential, null, []);
  }

  /**
   * `since`: the credential must be settled with facts read after that turn, nothing remembered from before; null: with
   * any. `waiting`: credentials that wait for this one, which ends the loops that only forged records have.
   */
  async #settle(credential: string, since: number | null, waiting: readonly string[]): Promise<void> {
    const begun = since === null ? this.#begun : this.#begunAnew;
    if (waiting.includes(credential) || (begun.get(credential) ?? -1) >= (since ?? 0)) return;
    this.#clock += 1;
    this.#begun.set(credential, this.#clock);
    if (since !== null) this.#begunAnew.set(credential, this.#clock);
    this.answered.set(credential, await this.#answer(credential, since !== null, [...waiting, credential]));
  }

  async #answer(credential: string, anew: boolean, waiting: readonly string[]): Promise<SessionAnswer[]> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const remembered = !anew && tries === 0;
      this.#clock += 1;
      const turn = this.#clock;
      const readOnce = remembering(remembered ? this.#shared : new Map(), this.#store);
      const state = await readOnce(credential);
      const next = await answersOf(state, readOnce);
      if (next.answers.length > 0 && sameAnswers(state, next)) return next.answers;
      // Ancestors may be remembered from before what is stored was written: it is replaced only after reading anew.
      if (remembered && state.basis.length > 0) continue;
      // Where facts were read anew, so must the dependants be: the answer about to be written says that they rest on these.
      // Those known since the facts were read are enough: whoever wrote another later settles it, and sees these facts.
      const children = state.children ?? (await this.#store.children(credential));
      await inParallel(children, childrenAtOnce, child =>
        this.#settle(child, remembered ? null : turn, waiting),
      );
      if (next.answers.length === 0) return [];
      if (await this.#store.replace(credential, state, next)) return next.answers;
    }
    throw new CorrelationContended(credential);
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
