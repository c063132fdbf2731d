import type { ListedRecord } from '../../core/linking/listed.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import type { TimeSpan } from '../../core/records/times.ts';
import { isCalled } from '../../core/resources/filed.ts';
import { CliError } from '../failure.ts';
import type { People } from '../people/people.ts';
import { recordsBy } from './activity.ts';
import { type AnsweredCall, Answering, isCall, type ListedCall } from './answered-calls.ts';
import { sessionsOf } from './sessions.ts';
import { sessionsMeant } from './short-ids.ts';
import type { Store } from './store.ts';

/** Which calls are asked for; all that is given has to hold. Texts in any case. */
export interface WantedCalls extends TimeSpan {
  /** `s3` or `s3.amazonaws.com` */
  service?: string | undefined;
  /** `GetObject`, `Get*`, `s3:GetObject` */
  action?: string | undefined;
  resource?: string | undefined;
  /** true: any error; a text: this error code */
  error?: string | true | undefined;
  address?: string | undefined;
  /** what changed something, or who may do what */
  write?: boolean | undefined;
  role?: string | undefined;
  session?: string | undefined;
  person?: string | undefined;
}

type Asked = Pick<Store, 'records' | 'sessions' | 'names' | 'evidence' | 'ledger' | 'graceMinutes'>;

/** Calls are answered so many at a time. */
const together = 200;

/** The calls asked for, newest first, each once, with their sessions; read as they are taken. Throws CliError for a name that nothing has. */
export async function* callsWanted(
  wanted: WantedCalls,
  store: Asked,
  people?: People,
): AsyncGenerator<AnsweredCall> {
  const answers = await sessionsAsked(wanted, store, people);
  const answering = new Answering(store);
  if (answers) answering.know(answers);
  const names = answers && new Set(answers.map(({ session }) => session));
  const matches = matching(wanted);
  let part: ListedCall[] = [];
  const answered = async () => {
    const own = await withoutAddenda(part, store);
    part = [];
    const found = await answering.answer(own);
    return found.filter(({ session }) => !names || (session && names.has(session.session)));
  };
  for await (const record of source(wanted, answers, store)) {
    if (!isCall(record) || !matches(record)) continue;
    // Two accounts' records of one request have one time: they are looked at together.
    if (part.length >= together && part.at(-1)?.eventTime !== record.eventTime) yield* await answered();
    part.push(record);
  }
  yield* await answered();
}

/** The narrowest list that has them all. */
function source(
  wanted: WantedCalls,
  answers: SessionAnswer[] | null,
  store: Asked,
): AsyncIterable<ListedRecord> {
  const { resource, address, since, until } = wanted;
  const span = { since, until };
  if (answers) return recordsBy(answers, store, span);
  if (resource !== undefined) return store.records.ofResource(resource, span);
  return address === undefined ? store.records.newestFirst(span) : store.records.ofAddress(address, span);
}

/** The sessions whose calls are asked for; null: any. */
async function sessionsAsked({ role, session, person }: WantedCalls, store: Asked, people?: People) {
  const lists: SessionAnswer[][] = [];
  if (session !== undefined) lists.push(await sessionsMeant(session, store));
  if (role !== undefined) lists.push(await Array.fromAsync(sessionsOf({ role }, store)));
  if (person !== undefined) {
    const named = [person, ...((await people?.idsOf(person, 5)) ?? [])];
    const behind = await Promise.all(named.map(name => Array.fromAsync(sessionsOf({ origin: name }, store))));
    if (behind.flat().length === 0) throw new CliError(`nobody called ${person} is behind a session here`);
    lists.push(behind.flat());
  }
  const [first, ...others] = lists;
  if (!first) return null;
  const inAll = others.map(list => new Set(list.map(each => each.session)));
  return first.filter(each => inAll.every(names => names.has(each.session)));
}

function matching({ service, action, resource, error, address, write }: WantedCalls) {
  const [ofService, name] = action?.includes(':') ? action.split(':') : [undefined, action];
  const services = [service, ofService].filter(each => each !== undefined).map(serviceName);
  const isAction = name === undefined ? null : wildcard(name);
  return ({ eventSource, eventName, errorCode, sourceIPAddress, touched }: ListedRecord): boolean =>
    services.every(each => each === serviceName(eventSource)) &&
    (isAction === null || isAction.test(eventName)) &&
    (resource === undefined || touched.resources.some(each => isCalled(each, resource))) &&
    (error === undefined || isError(errorCode, error)) &&
    (address === undefined || (sourceIPAddress ?? '').toLowerCase() === address.trim().toLowerCase()) &&
    (!write || touched.access === 'write' || touched.access === 'permission');
}

function isError(code: string | null, error: string | true): boolean {
  return code !== null && (error === true || code.toLowerCase() === error.trim().toLowerCase());
}

function serviceName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/\.amazonaws\.com(?:\.cn)?$/, '');
}

/** CloudTrail appends an API's version to some names: `Invoke20150331`. */
function wildcard(text: string): RegExp {
  const literal = text.trim().replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\*+/g, '.*')}(?:20\\d\\d_?\\d\\d_?\\d\\d(?:v\\d+)?)?$`, 'i');
}

/** An addendum completes the record of a call, hours later: it is no call of its own where that record is there. */
async function withoutAddenda(calls: readonly ListedCall[], { evidence }: Asked): Promise<ListedCall[]> {
  const kept = await Promise.all(
    calls.map(async call => call.amends === null || (await evidence.event(call.amends)).length === 0),
  );
  return calls.filter((_, index) => kept[index]);
}
