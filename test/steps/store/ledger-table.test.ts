import fc from 'fast-check';
import { type FileToMark, LedgerTable } from '../../../steps/store/ledger-table.ts';
import { ledgerTable } from '../../../steps/store/tables.ts';
import { rolesHash } from '../../../steps/transport/ledger-files.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';

const requests: string[] = [];
let db: DynamoDbFixture;
let tables = 0;
let places = 0;

beforeAll(async () => {
  db = await dynamoDbFixture(
    Array.from({ length: 11 }, (_, n) => tableOf(`ledger-${n}`, ledgerTable)),
    { authorize: action => requests.push(action) },
  );
});
afterAll(() => db.close());

const freshTable = () => new LedgerTable(db.client, `ledger-${tables++}`);
const audited = rolesHash(['A']);

const named = (account: string, region: string, time: string, unique = 'x') =>
  `AWSLogs/${account}/CloudTrail/${region}/2016/04/05/${account}_CloudTrail_${region}_${time}_${unique}.json.gz`;

function file(key: string, change: Partial<FileToMark> = {}): FileToMark {
  return {
    bucket: 'trail',
    key,
    etag: 'e1',
    records: 7,
    kept: 2,
    roles: audited,
    execution: 'first',
    at: '2016-04-05T20:46:00.000Z',
    earliest: null,
    reads: false,
    ...change,
  };
}

test('the roles’ hash does not depend on order or repetition, and tells one set from another', () => {
  expect(rolesHash(['A', 'B'])).toBe(rolesHash(['B', 'A', 'B']));
  expect(rolesHash(['A', 'B'])).not.toBe(rolesHash(['A']));
});

test('a file is known by its place, bytes and roles', async () => {
  // Given
  const table = freshTable();
  const marked = file(named('999999999999', 'us-east-1', '20160405T2045Z'));
  await table.mark([marked]);
  const others = [
    { ...marked, etag: 'e2' },
    { ...marked, bucket: 'other' },
    file(named('999999999999', 'us-east-1', '20160405T2045Z', 'y')),
  ];
  // When
  const known = await table.processed([marked, ...others], audited);
  // Then
  expect([...known]).toEqual([marked]);
  expect(await table.processed([marked], rolesHash(['B']))).toEqual(new Set());
});

test('the first mark stays; for other roles there is another', async () => {
  // Given
  const table = freshTable();
  const key = named('999999999999', 'us-east-1', '20160405T2045Z');
  await table.mark([file(key)]);
  // When
  await table.mark([file(key, { execution: 'second', records: 0 })]);
  await table.mark([file(key, { execution: 'third', roles: rolesHash(['B']) })]);
  // Then
  const stored = await all(table.files('999999999999', 'us-east-1'));
  expect(stored.map(({ execution, records }) => [execution, records]).sort()).toEqual([
    ['first', 7],
    ['third', 7],
  ]);
});

test('files of a place come by time; those without a name of CloudTrail’s have a place of their own', async () => {
  // Given
  const table = freshTable();
  const times = ['20160405T2045Z', '20160405T1950Z', '20160406T0000Z'];
  const files = times.map(time => file(named('999999999999', 'us-east-1', time)));
  await table.mark([
    ...files,
    file(named('999999999999', 'eu-west-1', '20160405T2045Z')),
    file('export/a.json'),
  ]);
  // When
  const since = await all(table.files('999999999999', 'us-east-1', '20160405T2000Z'));
  // Then
  const { reads: _, ...unnamed } = file('export/a.json');
  expect(since).toEqual([files[0], files[2]].map(each => ({ ...each, reads: undefined })));
  expect(await all(table.unnamed())).toEqual([unnamed]);
});

test('a key as long as S3 allows is marked and found', async () => {
  // Given
  const table = freshTable();
  const long = file(`${'é'.repeat(509)}.json`);
  const other = file(`${'é'.repeat(508)}x.json`);
  // When
  await table.mark([long]);
  // Then
  expect(await table.processed([long, other], audited)).toEqual(new Set([long]));
  expect((await all(table.unnamed())).map(({ key }) => key)).toEqual([long.key]);
});

test('one request looks a hundred files up, also when some are announced twice', async () => {
  // Given
  const table = freshTable();
  const files = Array.from({ length: 100 }, (_, n) =>
    file(named('999999999999', 'us-east-1', '20160405T2045Z', `n${n}`)),
  );
  await table.mark(files.slice(0, 50));
  requests.length = 0;
  // When
  const known = await table.processed([...files, ...files.map(each => ({ ...each }))], audited);
  // Then
  expect(known.size).toBe(100);
  expect(requests.map(request => request.split(' ')[0])).toEqual(['dynamodb:BatchGetItem']);
});

