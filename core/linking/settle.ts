import { inParallel } from '../parallel.ts';
import { answersOf, outcomePrefix } from './answer.ts';
import { mostHops } from './follow-chain.ts';
import { Reading } from './reading.ts';
import type { CredentialAnswers, SessionAnswer } from './session-answer.ts';
import type { CredentialState, SessionStore } from './session-store.ts';

/** Tries before giving up; each retry means that another execution made progress on the same credential. */
const mostTries = 20;
/** Credentials looked at or written at once. */
const width = 16;
/** Credentials whose states are held at once. */
const slice = 1_000;
/**
 * No answer rests on facts that are more links away: its own chain, and in it one chain that is held against another; a few
 * links lie within a hop (a session of the console, Identity Center's own records).
 */
const mostLinks = 2 * mostHops + 16;

/** A credential's answers as they are to be, and as they were when they were read. */
interface Derived {
  credential: string;
  seen: CredentialState;
  next: CredentialAnswers;
  /** the reading that `next` rests on */
  reading: Reading;
}

/**
 * Brings stored answers up to date. What depends on a credential is settled before its own new answer is written: so an
 * answer that is up to date says that its dependants are, even after a crash in the middle, and facts that come again
 * cost no more than a look. Each dependant is settled once a run, and each partition read once, unless another execution
 * writes at the same time.
 */
export class Settling {
  /** answers of the credentials that were to be settled */
  readonly answered = new Map<string, SessionAnswer[]>();
  /** all that were looked at */
  readonly looked = new Set<string>();
  readonly #store: SessionStore;
  #reading: Reading;
  /** when the reading began that a credential was last derived from */
  readonly #derivedFrom = new Map<string, number>();
  /** what is to be written of each credential, last derived */
  readonly #latest = new Map<string, Derived>();
  readonly #tries = new Map<string, number>();
  #clock = 0;

  constructor(store: SessionStore) {
    this.#store = store;
    this.#reading = new Reading(store, 0);
  }

  /** Its facts as of this run, which its settlement begins with. */
  read(credential: string): Promise<CredentialState> {
    return this.#reading.load(credential);
  }

  /** Settles credentials and all that depends on them. Throws {@link CorrelationContended}. */
  async settle(credentials: readonly string[]): Promise<void> {
    for (const credential of credentials) this.answered.set(credential, []);
    await this.#round(credentials);
  }

  /**
   * Lets go of the states that were read, where many credentials are settled a part at a time and nobody writes facts meanwhile. Which
   * credentials were derived stays known: no later part derives them again because they depend on it.
   */
  forgetStates(): void {
    this.#reading = new Reading(this.#store, this.#reading.began);
    this.#latest.clear();
    this.answered.clear();
  }

  /** Looks link by link for what changes, from the credentials down, and writes it from the last dependants up. */
  async #round(credentials: readonly string[]): Promise<void> {
    const levels: Derived[][] = [];
    let next: readonly string[] = [...new Set(credentials)];
    for (let links = 0; next.length > 0 && links <= mostLinks; links += 1) {
      const { changed, below } = await this.#look(next);
      levels.push(changed);
      next = below;
    }
    for (const level of levels.reverse()) await this.#write(level);
  }

  /** `changed`: what waits for `below`, its dependants. What has none is written at once. */
  async #look(credentials: readonly string[]): Promise<{ changed: Derived[]; below: string[] }> {
    const changed: Derived[] = [];
    const below = new Map<string, number>();
    for (let at = 0; at < credentials.length; at += slice) {
      const alone: Derived[] = [];
      const derived = await this.#derive(credentials.slice(at, at + slice));
      await inParallel(derived, width, async each => {
        const { credential, seen, reading } = each;
        // Those known since the facts were read are enough: whoever wrote another later settles it, and sees these facts.
        const children = seen.children ?? (await this.#store.children(credential));
        // Derived from older facts, a dependant would lack what the answer about to be written says that it has.
        const due = children.filter(child => (this.#derivedFrom.get(child) ?? -1) < reading.began);
        for (const child of due) below.set(child, reading.began);
        (children.length === 0 ? alone : changed).push(each);
      });
      await this.#write(alone);
      for (const { credential, reading } of alone) reading.forget(credential);
    }
    return { changed, below: [...below.keys()] };
  }

  /** The answers of these credentials that are not what is stored, or of which nothing is stored that would tell. */
  async #derive(credentials: readonly string[]): Promise<Derived[]> {
    const reading = this.#reading;
    // All before any answer is derived: so one newer reading will do for all that need it.
    const read = await inParallel(credentials, width, async credential => {
      const seen = await reading.load(credential);
      this.#clock += 1;
      return { credential, seen, at: this.#clock };
    });
    const derived = await inParallel(read, width, async ({ credential, seen, at }): Promise<Derived> => {
      const next = await answersOf(seen, reading.load);
      if (isStored(seen, next) || isNewer(seen, next)) return { credential, seen, next, reading };
      // The remembered facts may be older than the stored answer: it is replaced only after reading again.
      const anew = this.#since(at);
      return {
        credential,
        seen,
        next: await answersOf(await anew.load(credential), anew.load),
        reading: anew,
      };
    });
    for (const each of derived) this.#note(each);
    return derived.filter(({ seen, next }) => !isStored(seen, next));
  }

  /** A reading that began after this turn. */
  #since(turn: number): Reading {
    if (this.#reading.began < turn) {
      this.#clock += 1;
      this.#reading = new Reading(this.#store, this.#clock);
    }
    return this.#reading;
  }

  #note(derived: Derived): void {
    const { credential, next, reading } = derived;
    this.looked.add(credential);
    this.#derivedFrom.set(credential, reading.began);
    this.#latest.set(credential, derived);
    if (this.answered.has(credential)) this.answered.set(credential, next.answers);
  }

  async #write(level: readonly Derived[]): Promise<void> {
    const again: string[] = [];
    await inParallel(level, width, async each => {
      const { credential, seen, next } = each;
      // Derived again meanwhile, and written further down.
      if (this.#latest.get(credential) !== each) return;
      this.#latest.delete(credential);
      if (next.answers.length === 0 || (await this.#store.replace(credential, seen, next))) return;
      const tries = (this.#tries.get(credential) ?? 0) + 1;
      if (tries >= mostTries) throw new CorrelationContended(credential);
      this.#tries.set(credential, tries);
      again.push(credential);
    });
    if (again.length === 0) return;
    this.#clock += 1;
    this.#since(this.#clock);
    await this.#round(again);
  }
}

export class CorrelationContended extends Error {
  override name = 'TransientError';
  constructor(credential: string) {
    super(`the answers of ${credential} were replaced by other executions ${mostTries} times in a row`);
  }
}

/** Are the answers stored? What they rest on and what came of it stands in their basis. */
function isStored(seen: CredentialState, { answers, basis }: CredentialAnswers): boolean {
  return (
    answers.length > 0 &&
    seen.basis.length === basis.length &&
    basis.every((name, at) => name === seen.basis[at])
  );
}

/**
 * Do the answers rest on all that the stored ones rest on, and on more? Facts are never taken back: then nothing that is
 * stored is newer. Of another session's answer, which a key at the console repeats, facts do not tell all: uses widen.
 */
function isNewer(seen: CredentialState, { answers, basis }: CredentialAnswers): boolean {
  if (seen.basis.length === 0) return true;
  const known = new Set(basis);
  return (
    seen.basis.every(name => known.has(name) || name.startsWith(outcomePrefix)) &&
    answers.every(({ credential }) => credential === seen.credential)
  );
}
