import {
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type RunningS3, startS3 } from '../../s3-support.ts';

let s3: RunningS3;
let client: S3Client;
// Not in byte order as they stand; U+FFFD sorts before 😀 by bytes, behind it by JavaScript's own order.
const names = ['b/1', 'a', 'B', 'a/b/c', 'a/b', 'a/ä', '\u{1F600}', '\uFFFD', 'a b+c', 'a/b/d/e', 'z&<>"'];
beforeAll(async () => {
  s3 = await startS3();
  client = s3.client();
  for (const Key of names) await client.send(new PutObjectCommand({ Bucket: 'plain', Key, Body: 'x' }));
});
afterAll(async () => {
  await s3.close();
  expect(s3.faults).toEqual([]);
});

const list = async (more: object) => {
  const answer = await client.send(new ListObjectsV2Command({ Bucket: 'plain', ...more }));
  const keys = (answer.Contents ?? []).map(({ Key }) => Key);
  return { ...answer, keys, prefixes: (answer.CommonPrefixes ?? []).map(({ Prefix }) => Prefix) };
};

test('keys come in the order of their bytes, each with size and ETag', async () => {
  const { keys, Contents, KeyCount, IsTruncated } = await list({});

  expect(keys).toEqual([
    'B',
    'a',
    'a b+c',
    'a/b',
    'a/b/c',
    'a/b/d/e',
    'a/ä',
    'b/1',
    'z&<>"',
    '\uFFFD',
    '\u{1F600}',
  ]);
  expect(Contents?.[0]).toMatchObject({
    Size: 1,
    ETag: '"9dd4e461268c8034f5c8564e155c67a6"',
    StorageClass: 'STANDARD',
  });
  expect(Contents?.[0]?.LastModified?.getTime()).toBeGreaterThan(Date.UTC(2020));
  expect({ KeyCount, IsTruncated }).toEqual({ KeyCount: 11, IsTruncated: false });
});

test.each([
  [{ Prefix: 'a/' }, ['a/b', 'a/b/c', 'a/b/d/e', 'a/ä'], []],
  [{ Prefix: 'a/', Delimiter: '/' }, ['a/b', 'a/ä'], ['a/b/']],
  [{ Delimiter: '/' }, ['B', 'a', 'a b+c', 'z&<>"', '\uFFFD', '\u{1F600}'], ['a/', 'b/']],
  [{ StartAfter: 'a/b/c', Prefix: 'a' }, ['a/b/d/e', 'a/ä'], []],
  [{ StartAfter: 'A', Prefix: 'b' }, ['b/1'], []],
  [{ Prefix: 'none' }, [], []],
  [{ MaxKeys: 0 }, [], []],
  [{ Delimiter: 'b', Prefix: 'a/' }, ['a/ä'], ['a/b']],
])('%j lists what S3 lists', async (more, expected, expectedPrefixes) => {
  const { keys, prefixes, KeyCount, IsTruncated } = await list(more);

  expect(keys).toEqual(expected);
  expect(prefixes).toEqual(expectedPrefixes);
  expect({ KeyCount, IsTruncated }).toEqual({ KeyCount: keys.length + prefixes.length, IsTruncated: false });
});

test.each([[1], [2], [3], [100]])(
  'pages of %i miss nothing and name each common prefix once',
  async pageSize => {
    const seen: (string | undefined)[] = [];
    const pages = paginateListObjectsV2({ client, pageSize }, { Bucket: 'plain', Delimiter: '/' });
    for await (const page of pages) {
      expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
    }

    expect([...seen].sort()).toEqual(['B', 'a', 'a b+c', 'a/', 'b/', 'z&<>"', '\uFFFD', '\u{1F600}'].sort());
  },
);

test('encoding-type=url encodes as forms do, but slashes', async () => {
  expect((await list({ EncodingType: 'url', Prefix: 'a' })).keys).toEqual([
    'a',
    'a+b%2Bc',
    'a/b',
    'a/b/c',
    'a/b/d/e',
    'a/%C3%A4',
  ]);
});

test.each([[{ ContinuationToken: '%%%' }], [{ EncodingType: 'base64' as 'url' }], [{ MaxKeys: -1 }]])(
  '%j is refused',
  async more => {
    await expect(list(more)).rejects.toMatchObject({ name: 'InvalidArgument' });
  },
);

test('a bucket that is not there is said to be so', async () => {
  await expect(list({ Bucket: 'none' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('the buckets are listed', async () => {
  const { Buckets } = await client.send(new ListBucketsCommand({}));
  expect(Buckets?.map(({ Name }) => Name)).toEqual(['plain', 'versioned']);
});

test('1,001 keys are listed in pages of a thousand', async () => {
  const many = Array.from({ length: 1001 }, (_, i) => `log-${String(i).padStart(5, '0')}`);
  for (const key of many.toReversed())
    await s3.server.store({ bucket: 'versioned', key, body: Buffer.from('x') });

  const pages: string[][] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: 'versioned' })) {
    pages.push((page.Contents ?? []).map(({ Key }) => Key ?? ''));
  }

  expect(pages.map(page => page.length)).toEqual([1000, 1]);
  expect(pages.flat()).toEqual(many);
});
