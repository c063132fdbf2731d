import type { Party } from '../../steps/linking/chain.ts';

/** Says a user's name, or null where it has none to say. Never rejects. */
export type AskName = (userId: string) => Promise<string | null>;

/**
 * What Identity Center's users are called, by user id: for showing only. An answer, a report and a bundle derive from
 * records alone, and records have the id.
 */
export class People {
  readonly #names: Map<string, string>;
  readonly #ask: AskName | null;
  /** one request for each id, also while several pages want it */
  readonly #asked = new Map<string, Promise<void>>();

  constructor(names: ReadonlyMap<string, string> = new Map(), ask: AskName | null = null) {
    this.#names = new Map(names);
    this.#ask = ask;
  }

  nameOf(userId: string): string | null {
    return this.#names.get(userId.toLowerCase()) ?? null;
  }

  /** Asks for the names of those whom these answers show, and whom nothing has named so far. */
  async meet(answers: readonly Shown[]): Promise<void> {
    const ask = this.#ask;
    if (!ask) return;
    const strangers = [...new Set(answers.flatMap(userIdsIn))].filter(id => this.nameOf(id) === null);
    await Promise.all(
      strangers.map(id => {
        const asked = this.#asked.get(id) ?? this.#learn(id, ask);
        this.#asked.set(id, asked);
        return asked;
      }),
    );
  }

  /** The names of those whom an answer shows, by their ids as it has them; empty where none is known. */
  namesIn(answer: Shown): Record<string, string> {
    return Object.fromEntries(
      userIdsIn(answer).flatMap(id => {
        const name = this.nameOf(id);
        return name === null ? [] : [[id, name]];
      }),
    );
  }

  /** The answer with a field `people` beside its own where a name is known, else as it is: for JSON. */
  beside<T extends Shown>(answer: T): T & { people?: Record<string, string> } {
    const people = this.namesIn(answer);
    return Object.keys(people).length > 0 ? { ...answer, people } : answer;
  }

  async #learn(userId: string, ask: AskName): Promise<void> {
    const name = await ask(userId);
    if (name !== null) this.#names.set(userId.toLowerCase(), name);
  }
}

/** Where nothing is known but ids. */
export const noNames = new People();

/** What shows people: an answer, or a line of a report. */
export interface Shown {
  origin: Party | null;
  chain: readonly { caller: Party }[];
}

function userIdsIn({ origin, chain }: Shown): string[] {
  const parties = [...(origin ? [origin] : []), ...chain.map(hop => hop.caller)];
  return [...new Set(parties.flatMap(({ onBehalfOf }) => (onBehalfOf ? [onBehalfOf] : [])))];
}
