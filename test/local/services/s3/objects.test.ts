import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createS3 } from '../../../../local/services/s3/service.ts';
import { account, type RunningS3, startS3 } from '../../s3-support.ts';

let s3: RunningS3;
let client: S3Client;
beforeEach(async () => {
  s3 = await startS3();
  client = s3.client();
});
afterEach(async () => {
  await s3.close();
  expect(s3.faults).toEqual([]);
});

const md5 = (data: string | Buffer) => createHash('md5').update(data).digest('hex');
const put = (Key: string, Body: string | Uint8Array, more = {}, Bucket = 'plain') =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, more = {}, Bucket = 'plain') => {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: (await answer.Body?.transformToString()) ?? '' };
};
const keys = async (Bucket = 'plain') =>
  ((await client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(object => object.Key);
async function contentFiles() {
  const entries = await readdir(join(s3.folder, 'contents'), { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).length;
}

test('an object comes back with its bytes, headers and metadata, and is told of once', async () => {
  const answer = await put('a/b.json', '{"a":1}', {
    ContentType: 'application/json',
    ContentEncoding: 'gzip',
    CacheControl: 'no-store',
    Metadata: { origin: 'here' },
  });
  const object = await get('a/b.json');

  expect(answer.ETag).toBe(`"${md5('{"a":1}')}"`);
  expect(object).toMatchObject({
    text: '{"a":1}',
    ETag: answer.ETag,
    ContentLength: 7,
    ContentType: 'application/json',
    ContentEncoding: 'gzip',
    CacheControl: 'no-store',
    Metadata: { origin: 'here' },
  });
  expect(object.VersionId).toBeUndefined();
  expect(s3.created).toEqual([
    {
      bucket: 'plain',
      key: 'a/b.json',
      size: 7,
      etag: md5('{"a":1}'),
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  ]);
  const head = await client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'a/b.json' }));
  expect(head).toMatchObject({ ContentLength: 7, ETag: answer.ETag, Metadata: { origin: 'here' } });
});

test('an empty object is one', async () => {
  await put('empty', Buffer.alloc(0));
  expect(await get('empty')).toMatchObject({
    text: '',
    ContentLength: 0,
    ETag: '"d41d8cd98f00b204e9800998ecf8427e"',
  });
});

test.each([
  ['spaces and a plus', 'a b+c  d'],
  ['unicode beyond the BMP', 'grüße/😀/é'],
  ['a way out of the folder', '../../../../tmp/out'],
  ['dots alone', '..'],
  ['a leading slash', '/etc/passwd'],
  ['slashes alone', 'a//b///'],
  ['percent signs', '100%/%2e%2e%2f'],
  ['query characters', 'a?b=c&d#e'],
  ['quotes and XML', `<a href="x">'&amp;'</a>`],
  ['a backslash and a colon', 'C:\\temp\\x'],
  ['1,024 bytes', 'é'.repeat(512)],
])('a key may hold %s', async (_, key) => {
  await put(key, key);

  expect((await get(key)).text).toBe(key);
  expect(await keys()).toEqual([key]);
  await client.send(new DeleteObjectCommand({ Bucket: 'plain', Key: key }));
  expect(await keys()).toEqual([]);
});

test('a key of 1,025 bytes is refused', async () => {
  await expect(put('x'.repeat(1025), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
});

test('an overwritten object leaves no bytes behind, and its reader still gets the old ones whole', async () => {
  const old = Buffer.alloc(8 * 1024 * 1024, 'old.');
  await put('k', old);
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'plain', Key: 'k' }));

  await put('k', 'new');

  expect(md5(Buffer.from((await Body?.transformToByteArray()) ?? []))).toBe(md5(old));
  expect((await get('k')).text).toBe('new');
  expect(await contentFiles()).toBe(1);
});

