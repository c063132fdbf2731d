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
  readonly #texts = new Map<string, string>();

  constructor(people: People) {
    this.#people = people;
  }

  /** The same as `lineOf(reportedCall(...))`. */
  of(call: Call, answered: CallAnswer, copyOf: string | null): string {
    const { answer, note } = answered;
    if (answer === null || this.#people !== noNames)
      return lineOf(reportedCall(call, answered, copyOf), this.#people);
    const own = `"eventID":${quoted(call.eventID)},"recipientAccountId":${this.#quoted(call.recipientAccountId)}`;
    const done = `"eventTime":${this.#quoted(call.eventTime)},"eventSource":${this.#quoted(call.eventSource)},"eventName":${this.#quoted(call.eventName)}`;
    const end = `"errorCode":${this.#quoted(call.errorCode)},"note":${this.#quoted(note)},"copyOf":${this.#quoted(copyOf)}`;
    return `{${own},${done},"accessKeyId":${this.#quoted(call.accessKeyId)},${this.#saidOf(answer, answered, call)},${end}}`;
  }

  /** Of what many calls have alike: times, services, accounts, keys. */
  #quoted(text: string | null): string {
    if (text === null) return 'null';
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= mostTexts) this.#texts.clear();
    const fresh = quoted(text);
    this.#texts.set(text, fresh);
    return fresh;
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

const mostTexts = 20_000;

function quoted(text: string): string {
  return escapeJson(JSON.stringify(text));
}

/** An object's JSON without its braces. */
function membersOf(value: object): string {
  return escapeJson(JSON.stringify(value)).slice(1, -1);
}
