import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { inParallel } from '../../../core/parallel.ts';
import { mostAnHour, SendersTable } from '../../../steps/store/senders-table.ts';
import { sendersTable } from '../../../steps/store/tables.ts';
import { boundRefusals } from '../../../steps/store/withheld.ts';
import type { Refusal } from '../../../steps/transport/payloads.ts';
import { type DynamoDbFixture, dynamoDbFixture } from '../../local/dynamodb-fixture.ts';

let db: DynamoDbFixture;
const s3 = new S3Client({ region: 'us-east-1' });
const put: { key: string; lines: Record<string, unknown>[] }[] = [];

beforeAll(async () => {
  const properties = {
    KeySchema: [{ AttributeName: sendersTable.partition, KeyType: 'HASH' as const }],
    AttributeDefinitions: [{ AttributeName: sendersTable.partition, AttributeType: 'S' as const }],
  };
  db = await dynamoDbFixture([{ name: 'senders', properties }]);
  jest.spyOn(s3, 'send').mockImplementation(async ({ input }: { input: unknown }) => {
    const { Key, Body } = input as PutObjectCommandInput;
    const lines = String(Body).trimEnd().split('\n');
    put.push({ key: String(Key), lines: lines.map(line => JSON.parse(line) as Record<string, unknown>) });
    return {};
  });
});
afterAll(() => db.close());
beforeEach(() => put.splice(0));

const at = new Date('2025-03-11T10:25:00Z');
const bound = (refusals: Refusal[], whose: string, when = at) =>
  boundRefusals(refusals, whose, when, {
    s3,
    bucket: 'work',
    senders: new SendersTable(db.client, 'senders'),
  });
const refused = (count: number, sender?: string): Refusal[] =>
  Array.from({ length: count }, (_, n) => ({
    step: 'Normalize',
    error: 'NotItsOwn',
    message: `number ${n}`,
    source: 'topic',
    ...(sender && { sender }),
  }));

test('of one sender a hundred entries an hour are kept, of which the last counts the rest', async () => {
  // When more come than that, in three executions
  const first = await bound(refused(60, '111111111111'), 'one');
  const second = await bound(refused(60, '111111111111'), 'two');
  const third = await bound(refused(1_000, '111111111111'), 'three');
  // Then
  expect([first, second, third].map(({ kept }) => kept.length)).toEqual([60, 39, 0]);
  expect(second.kept.map(({ message }) => message)).toEqual(refused(39).map(({ message }) => message));
  expect([first, second, third].map(({ withheld }) => withheld)).toEqual([0, 21, 1_000]);
  expect(new Set(put.map(({ key }) => key)).size).toBe(1);
  const [header, counted, ...more] = put.at(-1)?.lines ?? [];
  expect(header).toMatchObject({ count: 1, failure: null });
  expect(counted).toMatchObject({ error: 'TooManyRefusals', sender: '111111111111' });
  expect(counted?.message).toMatch(
    /^1021 more that account 111111111111 sent in the hour of 2025-03-11T10:00Z/,
  );
  expect(more).toEqual([]);
  const entries = first.kept.length + second.kept.length + third.kept.length + 1;
  expect(entries).toBe(mostAnHour);
});

test('who asks again is given the same: a state that is tried again keeps what its first try kept', async () => {
  const first = await bound(refused(70, '222222222222'), 'one');
  await bound(refused(70, '222222222222'), 'two');
  const again = await bound(refused(70, '222222222222'), 'one');
  expect(again.kept).toEqual(first.kept);
  const { Item } = await db.client.send(
    new GetItemCommand({ TableName: 'senders', Key: { sender: { S: '222222222222#2025-03-11T10' } } }),
  );
  expect([Item?.kept?.N, Item?.withheld?.N]).toEqual(['99', '41']);
});

test('what is known of a sender stays small, whatever it sends, and is forgotten', async () => {
  for (let n = 0; n < 120; n += 1) await bound(refused(3, '333333333333'), `events-${n}`);
  const { Item } = await db.client.send(
    new GetItemCommand({ TableName: 'senders', Key: { sender: { S: '333333333333#2025-03-11T10' } } }),
  );
  expect(Object.keys(JSON.parse(Item?.given?.S ?? ''))).toHaveLength(33);
  expect(Item?.withheld?.N).toBe(String(120 * 3 - 99));
  expect(Number(Item?.expires?.N) - at.getTime() / 1000).toBe(48 * 3600);
});

test('executions at once keep no more together', async () => {
  const all = await inParallel(Array.from({ length: 12 }), 12, (_, n) =>
    bound(refused(20, '444444444444'), `run-${n}`),
  );
  expect(all.reduce((sum, { kept }) => sum + kept.length, 0)).toBe(99);
  expect(all.reduce((sum, { withheld }) => sum + withheld, 0)).toBe(12 * 20 - 99);
});

test("another sender, another hour and our own trail's refusals are not held back", async () => {
  await bound(refused(200, '555555555555'), 'one');
  put.splice(0);
  const mixed = [...refused(150), ...refused(5, '666666666666'), ...refused(1, '555555555555')];
  const { kept, withheld } = await bound(mixed, 'two');
  expect(kept).toEqual([...refused(150), ...refused(5, '666666666666')]);
  expect(withheld).toBe(1);
  const next = await bound(refused(1, '555555555555'), 'three', new Date('2025-03-11T11:00:00Z'));
  expect(next).toMatchObject({ withheld: 0, key: null });
});
