import type { CallAnswer } from '../../core/linking/call-answer.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { noNames, type People } from '../people/people.ts';
import type { Call } from '../queries/seen-session.ts';
import { escapeJson } from '../views/text/clean.ts';
import { reportedCall } from './call-line.ts';
import { lineOf } from './report.ts';

/** Lines of calls, of which what calls of one session say alike, nearly all of a line, is made once. */
export class CallLines {
  readonly #people: People;
  readonly #said = new WeakMap<SessionAnswer, string>();

  constructor(people: People) {
    this.#people = people;
  }

  /** The same as `lineOf(reportedCall(...))`. */
  of(call: Call, answered: CallAnswer, copyOf: string | null): string {
    const { answer, note } = answered;
    if (answer === null || this.#people !== noNames)
      return lineOf(reportedCall(call, answered, copyOf), this.#people);
    const { eventID, recipientAccountId, eventTime, eventSource, eventName, accessKeyId, errorCode } = call;
    const head = { eventID, recipientAccountId, eventTime, eventSource, eventName, accessKeyId };
    const parts = [
      membersOf(head),
      this.#saidOf(answer, answered, call),
      membersOf({ errorCode, note, copyOf }),
    ];
    return `{${parts.join()}}`;
  }

  #saidOf(answer: SessionAnswer, answered: CallAnswer, call: Call): string {
    const known = this.#said.get(answer);
    if (known !== undefined) return known;
    const { status, reason, session, issuerEventIDs, chain, origin, mechanism, masked, claims } =
      reportedCall(call, answered, null);
    const said = { status, reason, session, issuerEventIDs, chain, origin, mechanism, masked, claims };
    const text = membersOf(said);
    this.#said.set(answer, text);
    return text;
  }
}

/** An object's JSON without its braces. */
function membersOf(value: object): string {
  return escapeJson(JSON.stringify(value)).slice(1, -1);
}
