import { isDeepStrictEqual } from 'node:util';
import { sha256 } from '../../core/hash.ts';
import { AuditedRoles } from '../../core/identities/roles.ts';
import { covers } from '../../core/linking/call-answer.ts';
import { correlate } from '../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../core/linking/memory-store.ts';
import { nameAmongOthers, namedEvents, type SessionAnswer } from '../../core/linking/session-answer.ts';
import { useOf } from '../../core/linking/use.ts';
import { normalize } from '../../core/reading/normalize.ts';
import type { AuditEvent, Provenance } from '../../core/records/event.ts';
import { accountsOfKey } from '../../core/records/log-key.ts';
import { warnings } from '../views/terminal/words.ts';
import type { BundledRecord, Report } from './format.ts';

/** The parts that depend on more than a bundle holds: see below. The records must lead to every other one, named here or not. */
const checkedApart: readonly string[] = [
  'session',
  'status',
  'reason',
  'flags',
] satisfies (keyof SessionAnswer)[];

/**
 * Holds a report against the answer that its records lead to, and its calls against whose they are. Returns sentences on
 * what differs, and half sentences on what the records in the bundle cannot show.
 */
export async function derived(
  { answer, calls }: Pick<Report, 'answer' | 'calls'>,
  records: readonly BundledRecord[],
): Promise<{ problems: string[]; unchecked: string[] }> {
  const problems = records
    .filter(({ record, digest }) => sha256(record) !== digest)
    .map(({ eventID }) => `the record ${eventID} does not match its SHA-256`);
  const there = new Set(records.map(each => each.eventID));
  const cited = [...namedEvents(answer), ...calls];
  problems.push(...cited.filter(id => !there.has(id)).map(id => `the record ${id} is cited, but missing`));
  const events = records.map(eventOf);
  problems.push(...records.flatMap((record, index) => wrapperProblem(record, events[index]) ?? []));
  problems.push(...callProblems(answer, calls, events));
  const again = await answerAgain(answer.credential, answer.session, events);
  if (!again) return { problems: [...problems, 'the records do not lead to this session'], unchecked: [] };
  const flags = flagsAgainst(answer, again);
  return {
    problems: [...problems, ...differences(answer, again), ...flags.problems],
    unchecked: flags.unchecked,
  };
}

/** A true record of somebody else's call must not be listed as one of this session, nor one of its own be passed over. */
function callProblems(
  answer: SessionAnswer,
  calls: readonly string[],
  events: readonly AuditEvent[],
): string[] {
  const own = new Set(
    events
      .filter(event => event.credential === answer.credential && covers(answer, useOf(event).hash))
      .map(event => event.eventID),
  );
  const there = new Set(events.map(event => event.eventID));
  const listed = new Set(calls);
  const named = new Set(namedEvents(answer));
  const strange = [...there].filter(id => !own.has(id) && !listed.has(id) && !named.has(id));
  return [
    ...calls
      .filter(id => there.has(id) && !own.has(id))
      .map(id => `the call ${id} does not belong to this session`),
    ...strange.map(id => `nothing cites the record ${id}`),
    ...[...own]
      .filter(id => !listed.has(id))
      .map(id => `the call ${id} belongs to this session, but is not listed`),
  ];
}

function differences(answer: SessionAnswer, again: SessionAnswer): string[] {
  const problems: string[] = [];
  const { status }: { status: string } = answer;
  // An answer reported as unknown or claimed, because the logs have a gap, is unlinked by the records alone.
  const claimed = status === 'claimed' && again.asClaimed !== undefined;
  const gap = status === 'unknown' || claimed;
  const same = again.status === answer.status || (gap && again.status === 'unlinked');
  if (!same) problems.push(`the records lead to ${again.status}, the report says ${status}`);
  else if (!gap && again.reason !== answer.reason) problems.push('the records lead to another reason');
  const lead: SessionAnswer = claimed ? { ...again, ...again.asClaimed } : again;
  const [reported, led] = [answer, lead].map(each => new Map(Object.entries(each)));
  for (const part of new Set([...(led?.keys() ?? []), ...(reported?.keys() ?? [])])) {
    if (checkedApart.includes(part) || isDeepStrictEqual(led?.get(part), reported?.get(part))) continue;
    problems.push(`the records lead to another ${part}`);
  }
  return problems;
}

/** The wrapper says whose record it is; the record itself is what was signed. One under another's name proved a stranger's call. */
function wrapperProblem({ eventID, recipientAccountId, record }: BundledRecord, event?: AuditEvent) {
  if (event && event.eventID !== eventID)
    return `the record listed as ${eventID} has the event ID ${event.eventID}`;
  if (event && event.recipientAccountId !== recipientAccountId)
    return `the record ${eventID} does not belong to account ${recipientAccountId}`;
  const { recipientAccountId: own } = JSON.parse(record) as { recipientAccountId?: unknown };
  return own === undefined || own === null || own === recipientAccountId
    ? null
    : `the record ${eventID} does not belong to account ${recipientAccountId}`;
}

/** A flag may rest on records of others, which no bundle holds; but none that its own records raise may be left out. */
function flagsAgainst(answer: SessionAnswer, again: SessionAnswer) {
  const left = again.flags.filter(flag => !answer.flags.includes(flag));
  const more = answer.flags.filter(flag => !again.flags.includes(flag));
  return {
    problems: left.map(flag => `the report omits a flag that its records show: ${warnings[flag]}`),
    unchecked: more.map(
      flag => `"${warnings[flag] ?? flag}", which rests on records that are not in the bundle`,
    ),
  };
}

async function answerAgain(credential: string, session: string, events: readonly AuditEvent[]) {
  const store = new MemorySessionStore();
  await correlate(events, store);
  const { answers } = await store.read(credential);
  // Alone it has its short name: the other one, for which the names were made longer, is in no bundle.
  const again = answers.find(answer => answer.session === session || nameAmongOthers(answer) === session);
  // As it is after it was written: a part that is undefined is not there.
  return again && (JSON.parse(JSON.stringify(again)) as SessionAnswer);
}

function eventOf({ record, source, provenance, recipientAccountId, digest }: BundledRecord): AuditEvent {
  const inKey = accountsOfKey(source).name ?? accountsOfKey(source).folder;
  // A record that says no account is of the one whose log file it lies in.
  const account = provenance === 'trail' ? (inKey ?? recipientAccountId) : recipientAccountId;
  const from = { source, provenance: provenance as Provenance, account };
  return normalize(JSON.parse(record), from, new AuditedRoles(['*']), digest);
}
