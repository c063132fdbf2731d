import type { Party } from '../../core/linking/chain.ts';

/** Says the names of users by id, as far as it can. Never rejects. */
export type AskNames = (userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Says the ids of users with this name or mail, as far as it can. Never rejects. */
export type AskIds = (name: string) => Promise<readonly string[]>;

/**
 * What Identity Center's users are called, by user id: for showing only. An answer, a report and a bundle derive from
 * records alone, and records have the id.
 */
export class People {
  readonly #names: Map<string, string>;
  readonly #ask: AskNames | null;
  readonly #askIds: AskIds | null;
  /** each id is asked for once, also where several pages want it at the same time */
  readonly #asked = new Map<string, Promise<void>>();

  constructor(
    names: ReadonlyMap<string, string> = new Map(),
    ask: AskNames | null = null,
    askIds: AskIds | null = null,
  ) {
    this.#names = new Map(names);
    this.#ask = ask;
    this.#askIds = askIds;
  }

  nameOf(userId: string): string | null {
    return this.#names.get(userId.toLowerCase()) ?? null;
  }

  /** The IDs of users with this name, in any case, at most `most`: by the given names, else by the identity store. */
  async idsOf(name: string, most: number): Promise<string[]> {
    const wanted = name.trim().toLowerCase();
    const ids: string[] = [];
    for (const [id, known] of this.#names) {
      if (ids.length < most && known.toLowerCase() === wanted) ids.push(id);
    }
    if (ids.length > 0 || !this.#askIds || wanted === '') return ids;
    return [...(await this.#askIds(name.trim()))].slice(0, most);
  }

  /** Asks for the names of users whom these answers show and who have no name so far. */
  async meet(answers: readonly Shown[]): Promise<void> {
    if (!this.#ask) return;
    const nameless = [...new Set(answers.flatMap(userIdsIn))].filter(id => this.nameOf(id) === null);
    const strangers = nameless.filter(id => !this.#asked.has(id));
    if (strangers.length > 0) {
      const learned = this.#learn(strangers, this.#ask);
      for (const id of strangers) this.#asked.set(id, learned);
    }
    await Promise.all(nameless.map(id => this.#asked.get(id)));
  }

  /** The names of users whom an answer shows, by their IDs as it has them; empty where none is known. */
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

  async #learn(userIds: readonly string[], ask: AskNames): Promise<void> {
    for (const [id, name] of await ask(userIds)) this.#names.set(id.toLowerCase(), name);
  }
}

/** Where nothing is known but ids. */
export const noNames = new People();

/** What shows people: an answer, or a line of a report. */
export interface Shown {
  origin: Party | null;
  chain: readonly { caller: Party }[];
  approver?: Party | null;
}

function userIdsIn({ origin, chain, approver }: Shown): string[] {
  const parties = [origin ?? [], chain.map(hop => hop.caller), approver ?? []].flat();
  return [...new Set(parties.flatMap(({ onBehalfOf }) => (onBehalfOf ? [onBehalfOf] : [])))];
}

/** Identity store API reference, ResourceId. */
const userId = /^(?:[0-9a-f]{10}-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether it looks as the id of a user of Identity Center does; what a log has in its place may be anything. */
export function isUserId(text: string): boolean {
  return userId.test(text);
}
