import type { CredentialState, SessionStore } from './session-store.ts';

/**
 * Partitions as they were read in one go: each once, however many answers rest on it. What is derived within one reading
 * rests on the same facts.
 */
export class Reading {
  /** the turn of the run's clock in which it began: nothing in it was read before */
  readonly began: number;
  readonly #store: SessionStore;
  readonly #states = new Map<string, Promise<CredentialState>>();

  constructor(store: SessionStore, began: number) {
    this.#store = store;
    this.began = began;
  }

  readonly load = (credential: string): Promise<CredentialState> => {
    const known = this.#states.get(credential) ?? this.#store.read(credential);
    this.#states.set(credential, known);
    return known;
  };

  /** For what nothing else rests on: so memory does not grow with the dependants of one credential. */
  forget(credential: string): void {
    this.#states.delete(credential);
  }
}
