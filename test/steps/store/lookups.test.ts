import { ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { type ListedRecord, recordName } from '../../../core/linking/listed.ts';
import { type Item, text } from '../../../steps/store/attributes.ts';
import { LookupWriter } from '../../../steps/store/lookup-writer.ts';
import { LookupsTable } from '../../../steps/store/lookups-table.ts';
import { keptForEver, Retention } from '../../../steps/store/retention.ts';
import { endAttribute, lookupsTable } from '../../../steps/store/tables.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';

const tables = 30;
let db: DynamoDbFixture;
let used = 0;

beforeAll(async () => {
  db = await dynamoDbFixture(Array.from({ length: tables }, (_, n) => tableOf(`lookups-${n}`, lookupsTable)));
});
afterAll(() => db.close());

const bucketNamed = (name: string) => ({
  id: `arn:aws:s3:::${name}`,
  type: 'AWS::S3::Bucket',
  name,
  account: null,
  from: 'request' as const,
});

function record(eventID: string, eventTime: string, buckets: readonly string[] = []): ListedRecord {
  return {
    ...{ eventID, eventTime, recipientAccountId: '999999999999', provenance: 'trail' },
    ...{ eventName: 'ListObjects', eventSource: 's3.amazonaws.com', awsRegion: 'us-east-1', errorCode: null },
    ...{ sourceIPAddress: '198.51.100.1', agent: null, use: 'u', request: null, amends: null },
    credential: 'ASIAONE',
    touched: { access: 'read', resources: buckets.map(bucketNamed), more: 0 },
    keyless: false,
  };
}

interface File {
  name: string;
  records: ListedRecord[];
}

/** A table that files arrive at, batch by batch. */
async function filed(batches: readonly (readonly File[])[], retention = keptForEver) {
  const name = `lookups-${used++}`;
  for (const files of batches) {
    const writer = new LookupWriter(db.client, name, retention);
    for (const file of files) for (const each of file.records) writer.add(each, file.name);
    await writer.finish();
  }
  const items: Item[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await db.client.send(new ScanCommand({ TableName: name, ExclusiveStartKey }));
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return { table: new LookupsTable(db.client, name), items };
}

const stored = (items: readonly Item[]) =>
  items.map(item => JSON.stringify(Object.entries(item).sort())).sort();
const all = Array.fromAsync;

const shared = record('in-two-files', '2025-03-11T09:59:59Z', ['logs']);
const files: File[] = [
  { name: 's3://trail/a', records: [record('a-1', '2025-03-11T09:10:00Z', ['logs', 'data']), shared] },
  { name: 's3://trail/b', records: [shared, record('b-1', '2025-03-11T10:00:00Z', ['data'])] },
  {
    name: 's3://trail/c',
    records: [record('c-1', '2025-03-12T00:00:00Z'), record('c-2', '2025-03-11T09:10:00Z')],
  },
];
const everything = ['c-1', 'b-1', 'in-two-files', 'c-2', 'a-1'];

test('files leave the same items in any order, however they are put together, and however often they come', async () => {
  const once = await filed([files]);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(files, { minLength: 3 }),
      fc.array(fc.constantFrom(...files), { maxLength: 3 }),
      fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
      async (order, again, batchOf) => {
        const batches = [...Map.groupBy([...order, ...again].entries(), ([n]) => batchOf[n]).values()];
        const { items } = await filed(batches.map(batch => batch.map(([, file]) => file)));
        expect(stored(items)).toEqual(stored(once.items));
      },
    ),
    { numRuns: 15 },
  );
});

test('an event in two files is listed and found once', async () => {
  const { table } = await filed([[...files].reverse()]);
  const ids = (records: readonly ListedRecord[]) => records.map(({ eventID }) => eventID);
  expect(ids(await all(table.newestFirst()))).toEqual(everything);
  expect(ids(await all(table.ofResource('logs')))).toEqual(['in-two-files', 'a-1']);
  expect(ids(await all(table.ofAddress('198.51.100.1')))).toEqual(everything);
  const [, , third] = await all(table.newestFirst());
  expect(third).toEqual(shared);
});

test('three thousand resources of one session are found each, and no item grows with them', async () => {
  // Given: of one hour, more records than one item takes
  const records = Array.from({ length: 300 }, (_, n) =>
    record(
      `event-${n}`,
      `2025-03-11T09:${String(n % 60).padStart(2, '0')}:00Z`,
      Array.from({ length: 10 }, (_, m) => `bucket-${n}-${m}`),
    ),
  );
  const { table, items } = await filed([[{ name: 's3://trail/large', records }]]);
  expect(items.filter(item => text(item, 'place').startsWith('resource#'))).toHaveLength(3_000);
  expect(items.filter(item => item.calls)).toHaveLength(2);
  expect(Math.max(...items.map(item => item.calls?.B?.length ?? 0))).toBeLessThan(100_000);
  expect((await all(table.ofResource('bucket-299-9'))).map(recordName)).toEqual([
    '2025-03-11T09:59:00Z#event-299#999999999999',
  ]);
  const listed = await all(table.newestFirst());
  expect(listed).toHaveLength(300);
  expect(new Set(listed.flatMap(each => each.touched.resources.map(({ id }) => id))).size).toBe(3_000);
});

test('all of it ends when it may be forgotten, and what others need is prolonged', async () => {
  const began = Date.parse('2025-03-11T12:00:00Z');
  const at = (day: number) => new Retention(90, () => began + day * 86_400_000);
  const { items } = await filed([[files[0] as File]], at(0));
  expect(items.every(item => Number(item[endAttribute]?.N) > began / 1000 + 89 * 86_400)).toBe(true);
  const name = `lookups-${used - 1}`;
  const writer = new LookupWriter(db.client, name, at(30));
  writer.add(record('later', '2025-03-11T09:30:00Z', ['logs']), 's3://trail/late');
  await writer.finish();
  const { Items = [] } = await db.client.send(new ScanCommand({ TableName: name }));
  const lead = Items.find(item => text(item, 'place') === 'resource#logs');
  expect(Number(lead?.[endAttribute]?.N)).toBeGreaterThan(began / 1000 + (30 + 90) * 86_400);
});
