import { needsCoverage, reportedAnswer } from '../../core/coverage/session-coverage.ts';
import { answerCall, covers } from '../../core/linking/call-answer.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { isCredentialRefused } from '../../core/records/refused-credential.ts';
import type { People } from '../people/people.ts';
import type { Call } from '../queries/seen-session.ts';
import type { LedgerStore } from '../queries/store.ts';
import { CallLines } from '../report/call-lines.ts';
import { lineOf, type Tally } from '../report/report.ts';
import { reportedSession, type SeenSpan } from '../report/session-line.ts';
import { type CallRow, callOf, callSql } from './state/calls.ts';
import { CallsInTime } from './state/calls-in-time.ts';
import type { Copies } from './state/copies.ts';
import type { State } from './state/state.ts';

/** Characters of answers that are held: calls come in the order of their time, and sessions are short beside a trace. */
const mostHeld = 2 * 1024 * 1024;

/** Lines that are handed on at once: to wait for each takes longer than to make it. */
const linesTogether = 256;

/** Answers of a credential, and how long they are as they are stored. */
interface Held {
  answers: SessionAnswer[];
  characters: number;
}

/**
 * The lines of a trace's report, made as they are taken: first those of the calls, which tell what the sessions' say of their
 * calls. Memory holds a few numbers for each session.
 */
export class TraceReport {
  readonly tally: Tally = { linked: 0, delivered: 0, calls: 0 };
  readonly #state: State;
  readonly #store: { ledger: LedgerStore; graceMinutes: number };
  readonly #answers = new Map<string, Held>();
  #heldCharacters = 0;
  readonly #spans = new Map<string, SeenSpan>();
  readonly #copies: Copies;

  constructor(state: State, copies: Copies, store: { ledger: LedgerStore; graceMinutes: number }) {
    this.#state = state;
    this.#copies = copies;
    this.#store = store;
  }

  /** calls.ndjson, several lines at a time; those that show a key: what a service does in a role session shows none */
  async *calls(people: People): AsyncGenerator<string> {
    const lines = new CallLines(people);
    let block: string[] = [];
    for (const call of this.#inTime()) {
      const copyOf = this.#copies.originalOf(call);
      const original = (copyOf !== null && this.#call(copyOf)) || call;
      // Nothing is waited for that is there: calls are many.
      const answers =
        this.#answers.get(original.credential)?.answers ?? (await this.#answersOf(original.credential));
      const answered = answerCall(original, answers);
      if (original === call && answered.session !== null) this.#see(answered.session, call);
      if (call.accessKeyId === null) continue;
      if (copyOf === null) {
        this.tally.calls += 1;
        if (answered.status === 'linked') this.tally.linked += 1;
        if (answered.status === 'delivered') this.tally.delivered += 1;
      }
      block.push(lines.of(call, answered, copyOf));
      if (block.length < linesTogether) continue;
      yield block.join('\n');
      block = [];
    }
    if (block.length > 0) yield block.join('\n');
  }

  /** sessions.ndjson, by name; after the calls. */
  async *sessions(people: People): AsyncGenerator<string> {
    for (const { session, credential } of this.#named()) {
      const answer = (await this.#answersOf(credential)).find(each => each.session === session);
      if (!answer) continue;
      await people.meet([answer]);
      const span = this.#spans.get(session) ?? { firstSeen: null, lastSeen: null, calls: 0 };
      yield lineOf(reportedSession(answer, span), people);
    }
  }

  get sessionCount(): number {
    return this.#named().length;
  }

  /** Each session once, with the credential that it is read with: its own, else the first key that repeats its answer. */
  #named(): { session: string; credential: string }[] {
    const rows = this.#state.all<{ session: string; credential: string }>(`
      SELECT session, credential FROM answers JOIN credentials USING (credential)
      ORDER BY own DESC, credential`);
    const first = new Map<string, string>();
    for (const { session, credential } of rows) if (!first.has(session)) first.set(session, credential);
    return [...first]
      .map(([session, credential]) => ({ session, credential }))
      .sort((a, b) => order(a.session, b.session));
  }

  /** Calls by time and eventID: of one second they are sorted here, because a database sorts some characters otherwise. */
  *#inTime(): Generator<Call> {
    let second: Call[] = [];
    for (const call of new CallsInTime(this.#state, this.#copies)) {
      if (second[0] && second[0].eventTime !== call.eventTime) {
        yield* second.sort((a, b) => order(a.eventID, b.eventID));
        second = [];
      }
      second.push(call);
    }
    yield* second.sort((a, b) => order(a.eventID, b.eventID));
  }

  #call(eventID: string): Call | null {
    const rows = this.#state.all<CallRow>(
      `${callSql} WHERE eventID = ? AND credential IS NOT NULL ORDER BY copy`,
      eventID,
    );
    return rows[0] ? callOf(rows[0]) : null;
  }

  #see(session: string, { eventTime, errorCode }: Call): void {
    const known = this.#spans.get(session) ?? { firstSeen: null, lastSeen: null, calls: 0 };
    known.calls += 1;
    if (!isCredentialRefused(errorCode)) {
      known.firstSeen ??= eventTime;
      known.lastSeen = eventTime;
    }
    this.#spans.set(session, known);
  }

  async #answersOf(credential: string): Promise<SessionAnswer[]> {
    const known = this.#answers.get(credential);
    if (known) return known.answers;
    const rows = this.#state.all<{ answer: string }>(
      'SELECT answer FROM answers WHERE credential = ? ORDER BY slot',
      credential,
    );
    const answers = rows.map(({ answer }) => JSON.parse(answer) as SessionAnswer);
    const reported = await Promise.all(answers.map(answer => this.#reported(credential, answer)));
    const characters = rows.reduce((sum, { answer }) => sum + answer.length, 0);
    this.#answers.set(credential, { answers: reported, characters });
    this.#heldCharacters += characters;
    this.#letGo();
    return reported;
  }

  /** Of the oldest, but never of the last. */
  #letGo(): void {
    for (const [credential, { characters }] of this.#answers) {
      if (this.#heldCharacters <= mostHeld || this.#answers.size === 1) return;
      this.#answers.delete(credential);
      this.#heldCharacters -= characters;
    }
  }

  async #reported(credential: string, answer: SessionAnswer): Promise<SessionAnswer> {
    if (!needsCoverage(answer)) return answer;
    const settings = this.#state.all<{ awsRegion: string | null; recipientAccountId: string; use: string }>(
      `SELECT region AS awsRegion, account AS recipientAccountId, use FROM settings WHERE credential = ?
       GROUP BY region, account, use ORDER BY min(setting)`,
      credential,
    );
    const own = settings.filter(({ use }) => covers(answer, use));
    const { ledger, graceMinutes } = this.#store;
    return reportedAnswer(answer, own, ledger, { graceMinutes });
  }
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
