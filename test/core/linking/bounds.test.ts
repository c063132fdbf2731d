import { AuditedRoles } from '../../../core/identities/roles.ts';
import { mostClaims, mostSessions } from '../../../core/linking/bounds.ts';
import { answerCall } from '../../../core/linking/call-answer.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import type { SessionStore } from '../../../core/linking/session-store.ts';
import { useOf } from '../../../core/linking/use.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { SessionsTable } from '../../../steps/store/sessions-table.ts';
import { sessionsTable } from '../../../steps/store/tables.ts';
import { isUnexplained } from '../../../steps/watch/alert.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';
import { dana } from './chain.ts';

const roles = new AuditedRoles(['DataAdmin']);
const production = '999999999999';
const key = 'ASIAEXAMPLEHOTKEY001';
const time = (n: number) => new Date(Date.UTC(2025, 2, 11, 10) + n * 1000).toISOString().replace('.000', '');
const role = `arn:aws:iam::${production}:role/DataAdmin`;

/** A call under the one key, by principal number `n`. */
function call(n: number, account = production): AuditEvent {
  const record = {
    eventID: `call-${n}`,
    eventName: 'GetObject',
    eventSource: 's3.amazonaws.com',
    eventTime: time(n),
    recipientAccountId: account,
    userIdentity: {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${production}:assumed-role/DataAdmin/s${n}`,
      principalId: `AROAEXAMPLEADMIN00001:s${n}`,
      accountId: production,
      accessKeyId: key,
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: role, principalId: 'AROAEXAMPLEADMIN00001' },
        attributes: { creationDate: time(n) },
      },
    },
  };
  return normalize(record, { source: 'log', provenance: 'trail', account: null }, roles);
}

/** The issuance of the key to principal `n`, as our own trail or a partner has it. */
function issuance(n: number, sender?: string): AuditEvent {
  const account = sender ?? production;
  const record = {
    eventID: `issuance-${n}-${account}`,
    eventName: 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    eventTime: time(n),
    recipientAccountId: account,
    userIdentity: dana(account),
    requestParameters: { roleArn: role, roleSessionName: `s${n}` },
    responseElements: {
      credentials: { accessKeyId: key, expiration: time(n + 3600) },
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLEADMIN00001:s${n}`,
        arn: `arn:aws:sts::${production}:assumed-role/DataAdmin/s${n}`,
      },
    },
  };
  return normalize(
    record,
    { source: 'x', provenance: sender ? 'partner' : 'trail', account: sender ?? null },
    roles,
  );
}

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n);
/** Neither forwards nor backwards: 7 and the lengths below share no divisor. */
const mixed = <T>(list: readonly T[]) => list.map((_, n) => list[(n * 7) % list.length] as T);

async function deliver(store: SessionStore, events: readonly AuditEvent[], size: number) {
  for (let at = 0; at < events.length; at += size) await correlate(events.slice(at, at + size), store);
  return store.read(key);
}

let db: DynamoDbFixture;
beforeAll(async () => {
  db = await dynamoDbFixture(['one', 'parts', 'backwards'].map(name => tableOf(name, sessionsTable)));
});
afterAll(() => db.close());

test('a key shown by more principals than one transaction takes has one answer, which says so by name', async () => {
  // Given twelve times ten principals under one key, of our own trail
  const events = numbers(120).map(n => call(n));
  const store = new MemorySessionStore();
  // When
  const { answers } = await deliver(store, events, 10);
  // Then
  expect(answers).toHaveLength(1);
  const [answer] = answers;
  expect(answer).toMatchObject({
    credential: key,
    status: 'unlinked',
    crowded: true,
    origin: null,
    began: time(0),
    flags: ['other-principal-under-key'],
  });
  expect(answer?.reason).toContain(`TooManySessions: more than ${mostSessions} sessions`);
  // It alerts as any session that nothing explains.
  expect(answer && isUnexplained(answer)).toBe(true);
  for (const event of events) {
    const told = answerCall({ ...event, use: useOf(event).hash }, answers);
    expect(told).toMatchObject({ status: 'unlinked', session: answer?.session, reason: answer?.reason });
  }
});

test.each([100, 101, 150, 250])(
  '%i principals: any order and any cut ends in the same stored answer',
  async count => {
    const events = numbers(count).map(n => call(n));
    const plain = new MemorySessionStore();
    await deliver(plain, events, count);
    for (const [order, size] of [
      [mixed(events), 10],
      [events.toReversed(), 37],
    ] as const) {
      const store = new MemorySessionStore();
      await deliver(store, [...order, ...order.slice(0, 5)], size);
      expect(JSON.stringify(store.all())).toBe(JSON.stringify(plain.all()));
    }
    expect((await plain.read(key)).answers).toHaveLength(count <= mostSessions ? count : 1);
  },
);

test('the table ends in the answers its twin in memory has, whatever a log shows and partners claim', async () => {
  // Given more of everything than counts: principals, claims of two partners, an issuance that holds
  const claims = (sender: string) => numbers(60).map(n => issuance(n, sender));
  const events = [
    ...numbers(230).map(n => call(n)),
    issuance(3),
    ...claims('111111111111'),
    ...claims('222233334444'),
  ];
  const twin = new MemorySessionStore();
  const wanted = await deliver(twin, events, 1_000);
  // When
  const one = await deliver(new SessionsTable(db.client, 'one'), events, 1_000);
  const parts = await deliver(new SessionsTable(db.client, 'parts'), mixed(events), 50);
  const backwards = await deliver(new SessionsTable(db.client, 'backwards'), events.toReversed(), 90);
  // Then
  for (const { answers, basis, issuances } of [one, parts, backwards]) {
    expect({ answers, basis }).toEqual({ answers: wanted.answers, basis: wanted.basis });
    expect(issuances.filter(({ provenance }) => provenance === 'partner')).toHaveLength(2 * mostClaims);
  }
});

test('no number of claims takes the place of a session that our own trail proves, nor of another partner’s name for it', async () => {
  // Given: our session, the caller's account that names who asked, and a flood of a third, all earlier
  const own = [issuance(500), call(500)];
  const plain = await deliver(new MemorySessionStore(), own, 2);
  const flood = numbers(300).map(n => issuance(n, '222233334444'));
  // When
  const { answers } = await deliver(new MemorySessionStore(), [...flood, ...own], 50);
  // Then
  const shown = answers.find(({ session }) => session === plain.answers[0]?.session);
  const { claims = [], ...told } = shown ?? {};
  expect({ ...told, flags: [] }).toEqual({ ...plain.answers[0], flags: [] });
  expect(claims.length).toBeGreaterThan(0);
  expect(claims.length).toBeLessThanOrEqual(5);
  expect(answers.length).toBeLessThanOrEqual(1 + mostClaims);
});