test('hours and regions with a delivery are one Query, each once, of the account asked for', async () => {
  // Given
  const table = freshTable();
  await table.mark([
    file(named('999999999999', 'us-east-1', '20160405T2045Z')),
    file(named('999999999999', 'us-east-1', '20160405T2050Z')),
    file(named('999999999999', 'eu-west-1', '20160405T2059Z')),
    file(named('999999999999', 'us-east-1', '20160405T2300Z')),
    file(named('999999999999', 'us-east-1', '20160405T1859Z')),
    file(named('111111111111', 'us-east-1', '20160405T2045Z')),
    file('export/a.json'),
  ]);
  requests.length = 0;
  // When
  const delivered = await table.coverage('999999999999', '2016-04-05T19:39:37Z', '2016-04-05T22:59:59Z');
  // Then
  expect(delivered).toEqual([
    { hour: '2016040520', region: 'eu-west-1' },
    { hour: '2016040520', region: 'us-east-1' },
  ]);
  expect(requests).toHaveLength(1);
});

test('the first file of a place says how far back its logs reach; a later one of that minute may say more', async () => {
  // Given
  const table = freshTable();
  const of = (time: string, unique: string, earliest: string | null) =>
    file(named('999999999999', 'us-east-1', time, unique), { earliest });
  await table.mark([of('20160405T2050Z', 'b', '2016-04-05T20:10:00Z'), file('export/a.json')]);
  // When, Then
  expect(await table.first('999999999999', 'us-east-1')).toEqual({
    time: '2016-04-05T20:50:00Z',
    earliest: '2016-04-05T20:10:00Z',
  });
  await table.mark([of('20160405T2045Z', 'x', null), of('20160405T2045Z', 'a', '2016-04-05T20:40:00Z')]);
  requests.length = 0;
  expect(await table.first('999999999999', 'us-east-1')).toEqual({
    time: '2016-04-05T20:45:00Z',
    earliest: '2016-04-05T20:40:00Z',
  });
  expect(requests).toHaveLength(1);
  expect(await table.first('999999999999', 'eu-west-1')).toBeNull();
  expect(await table.first('111111111111', 'us-east-1')).toBeNull();
});

test('files in any order, some twice, tell the same first file, and whether the account’s logs hold reads', async () => {
  const minute = fc.integer({ min: 0, max: 90 });
  const generated = fc.array(fc.tuple(minute, minute, fc.boolean(), fc.nat(3)), {
    minLength: 1,
    maxLength: 8,
  });
  const time = (minutes: number) =>
    new Date(Date.UTC(2016, 3, 5, 20, minutes)).toISOString().replace('.000', '');
  const table = freshTable();
  await fc.assert(
    fc.asyncProperty(
      generated.chain(list =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
      ),
      async ([list, delivered]) => {
        places += 1;
        const place = String(100000000000 + places);
        for (const [at, earliest, reads, unique] of delivered) {
          const name = time(at).replace(/[-:]/g, '').replace(/00Z$/, 'Z');
          const key = named(place, 'us-east-1', name, `${unique}${earliest}${reads}`);
          await table.mark([file(key, { earliest: time(earliest), reads })]);
        }
        const first = Math.min(...list.map(([at]) => at));
        expect(await table.first(place, 'us-east-1')).toEqual({
          time: time(first),
          earliest: time(Math.min(...list.filter(([at]) => at === first).map(([, earliest]) => earliest))),
        });
        expect(await table.logsReads(place)).toBe(list.some(([, , reads]) => reads));
      },
    ),
    { numRuns: 25 },
  );
});

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

test('tells the text’s hash of the bytes that were read, and of no others', async () => {
  const table = freshTable();
  const key = named('999999999999', 'us-east-1', '20160405T2045Z');
  const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
  await table.mark([
    file(key, { etag: 'hashed', sha256: one }),
    file(key, { etag: 'hashed', sha256: one, roles: rolesHash(['B']) }),
    file(key, { etag: 'two texts', sha256: one }),
    file(key, { etag: 'two texts', sha256: other, roles: rolesHash(['B']) }),
    file(key, { etag: 'unhashed' }),
  ]);
  const asked = ['hashed', 'two texts', 'unhashed', 'unknown'];
  const told = await Promise.all(asked.map(etag => table.textHash({ bucket: 'trail', key, etag })));
  expect(told).toEqual([one, null, null, null]);
});
