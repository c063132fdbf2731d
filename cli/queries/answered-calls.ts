import { reportedAnswer } from '../../core/coverage/session-coverage.ts';
import { answerCall, type CallAnswer, covers } from '../../core/linking/call-answer.ts';
import type { ListedRecord } from '../../core/linking/listed.ts';
import { copiesAmong } from '../../core/linking/one-call.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import { accountInArn } from '../../core/records/arn.ts';
import { remembered } from './remembered-ledger.ts';
import type { Store } from './store.ts';

/** A record of a call under an audited role. */
export type ListedCall = ListedRecord & { credential: string };

/** A call with its session. */
export interface AnsweredCall {
  call: ListedCall;
  answered: CallAnswer;
  /** the session it shows, proven or not; null: it has not been correlated yet */
  session: SessionAnswer | null;
}

const readsAtOnce = 16;

/** The sessions of calls, each read once. */
export class Answering {
  readonly #store: Pick<Store, 'sessions' | 'ledger' | 'graceMinutes'>;
  readonly #ledger;
  /** as they are stored, by credential */
  readonly #stored = new Map<string, SessionAnswer[]>();
  /** as readers see them, by credential */
  readonly #shown = new Map<string, SessionAnswer[]>();

  constructor(store: Pick<Store, 'sessions' | 'ledger' | 'graceMinutes'>) {
    this.#store = store;
    this.#ledger = remembered(store.ledger);
  }

  /** Takes answers that were read already: of each credential all but few have one. */
  know(answers: readonly SessionAnswer[]): void {
    for (const answer of answers) {
      const known = this.#stored.get(answer.credential) ?? [];
      if (!known.some(({ session }) => session === answer.session)) known.push(answer);
      this.#stored.set(answer.credential, known);
    }
  }

  /** The calls with their sessions, in their order; another account's record of a call, and addenda, are left out. */
  async answer(calls: readonly ListedCall[]): Promise<AnsweredCall[]> {
    const made = Map.groupBy(calls, ({ credential }) => credential);
    await inParallel([...made], readsAtOnce, ([credential, own]) => this.#look(credential, own));
    const requests = new Set(calls.flatMap(({ request }) => request ?? []));
    const several = calls.filter(({ request, eventID }) => request !== null || requests.has(eventID));
    const copies = copiesAmong(several.map(call => this.#requestOf(call)));
    return calls
      .filter(({ eventID }) => !copies.has(eventID))
      .map(call => {
        const answers = this.#shown.get(call.credential) ?? [];
        const answered = answerCall(call, answers);
        const session = answers.find(({ session }) => session === answered.session) ?? null;
        return { call, answered, session };
      });
  }

  /** An answer as readers see it: `unknown` where the logs do not cover its issuance. `calls`: some of its calls */
  shown(answer: SessionAnswer, calls: readonly ListedCall[]): Promise<SessionAnswer> {
    const own = calls.filter(({ use }) => covers(answer, use));
    return reportedAnswer(answer, own, this.#ledger, this.#store);
  }

  async #look(credential: string, calls: readonly ListedCall[]): Promise<void> {
    if (this.#shown.has(credential)) return;
    const known = this.#stored.get(credential) ?? [];
    // A call that no known answer covers: there is another answer, or none yet.
    const isWhole = calls.every(({ use }) => known.some(answer => covers(answer, use)));
    const answers = isWhole ? known : (await this.#store.sessions.read(credential)).answers;
    this.#shown.set(credential, await Promise.all(answers.map(answer => this.shown(answer, calls))));
  }

  #requestOf({ eventID, recipientAccountId, eventTime, request, amends, credential }: ListedCall) {
    const arn = this.#shown.get(credential)?.[0]?.arn ?? null;
    return {
      ...{ eventID, recipientAccountId, eventTime, amends, callerAccount: accountInArn(arn) },
      sharedEventID: amends === null ? request : null,
    };
  }
}

export function isCall(record: ListedRecord): record is ListedCall {
  return record.credential !== null;
}
