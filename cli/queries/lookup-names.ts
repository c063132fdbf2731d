import type { FoundSession, Newest } from '../../core/linking/found-sessions.ts';
import { comparable, type NameKind, nameKinds, namesOf, roleFiledAs } from '../../core/linking/names.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { lastPart, parseRoleArn, roleWithoutPath } from '../../core/records/arn.ts';
import { CliError } from '../failure.ts';
import { noNames, type People } from '../people/people.ts';
import type { Store } from './store.ts';

/** What a name finds. */
export interface FoundByName {
  kind: 'name';
  subject: string;
  /** ARNs of the roles that it is a name, an id or an ARN of */
  roles: string[];
  /** at most twenty, or as many as were asked for: the strongest matches first, and of these the newest */
  sessions: SessionAnswer[];
  /** what it is to each of these sessions, by the session's name */
  as: Record<string, Meaning>;
  /** how many sessions more have it */
  more: number;
  /** there are more than `more`: they were not counted to the end */
  uncounted: boolean;
}

/** `role`: the session is of the role with that name. */
export type Meaning = NameKind | 'role';

/** In the order in which they are shown. */
export const meanings: readonly Meaning[] = ['who', 'role', ...nameKinds.filter(kind => kind !== 'who')];

type Asked = Pick<Store, 'sessions' | 'names'>;

export interface LookOptions {
  /** says which users of Identity Center have a name */
  people?: People;
  /** how many sessions of a name are shown */
  limit?: number;
}

/** How many are shown where nobody says how many. */
export const mostCandidates = 20;
/** A name may be of a role in each of many accounts. */
const mostRoles = 20;
/** Users of one name in a directory, whose sessions are looked for. */
const mostUsers = 5;

/** Whatever a session is found by, whoever is behind it and the role it is of; null when nothing has that name. */
export async function named(
  subject: string,
  store: Asked,
  { people = noNames, limit = mostCandidates }: LookOptions = {},
): Promise<FoundByName | null> {
  const users = await people.idsOf(subject, mostUsers);
  const role = parseRoleArn(comparable(subject)) ? comparable(subject) : null;
  const asked = [...new Set([subject, ...(role ? [roleFiledAs(role)] : []), ...users])];
  const found = new Candidates(subject, limit);
  const roles = new Set<string>();
  for (const name of asked) {
    const { roles: arns, sessions, more } = await store.names.find(name);
    await found.addNamed(name, sessions, more, store);
    if (!users.includes(name)) for (const arn of arns) roles.add(arn);
  }
  for (const arn of role ? [role] : [...roles].slice(0, mostRoles)) {
    const newest = await store.sessions.newestOf(arn, limit);
    for (const { roleArn } of newest.answers) if (roleArn !== null) roles.add(roleArn);
    found.addOfRole(newest);
  }
  if (found.isEmpty && roles.size === 0 && found.uncounted)
    throw new CliError(
      `too many sessions have a name that ends like ${subject}, and the newest do not have it: ask for its access key ID or an eventID instead`,
    );
  // A role that was on the way may have no session of its own here: it is known all the same.
  return found.isEmpty && roles.size === 0 ? null : found.result(distinctRoles(roles));
}

/** A role has an ARN with its path and, where only a session showed it, one without: the first stands for both. */
function distinctRoles(arns: Iterable<string>): string[] {
  const roles = new Map<string, string>();
  for (const arn of [...arns].sort((a, b) => b.length - a.length)) {
    if (!roles.has(roleFiledAs(arn))) roles.set(roleFiledAs(arn), arn);
  }
  return [...roles.values()].sort();
}

/** Sessions that were found, each once, as what says most of it. */
class Candidates {
  readonly #subject: string;
  readonly #limit: number;
  readonly #found = new Map<string, { answer: SessionAnswer; as: Meaning }>();
  /** found, and not looked at */
  readonly #others = new Set<string>();
  #ofRoles = 0;
  uncounted = false;

  constructor(subject: string, limit: number) {
    this.#subject = subject;
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#found.size === 0;
  }

  /** Reads the first of them; a session whose answer no longer has the name is left out. */
  async addNamed(
    name: string,
    sessions: readonly FoundSession[],
    more: boolean,
    store: Asked,
  ): Promise<void> {
    const filed = comparable(name);
    let shown = 0;
    let at = 0;
    while (shown < this.#limit && at < sessions.length) {
      const part = sessions.slice(at, at + this.#limit);
      at += part.length;
      for (const answer of await store.names.answersOf(part)) {
        const as = answer && namesOf(answer).get(filed);
        if (!answer || !as) continue;
        this.#add(answer, as);
        shown += 1;
      }
    }
    for (const { session } of sessions.slice(at)) this.#others.add(session);
    this.uncounted ||= more;
  }

  addOfRole({ answers, others, more }: Newest): void {
    for (const answer of answers) this.#add(answer, 'role');
    this.#ofRoles += others;
    this.uncounted ||= more;
  }

  #add(answer: SessionAnswer, as: Meaning): void {
    const known = this.#found.get(answer.session);
    if (!known || meanings.indexOf(as) < meanings.indexOf(known.as))
      this.#found.set(answer.session, { answer, as });
  }

  result(roles: string[]): FoundByName {
    const all = [...this.#found.values()].sort(
      (a, b) =>
        meanings.indexOf(a.as) - meanings.indexOf(b.as) ||
        (a.answer.began < b.answer.began ? 1 : a.answer.began > b.answer.began ? -1 : 0),
    );
    const first = all.slice(0, this.#limit);
    const others = [...this.#others].filter(session => !this.#found.has(session)).length;
    return {
      kind: 'name',
      subject: this.#subject,
      roles,
      sessions: first.map(({ answer }) => answer),
      as: Object.fromEntries(first.map(({ answer, as }) => [answer.session, as])),
      more: all.length - first.length + others + this.#ofRoles,
      uncounted: this.uncounted,
    };
  }
}

/**
 * The roles somebody means, by ARN: an ARN is taken for the role it names, also a session's; a name, with a path or without, and a
 * unique id for every role of these logs that has it. Empty where none has.
 */
export async function rolesMeant(role: string, { names }: Pick<Store, 'names'>): Promise<string[]> {
  const asked = role.trim();
  const ofSession = roleWithoutPath(asked) ?? roleWithoutPath(comparable(asked));
  if (ofSession || parseRoleArn(comparable(asked))) return [ofSession ?? asked];
  // Role names are unique in an account whatever the path: what stands before the last slash tells nothing more.
  return distinctRoles(await names.roles(lastPart(asked)));
}
