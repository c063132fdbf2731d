import { AuditedRoles } from '../../../core/identities/roles.ts';
import { useOf } from '../../../core/linking/use.ts';
import { candidatesFor } from '../../../core/reading/candidates.ts';
import { relevance } from '../../../core/reading/relevance.ts';
import { RecordScanner } from '../../../core/reading/scan.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { isServiceDelivered, isUnexplained } from '../../../steps/watch/alert.ts';
import { type AnsweredCall, type AnsweredSession, answered } from './answered.ts';
import { eventsOfIdentity, identityCases } from './identity-case.ts';

const cases = identityCases();

/** All that is told of who made a call. */
const told = (call: AnsweredCall | undefined, session: AnsweredSession | undefined) =>
  JSON.stringify([call?.origin, session?.origin, session?.named]);

/** Sessions that the watch would tell of, were the logs complete. */
function alerted(
  sessions: readonly AnsweredSession[],
  calls: readonly AnsweredCall[],
  events: readonly AuditEvent[],
) {
  return sessions.filter(session => {
    const own = new Set(calls.filter(call => call.session === session.session).map(call => call.eventID));
    const made = events.filter(event => own.has(event.eventID));
    return made.length > 0 && isUnexplained(session) && !isServiceDelivered(made.map(useOf));
  });
}

/** Whether the look at the bytes before parsing lets a record through. */
function isRead(record: object): boolean {
  let read = false;
  const scanner = new RecordScanner(
    () => {
      read = true;
    },
    candidatesFor(new AuditedRoles(['NoSuchRole'])),
  );
  scanner.push(Buffer.from(JSON.stringify({ Records: [record] })));
  return read;
}

describe('who is behind a call, for every way credentials come about', () => {
  test('there are cases of every kind', () => {
    expect(cases.length).toBeGreaterThanOrEqual(38);
  });

  test.each(cases)('$name: no record that hands out something is passed over unread', ({ records }) => {
    for (const record of records) {
      const issues = relevance(record, new AuditedRoles(['NoSuchRole']), 'trail') !== null;
      if (issues) expect([record.eventName, isRead(record)]).toEqual([record.eventName, true]);
    }
  });

  test.each(cases)('$name: $right', async each => {
    const events = eventsOfIdentity(each);
    const { calls, sessions } = await answered(events);
    const { expected } = each;
    const callOf = (tag: string) => calls.find(({ eventID }) => eventID === each.events[tag]);
    const sessionOf = (tag: string) => sessions.find(({ session }) => session === callOf(tag)?.session);
    for (const [tag, more] of Object.entries(expected.calls)) {
      const { origin, reason, says, kind, named, userId, masked, ci, approver, cites = [], ...want } = more;
      const call = callOf(tag);
      const session = {
        ...(kind && { kind }),
        ...(named && { named }),
        ...(userId && { onBehalfOf: userId }),
        ...(masked !== undefined && { masked }),
        ...(approver && { approver: { arn: approver } }),
      };
      expect([tag, sessionOf(tag)?.ci]).toEqual([tag, ci]);
      expect({ tag, ...sessionOf(tag) }).toMatchObject({ tag, ...session });
      if (says) expect(call?.reason).toContain(says);
      const cited = sessionOf(tag)?.cited;
      for (const event of cites)
        expect({ event, cited }).toEqual({ event, cited: expect.arrayContaining([each.events[event]]) });
      expect({ tag, ...call }).toMatchObject({ tag, ...want, ...(reason === null && { reason }) });
      if (origin) expect([tag, told(call, sessionOf(tag))]).toEqual([tag, expect.stringContaining(origin)]);
      if (expected.flags) expect([tag, sessionOf(tag)?.flags]).toEqual([tag, []]);
    }
    for (const [tag, name] of Object.entries(expected.neverNamed ?? {}))
      expect(told(callOf(tag), sessionOf(tag))).not.toContain(name);
    for (const tag of expected.neverLinked ?? []) expect(callOf(tag)?.status).not.toBe('linked');
    if (expected.alerts !== undefined) {
      const mine = new Set(Object.keys(each.events).map(tag => callOf(tag)?.session));
      const ofCase = alerted(sessions, calls, events).filter(({ session }) => mine.has(session));
      expect(ofCase.map(({ session }) => session)).toHaveLength(expected.alerts);
    }
  });
});
