import type { FoundSession, Named, Newest } from '../../../core/linking/found-sessions.ts';
import {
  comparable,
  type NameKind,
  nameKey,
  nameKinds,
  namesOf,
  roleFiledAs,
} from '../../../core/linking/names.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import type { NameStore, SessionStore } from '../../queries/store.ts';
import type { State } from './state.ts';

/** Each session once, as it is read with its own credential. */
const own = 'FROM answers WHERE own = 1';
/** As sessionSortKey sorts. */
const at = "began || '#' || session";

/** Sessions of a state. */
export class StateSessionStore implements SessionStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async read(credential: string): Promise<{ answers: SessionAnswer[] }> {
    const rows = this.#state.all<AnswerRow>(
      'SELECT answer FROM answers WHERE credential = ? ORDER BY slot',
      credential,
    );
    return { answers: rows.map(answerOf) };
  }

  byRole(roleArn: string, since = ''): AsyncGenerator<SessionAnswer> {
    return this.#list(`AND role = ? AND ${at} >= ?`, roleFiledAs(roleArn), since);
  }

  async newestOf(roleArn: string, limit: number): Promise<Newest> {
    const role = roleFiledAs(roleArn);
    const rows = this.#state.all<AnswerRow>(
      `SELECT answer ${own} AND role = ? ORDER BY ${at} DESC LIMIT ?`,
      role,
      limit,
    );
    const all = this.#state.get<{ count: number }>(`SELECT count(*) AS count ${own} AND role = ?`, role);
    return { answers: rows.map(answerOf), others: (all?.count ?? 0) - rows.length, more: false };
  }

  since(since = ''): AsyncGenerator<SessionAnswer> {
    return this.#list(`AND began >= ? AND ${at} >= ?`, since.split('#')[0] ?? '', since);
  }

  async *newestFirst(until = '~'): AsyncGenerator<SessionAnswer> {
    const sql = `SELECT answer ${own} AND began <= ? AND ${at} <= ? ORDER BY began DESC, session DESC`;
    for (const row of this.#state.each<AnswerRow>(sql, until, until)) yield answerOf(row);
  }

  open(status: 'unlinked' | 'ambiguous' | 'unknown', since = ''): AsyncGenerator<SessionAnswer> {
    return this.#list(`AND status = ? AND ${at} >= ?`, status, since);
  }

  async *#list(condition: string, ...values: string[]): AsyncGenerator<SessionAnswer> {
    const sql = `SELECT answer ${own} ${condition} ORDER BY began, session`;
    for (const row of this.#state.each<AnswerRow>(sql, ...values)) yield answerOf(row);
  }
}

/** What finds the sessions of a state. */
export class StateNames implements NameStore {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async find(name: string): Promise<Named> {
    const said = comparable(name);
    if (said === '') return { roles: [], sessions: [], more: false };
    const found = [...this.#having(said)].reverse();
    const sessions = nameKinds.flatMap(kind => found.filter(each => each.kind === kind));
    const meant = this.#rolesNamed(nameKey(said)).filter(
      arn => said === nameKey(said) || comparable(arn).endsWith(`:role/${said}`) || roleFiledAs(arn) === said,
    );
    return {
      roles: [...new Set([...meant, ...this.#rolesNamed(said)])],
      sessions: sessions.map(({ answer }) => ({ session: answer.session, credential: answer.credential })),
      more: false,
    };
  }

  async answersOf(found: readonly FoundSession[]): Promise<(SessionAnswer | null)[]> {
    return found.map(({ session, credential }) => {
      const row = this.#state.get<AnswerRow>(
        'SELECT answer FROM answers WHERE credential = ? AND session = ?',
        credential,
        session,
      );
      return row ? answerOf(row) : null;
    });
  }

  async beginning(text: string, limit: number): Promise<FoundSession[]> {
    const said = comparable(text);
    return this.#state.all<{ session: string; credential: string }>(
      `SELECT session, credential ${own} AND session NOT LIKE 'arn:%' AND lower(substr(session, 1, ?)) = ? ORDER BY lower(session) LIMIT ?`,
      said.length,
      said,
      limit,
    );
  }

  async roles(name: string): Promise<string[]> {
    return this.#rolesNamed(nameKey(comparable(name)));
  }

  async *behind(name: string, since = ''): AsyncGenerator<SessionAnswer> {
    for (const { kind, answer } of this.#having(comparable(name), since)) if (kind === 'who') yield answer;
  }

  /** Oldest first. What was written of an answer that has the name no longer is passed over. */
  *#having(said: string, since = ''): Generator<{ kind: NameKind; answer: SessionAnswer }> {
    const rows = this.#state.each<AnswerRow>(
      `SELECT answer FROM names JOIN answers USING (credential, session) WHERE name = ? AND own = 1 AND ${at} >= ?
       ORDER BY began, session`,
      said,
      since,
    );
    for (const row of rows) {
      const answer = answerOf(row);
      const kind = namesOf(answer).get(said);
      if (kind) yield { kind, answer };
    }
  }

  #rolesNamed(name: string): string[] {
    if (name === '') return [];
    return this.#state
      .all<{ arn: string }>('SELECT arn FROM roleNames WHERE name = ? ORDER BY arn', name)
      .map(({ arn }) => arn);
  }
}

interface AnswerRow {
  answer: string;
}

function answerOf({ answer }: AnswerRow): SessionAnswer {
  return JSON.parse(answer) as SessionAnswer;
}
