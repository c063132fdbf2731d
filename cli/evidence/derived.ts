import { isDeepStrictEqual } from 'node:util';
import { digestOf } from '../../steps/cloudtrail/digest.ts';
import type { AuditEvent } from '../../steps/cloudtrail/event.ts';
import { normalize } from '../../steps/cloudtrail/normalize.ts';
import type { Provenance } from '../../steps/cloudtrail/provenance.ts';
import { AuditedRoles } from '../../steps/cloudtrail/roles.ts';
import { covers } from '../../steps/linking/call-answer.ts';
import { citedBy } from '../../steps/linking/chain.ts';
import { correlate } from '../../steps/linking/correlate.ts';
import { MemorySessionStore } from '../../steps/linking/memory-store.ts';
import type { SessionAnswer } from '../../steps/linking/session-answer.ts';
import { nameAmongOthers } from '../../steps/linking/session-answer.ts';
import { useOf } from '../../steps/linking/use.ts';
import { warnings } from '../show/warnings.ts';
import type { BundledRecord, Manifest, Report } from './format.ts';

/** What the records alone must lead to. Status, reason and flags depend on more than a bundle holds: see below. */
const sameParts = [
  'chain',
  'origin',
  'issuerEventIDs',
  'accessKeyId',
  'arn',
  'principalId',
  'roleArn',
  'sessionName',
  'sourceIdentity',
  'issuedAt',
  'expiresAt',
  'mechanism',
  'kind',
  'named',
  'masked',
  'uses',
] as const satisfies (keyof SessionAnswer)[];

/**
 * Holds a report against the answer that its records lead to, and its calls against whose they are. Returns sentences on
 * what differs, and half sentences on what the records in the bundle cannot show.
 */
export async function derived(
  { answer, calls }: Report,
  records: readonly BundledRecord[],
  { session }: Manifest,
): Promise<{ problems: string[]; unchecked: string[] }> {
  const problems = records
    .filter(({ record, digest }) => digestOf(record) !== digest)
    .map(({ eventID }) => `the record ${eventID} is not what its digest says`);
  if (answer.session !== session) problems.push('the report and the manifest speak of two sessions');
  const there = new Set(records.map(each => each.eventID));
  const cited = [...answer.chain.flatMap(citedBy), ...calls];
  problems.push(...cited.filter(id => !there.has(id)).map(id => `the record ${id} is cited and not there`));
  const events = records.map(eventOf);
  problems.push(...callProblems(answer, calls, events));
  const again = await answerAgain(answer.credential, session, events);
  if (!again) return { problems: [...problems, 'the records lead to no such session'], unchecked: [] };
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
  return [
    ...calls.filter(id => there.has(id) && !own.has(id)).map(id => `the call ${id} is none of this session`),
    ...[...own].filter(id => !listed.has(id)).map(id => `the call ${id} is of this session and not listed`),
  ];
}

function differences(answer: SessionAnswer, again: SessionAnswer): string[] {
  const problems: string[] = [];
  // What is told as unknown, because the logs have a gap, is unlinked by the records alone.
  const unknown = answer.status === 'unknown';
  const same = again.status === answer.status || (unknown && again.status === 'unlinked');
  if (!same) problems.push(`the records lead to ${again.status}, the report says ${answer.status}`);
  else if (!unknown && again.reason !== answer.reason) problems.push('the records lead to another reason');
  for (const part of sameParts) {
    if (!isDeepStrictEqual(again[part], answer[part])) problems.push(`the records lead to another ${part}`);
  }
  return problems;
}

/** A flag may rest on records of others, which no bundle holds; but none that its own records raise may be left out. */
function flagsAgainst(answer: SessionAnswer, again: SessionAnswer) {
  const left = again.flags.filter(flag => !answer.flags.includes(flag));
  const more = answer.flags.filter(flag => !again.flags.includes(flag));
  return {
    problems: left.map(flag => `the report leaves out what its records show: ${warnings[flag]}`),
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
  return answers.find(answer => answer.session === session || nameAmongOthers(answer) === session);
}

function eventOf({ record, source, provenance, recipientAccountId, digest }: BundledRecord): AuditEvent {
  const origin = { source, provenance: provenance as Provenance, account: recipientAccountId };
  return normalize(JSON.parse(record), origin, new AuditedRoles(['*']), digest);
}
