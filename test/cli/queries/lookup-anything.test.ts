import { lookUp } from '../../../cli/queries/lookup.ts';
import type { Store } from '../../../cli/queries/store.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import { attemptOf } from '../../../core/linking/refused.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { call, issuance, key } from '../evidence/story.ts';
import { memoryStore } from './memory-store.ts';

const source = 's3://trail/x';
const eventID = (n: number) => `${n}a3ecf82-0163-43ba-85c0-45ea8c55dcbb`;
const touching = (n: number, bucketName: string, sourceIPAddress: string) => ({
  ...call,
  ...{
    eventID: eventID(n),
    eventTime: `2025-03-11T09:0${n}:00Z`,
    eventName: 'PutBucketPolicy',
    readOnly: false,
  },
  ...{ sourceIPAddress, requestParameters: { bucketName } },
});
const refusedUser = 'arn:aws:iam::222222222222:user/team/Helpdesk';
const refusal = {
  ...issuance,
  ...{
    eventID: eventID(8),
    eventTime: '2025-03-11T09:08:00Z',
    errorCode: 'AccessDenied',
    responseElements: null,
  },
  sourceIPAddress: '192.0.2.71',
  userIdentity: {
    ...issuance.userIdentity,
    arn: refusedUser,
    accountId: '222222222222',
    userName: 'Helpdesk',
  },
};
const records = [
  { ...issuance, sourceIPAddress: '192.0.2.9' },
  touching(1, 'Ledger', '203.0.113.7'),
  touching(2, 'ledger', '203.0.113.7'),
  touching(3, 'other', '203.0.113.8'),
  refusal,
];

async function storeOf(): Promise<Store> {
  const roles = new AuditedRoles(['*']);
  const events = records.map(record =>
    normalize(record, { source, provenance: 'trail', account: null }, roles),
  );
  const linked = new MemorySessionStore();
  await correlate(events, linked);
  const answers: SessionAnswer[] = (await linked.read(key)).answers;
  return memoryStore({
    evidence: events.map((event, n) => ({
      ...{ eventID: event.eventID, recipientAccountId: event.recipientAccountId, provenance: 'trail' },
      ...{ digest: event.hash, source, execution: 'one', record: JSON.stringify(records[n]) },
    })),
    answers,
    refused: events.flatMap(event => attemptOf(event) ?? []),
  });
}

let store: Store;
beforeAll(async () => {
  store = await storeOf();
});

test.each(['203.0.113.7', ' 203.0.113.7 '])('an address: who called from there (%j)', async asked => {
  const found = await lookUp(asked, store);
  if (found?.kind !== 'elsewhere') throw new Error('it is not found');
  expect(found.elsewhere.address).toMatchObject({ calls: 2, sessions: 1, people: 1 });
  expect(found.sessions.map(({ credential }) => credential)).toEqual([key]);
});

test('a resource in any case; two that differ in case alone stay two', async () => {
  for (const asked of ['ledger', 'LEDGER', 'arn:aws:s3:::Ledger', 's3://ledger']) {
    const found = await lookUp(asked, store);
    if (found?.kind !== 'elsewhere') throw new Error('it is not found');
    expect(found.elsewhere.resources.map(({ id, calls }) => [id, calls])).toEqual([
      ['arn:aws:s3:::ledger', 1],
      ['arn:aws:s3:::Ledger', 1],
    ]);
    expect(found.elsewhere.resources[0]?.access).toMatchObject({ read: 0 });
  }
});

test('an account: its people and roles', async () => {
  const found = await lookUp('999999999999', store);
  if (found?.kind !== 'elsewhere') throw new Error('it is not found');
  expect(found.elsewhere.account).toMatchObject({ behind: 1, under: 1, people: 1 });
});

// A name that a list prints is a name that may be asked for.
test.each(['helpdesk', refusedUser, '222222222222', '192.0.2.71'])('who was refused: %s', async asked => {
  const found = await lookUp(asked, store);
  const elsewhere = found && 'elsewhere' in found ? found.elsewhere : null;
  expect(elsewhere?.refused.map(attempt => attempt.eventID)).toEqual([eventID(8)]);
});

test('an address that only an issuance came from', async () => {
  const found = await lookUp('192.0.2.9', store);
  const elsewhere = found && 'elsewhere' in found ? found.elsewhere : null;
  expect(elsewhere?.others.map(record => record.eventID)).toEqual(['issue-1']);
});

test('the beginning of an id: the one there is, in any case, or those to choose from', async () => {
  expect(await lookUp('2A3ECF', store)).toMatchObject({ kind: 'event', subject: eventID(2) });
  expect(await lookUp(key.slice(0, 9).toLowerCase(), store)).toMatchObject({ kind: 'credential' });
  expect(await lookUp(eventID(3).toUpperCase(), store)).toMatchObject({ kind: 'event' });
  expect(await lookUp(key.toLowerCase(), store)).toMatchObject({ kind: 'credential' });
  expect(await lookUp('3a3', store)).toBeNull();
  const many = memoryStore({
    evidence: Array.from({ length: 30 }, (_, n) => ({
      ...{ eventID: `abcd-${n}`, recipientAccountId: '999999999999', provenance: 'trail' as const },
      ...{ digest: 'd', source, execution: 'one', record: JSON.stringify({ ...call, eventID: `abcd-${n}` }) },
    })),
  });
  const several = await lookUp('ABCD', many);
  if (several?.kind !== 'several') throw new Error('there are several');
  expect([several.candidates.length, several.more]).toEqual([20, 10]);
});

test('the latest: the session of the newest call', async () => {
  const found = await lookUp('LATEST', store);
  expect(found?.kind === 'credential' && found.sessions.map(({ credential }) => credential)).toEqual([key]);
});

test('nothing is nothing', async () => {
  for (const asked of ['nobody', '192.0.2.1', '111122223333', 'ffff0000', 'arn:aws:s3:::none'])
    expect(await lookUp(asked, store)).toBeNull();
});