describe('part of an object', () => {
  test.each([
    ['bytes=0-2', 'abc', 'bytes 0-2/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 'ij', 'bytes 8-9/10'],
    ['bytes=-99', 'abcdefghij', 'bytes 0-9/10'],
    ['bytes=9-99', 'j', 'bytes 9-9/10'],
  ])('%s is read', async (Range, text, ContentRange) => {
    await put('k', 'abcdefghij');
    expect(await get('k', { Range })).toMatchObject({ text, ContentRange, ContentLength: text.length });
  });

  test.each([['bytes=10-'], ['bytes=-0'], ['bytes=5-4']])('%s holds no byte', async Range => {
    await put('k', 'abcdefghij');
    await expect(get('k', { Range })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  test('several at once are refused by name', async () => {
    await put('k', 'abcdefghij');
    await expect(get('k', { Range: 'bytes=0-1,3-4' })).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('conditions', () => {
  test('of concurrent writes of a new key exactly one wins', async () => {
    const writes = Array.from({ length: 20 }, (_, i) => put('k', `writer ${i}`, { IfNoneMatch: '*' }));
    const results = await Promise.allSettled(writes);

    const won = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
    const lost = results.flatMap(result => (result.status === 'rejected' ? [result.reason.name] : []));
    expect(won).toHaveLength(1);
    expect(lost).toEqual(Array(19).fill('PreconditionFailed'));
    expect((await get('k')).text).toBe(`writer ${won[0]}`);
    expect(s3.created).toHaveLength(1);
    expect(await contentFiles()).toBe(1);
  });

  test('a write that wants another object than is there changes nothing', async () => {
    const first = await put('k', 'one');
    const second = await put('k', 'two', { IfMatch: first.ETag });

    await expect(put('k', 'three', { IfMatch: first.ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(put('new', 'three', { IfMatch: first.ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await get('k')).toMatchObject({ text: 'two', ETag: second.ETag });
  });

  test('a read of another object than is there fails, of the same one again says so', async () => {
    const { ETag } = await put('k', 'one');

    expect((await get('k', { IfMatch: ETag })).text).toBe('one');
    await expect(get('k', { IfMatch: '"other"' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
    await expect(get('k', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    expect((await get('k', { IfNoneMatch: '"other"' })).text).toBe('one');
  });
});

describe('a versioned bucket', () => {
  const versioned = (Key: string, Body: string) => put(Key, Body, {}, 'versioned');

  test('keeps every version, and hides them under a delete marker', async () => {
    const one = await versioned('k', 'one');
    const two = await versioned('k', 'two');
    const deleted = await client.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'k' }));

    expect(deleted.DeleteMarker).toBe(true);
    expect(new Set([one.VersionId, two.VersionId, deleted.VersionId]).size).toBe(3);
    expect(s3.created.map(object => object.versionId)).toEqual([one.VersionId, two.VersionId]);
    await expect(get('k', {}, 'versioned')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await keys('versioned')).toEqual([]);
    expect((await get('k', { VersionId: one.VersionId }, 'versioned')).text).toBe('one');
    expect(await get('k', { VersionId: two.VersionId }, 'versioned')).toMatchObject({
      text: 'two',
      VersionId: two.VersionId,
    });
    await expect(get('k', { VersionId: deleted.VersionId }, 'versioned')).rejects.toMatchObject({
      name: 'MethodNotAllowed',
    });
    await expect(get('k', { VersionId: 'nosuch' }, 'versioned')).rejects.toMatchObject({
      name: 'NoSuchVersion',
    });
  });

  test('shows the version before, once the latest one is removed for good', async () => {
    await versioned('k', 'one');
    const two = await versioned('k', 'two');
    const marker = await client.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'k' }));
    const remove = (VersionId?: string) =>
      client.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'k', VersionId }));

    await remove(marker.VersionId);
    expect((await get('k', {}, 'versioned')).text).toBe('two');
    await remove(two.VersionId);
    expect((await get('k', {}, 'versioned')).text).toBe('one');
    expect(await contentFiles()).toBe(1);
  });
});

test('what was not there counts as deleted', async () => {
  await put('a', 'a');

  const answer = await client.send(new DeleteObjectCommand({ Bucket: 'plain', Key: 'none' }));

  expect(answer.$metadata.httpStatusCode).toBe(204);
  expect(await keys()).toEqual(['a']);
});

test('a copy has the bytes and metadata of its source, or metadata of its own', async () => {
  await put('ü/a+b', 'text', { Metadata: { a: '1' }, ContentType: 'text/plain' });
  const CopySource = `plain/${encodeURIComponent('ü/a+b')}`;
  const copy = (Key: string, more = {}) =>
    client.send(new CopyObjectCommand({ Bucket: 'plain', Key, CopySource, ...more }));

  expect((await copy('same')).CopyObjectResult?.ETag).toBe(`"${md5('text')}"`);
  await copy('other', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } });

  expect(await get('same')).toMatchObject({ text: 'text', Metadata: { a: '1' }, ContentType: 'text/plain' });
  expect(await get('other')).toMatchObject({ text: 'text', Metadata: { b: '2' } });
  await expect(copy('ü/a+b')).rejects.toMatchObject({ name: 'InvalidRequest' });
  expect(s3.created.map(({ key }) => key)).toEqual(['ü/a+b', 'same', 'other']);
});

test('objects, versions and metadata survive a restart; what a killed upload left behind does not', async () => {
  const one = await put('k', 'one', { Metadata: { a: '1' } }, 'versioned');
  await put('k', 'two', {}, 'versioned');
  await writeFile(join(s3.folder, 'contents', 'ab', 'abandoned'), 'half an upl');

  await s3.restart();
  client = s3.client();

  expect((await get('k', {}, 'versioned')).text).toBe('two');
  expect(await get('k', { VersionId: one.VersionId }, 'versioned')).toMatchObject({
    text: 'one',
    Metadata: { a: '1' },
  });
  expect(await contentFiles()).toBe(2);
});

test('20 MB, more than any service reads into memory, stream in with a trailing checksum and out again unchanged', async () => {
  const block = createHash('shake256', { outputLength: 1024 * 1024 })
    .update('random contents')
    .digest();
  const size = 20 * block.length;
  const sent = createHash('md5');
  const body = Readable.from(
    (function* () {
      for (let i = 0; i < 20; i += 1) {
        const chunk = Buffer.from(block);
        chunk.writeUInt32BE(i);
        sent.update(chunk);
        yield chunk;
      }
    })(),
    { objectMode: false, highWaterMark: 64 * 1024 },
  );

  const { ETag, ChecksumCRC32 } = await client.send(
    new PutObjectCommand({ Bucket: 'plain', Key: 'big', Body: body, ContentLength: size }),
  );
  const { Body, ContentEncoding } = await client.send(new GetObjectCommand({ Bucket: 'plain', Key: 'big' }));
  const received = createHash('md5');
  for await (const chunk of Body as Readable) received.update(chunk);

  const hash = sent.digest('hex');
  expect(ETag).toBe(`"${hash}"`);
  expect(received.digest('hex')).toBe(hash);
  expect(ChecksumCRC32).toMatch(/^.{8}$/);
  expect(ContentEncoding).toBeUndefined();
});

test('a folder in use is refused, naming it', async () => {
  await expect(createS3({ folder: s3.folder, account, onObjectCreated() {} })).rejects.toMatchObject({
    name: 'CatalogueInUse',
    message: `the folder ${s3.folder} is in use by another process`,
  });
});

test('versioning is switched on for what is there already, and never off', async () => {
  await put('k', 'one');
  s3.server.createBucket({ name: 'plain', versioned: true });
  const two = await put('k', 'two');

  expect(await get('k')).toMatchObject({ text: 'two', VersionId: two.VersionId });
  expect((await get('k', { VersionId: 'null' })).text).toBe('one');
  expect(() => s3.server.createBucket({ name: 'plain', versioned: false })).toThrow(
    'the bucket plain has versions',
  );
});
