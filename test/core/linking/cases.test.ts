import { AuditedRoles } from '../../../core/identities/roles.ts';
import { candidatesFor } from '../../../core/reading/candidates.ts';
import { relevance } from '../../../core/reading/relevance.ts';
import { RecordScanner } from '../../../core/reading/scan.ts';
import { type AnsweredSession, answered } from './answered.ts';
import { type ExpectedSession, type LinkingCase, readCase } from './case-format.ts';
import { eventsOf, linkingCases } from './linking-case.ts';

const cases = linkingCases();

async function hold(each: LinkingCase): Promise<void> {
  const events = eventsOf(each);
  const { calls, sessions } = await answered(events);
  expect(calls.map(call => call.eventID).sort()).toEqual(
    each.expected.calls.map(call => call.eventID).sort(),
  );
  for (const { reason, origin, ...want } of each.expected.calls) {
    const call = calls.find(({ eventID }) => eventID === want.eventID);
    expect(call).toMatchObject({ ...want, ...sorted(want) });
    holdReason(call?.reason, reason);
    holdOrigin(call?.origin, origin);
  }
  const denied = events.filter(event => event.denied).map(({ eventID, denied: role }) => ({ eventID, role }));
  expect(denied).toEqual(each.expected.denied ?? []);
  for (const absent of each.expected.absent ?? [])
    expect(calls.map(call => call.eventID)).not.toContain(absent);
  const copies = events.map(event => `${event.eventID} ${event.recipientAccountId} ${event.provenance}`);
  expect(copies.length - new Set(copies).size).toBe(each.expected.duplicates ?? 0);
  if (each.expected.sessions) holdSessions(sessions, each.expected.sessions);
}

function holdSessions(sessions: AnsweredSession[], wanted: ExpectedSession[]): void {
  const rest = [...sessions];
  for (const { reason, origin, ...want } of wanted) {
    const { accessKeyId, session, principalId, arn } = want;
    const place = rest.findIndex(
      each =>
        (accessKeyId === undefined ? each.session === session : each.accessKeyId === accessKeyId) &&
        (principalId === undefined || each.principalId === principalId) &&
        (arn === undefined || each.arn === arn) &&
        (want.issuedAt === undefined || each.issuedAt === want.issuedAt),
    );
    expect({ sessions: rest.map(each => each.session), place }).not.toMatchObject({ place: -1 });
    const [found] = rest.splice(place, 1);
    expect(found).toMatchObject({ ...want, ...sorted(want) });
    holdReason(found?.reason, reason);
    holdOrigin(found?.origin, origin);
  }
  expect(rest.map(each => each.session)).toEqual([]);
}

function sorted({ issuerEventIDs, chain, flags }: Partial<ExpectedSession>) {
  return {
    ...(flags && { flags: [...flags].sort() }),
    ...(issuerEventIDs && { issuerEventIDs: [...issuerEventIDs].sort() }),
    ...(chain && { chain: chain.map(eventIDs => [...eventIDs].sort()) }),
  };
}

function holdReason(reason: string | null | undefined, want: string | null | undefined): void {
  if (want === null) expect(reason).toBeNull();
  else if (want !== undefined) expect(reason).toContain(want);
}

function holdOrigin(origin: unknown, want: object | null | undefined): void {
  if (want === null) expect(origin).toBeNull();
  else if (want !== undefined) expect(origin).toMatchObject(want);
}

describe('linking, case by case', () => {
  test('there are cases of every kind', () => {
    expect(cases.length).toBeGreaterThanOrEqual(75);
  });

  test.each(cases)(
    '$name: no record that matters is passed over unread',
    ({ roles, records, partnerEvents }) => {
      // Given the bytes of each record
      const audited = new AuditedRoles(roles);
      for (const record of records) {
        const provenance = partnerEvents?.includes(record.eventID as string) ? 'partner' : 'trail';
        const matters = relevance(record, audited, provenance) !== null;
        // Then
        let read = false;
        const scanner = new RecordScanner(() => {
          read = true;
        }, candidatesFor(audited));
        scanner.push(Buffer.from(JSON.stringify({ Records: [record] })));
        expect(read || !matters).toBe(true);
      }
    },
  );

  test.each(cases)('$name', async each => {
    // Given each record delivered by itself, in the order of the case
    // When all are linked
    // Then the answers are those of the case
    await hold(each);
  });
});

describe('a case', () => {
  const [first] = cases;
  const { file: _, ...given } = first as (typeof cases)[number];
  const [call] = given.expected.calls;

  test.each([
    ['a misspelt field of the case', { ...given, partnerEvent: [] }, 'partnerEvent'],
    ['of what is expected', { ...given, expected: { ...given.expected, session: [] } }, '"session"'],
    ['of a call', { ...given, expected: { calls: [{ ...call, joindBy: [] }] } }, 'joindBy'],
    [
      'of an origin',
      { ...given, expected: { calls: [{ ...call, origin: { onBehalfof: 'x' } }] } },
      'onBehalfof',
    ],
    [
      'of a session',
      {
        ...given,
        expected: { calls: [], sessions: [{ accessKeyId: 'x', status: 'linked', calls: 0, flag: [] }] },
      },
      'flag',
    ],
    ['an eventID no record has', { ...given, partnerEvents: ['nobody'] }, 'eventID nobody'],
  ])('is refused for %s', (_name, value, message) => {
    expect(() => readCase(value)).toThrow(message);
  });

  test('fails when what it expects is not so', async () => {
    const wrong = { ...given, expected: { ...given.expected, calls: [] } };
    await expect(hold(wrong)).rejects.toThrow();
  });
});
