import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type RunningS3, startS3 } from '../../s3-support.ts';

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

const MB = 1024 * 1024;
const name = { Bucket: 'plain', Key: 'ä/big file' };
const md5 = (data: Buffer) => createHash('md5').update(data).digest();
const crc = (data: Buffer) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes;
};
const create = async (more = {}) =>
  (await client.send(new CreateMultipartUploadCommand({ ...name, ...more }))).UploadId;
const part = async (
  UploadId: string | undefined,
  PartNumber: number,
  Body: Buffer,
  more = {},
): Promise<CompletedPart> => {
  const answer = await client.send(new UploadPartCommand({ ...name, UploadId, PartNumber, Body, ...more }));
  return { PartNumber, ETag: answer.ETag, ChecksumCRC32: answer.ChecksumCRC32 };
};
const complete = (UploadId: string | undefined, Parts: CompletedPart[], more = {}) =>
  client.send(new CompleteMultipartUploadCommand({ ...name, UploadId, MultipartUpload: { Parts }, ...more }));
const plain = (parts: CompletedPart[]) => parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
const bytes = async ({ Body }: GetObjectCommandOutput) =>
  Buffer.from((await Body?.transformToByteArray()) ?? []);
const size = async () => (await client.send(new HeadObjectCommand(name))).ContentLength;
const contentFiles = async () =>
  (await readdir(join(s3.folder, 'contents'), { recursive: true, withFileTypes: true })).filter(entry =>
    entry.isFile(),
  ).length;

const [first, second] = [randomBytes(5 * MB), randomBytes(1234)] as const;

test('parts that came in any order become one object', async () => {
  const upload = await create({ ContentType: 'application/gzip', Metadata: { source: 'trail' } });
  const two = await part(upload, 7, second);
  const one = await part(upload, 2, first);

  const { ETag } = await complete(upload, plain([one, two]));

  const object = await client.send(new GetObjectCommand(name));
  expect(await bytes(object).then(sha256)).toBe(sha256(Buffer.concat([first, second])));
  expect(object).toMatchObject({ ETag, ContentType: 'application/gzip', Metadata: { source: 'trail' } });
  expect(ETag).toBe(`"${createHash('md5').update(md5(first)).update(md5(second)).digest('hex')}-2"`);
  expect(s3.created).toMatchObject([
    { bucket: 'plain', key: name.Key, size: 5 * MB + 1234, etag: ETag?.replaceAll('"', '') },
  ]);
  expect(await contentFiles()).toBe(1);
});

test.each([
  ['of the parts', 'COMPOSITE', `${crc(Buffer.concat([crc(first), crc(second)])).toString('base64')}-2`],
  ['of the whole', 'FULL_OBJECT', crc(Buffer.concat([first, second])).toString('base64')],
] as const)('a checksum %s is made', async (_, ChecksumType, expected) => {
  const upload = await create({ ChecksumAlgorithm: 'CRC32', ChecksumType });
  const parts = [await part(upload, 1, first), await part(upload, 2, second)];

  const answer = await complete(upload, parts);

  expect(answer).toMatchObject({ ChecksumCRC32: expected, ChecksumType });
  const object = await client.send(new GetObjectCommand({ ...name, ChecksumMode: 'ENABLED' }));
  expect((await object.Body?.transformToByteArray())?.length).toBe(5 * MB + 1234);
});

test('a part sent again takes the place of the first', async () => {
  const upload = await create();
  await part(upload, 1, first);
  const again = await part(upload, 1, second);

  await complete(upload, plain([again]));

  const object = await client.send(new GetObjectCommand(name));
  expect(await bytes(object).then(sha256)).toBe(sha256(second));
  expect(await contentFiles()).toBe(1);
});

describe('a completion is refused', () => {
  test.each<[string, string, (parts: CompletedPart[]) => CompletedPart[], object]>([
    ['with parts out of order', 'InvalidPartOrder', parts => parts.reverse(), {}],
    ['with a part nobody sent', 'InvalidPart', ([one]) => [{ PartNumber: 4, ETag: one?.ETag }], {}],
    ['with another ETag', 'InvalidPart', ([one]) => [{ ...one, ETag: '"0123"' }], {}],
    [
      'with a small part in front',
      'EntityTooSmall',
      ([one, two]) => [
        { ...two, PartNumber: 2 },
        { ...one, PartNumber: 3 },
      ],
      {},
    ],
    ['with no parts', 'MalformedXML', () => [], {}],
    ['with another size', 'InvalidRequest', parts => parts, { MpuObjectSize: 1 }],
    ['when there must be no object yet', 'PreconditionFailed', parts => parts, { IfNoneMatch: '*' }],
  ])('%s', async (_, code, change, more) => {
    const before = await create();
    await complete(before, plain([await part(before, 1, second)]));
    const upload = await create();
    const parts = plain([await part(upload, 1, first), await part(upload, 2, second)]);
    await part(upload, 3, first);
    const files = await contentFiles();

    await expect(complete(upload, change(parts), more)).rejects.toMatchObject({ name: code });

    expect(await contentFiles()).toBe(files);
    expect(await size()).toBe(second.length);
  });
});

test('an aborted upload leaves nothing and takes no more parts', async () => {
  const upload = await create();
  await part(upload, 1, second);
  await client.send(new AbortMultipartUploadCommand({ ...name, UploadId: upload }));

  expect(await contentFiles()).toBe(0);
  await expect(part(upload, 2, second)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  await expect(complete(upload, [])).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('an upload goes on after a restart', async () => {
  const upload = await create({ ChecksumAlgorithm: 'CRC32' });
  const one = await part(upload, 1, first);

  await s3.restart();
  client = s3.client();
  await complete(upload, [one, await part(upload, 2, second)]);

  expect(await size()).toBe(5 * MB + 1234);
});

test('a part with another checksum than the upload was begun with is refused', async () => {
  const upload = await create({ ChecksumAlgorithm: 'SHA256' });

  await expect(part(upload, 1, second, { ChecksumAlgorithm: 'CRC32' })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: expect.stringContaining('expected checksum Type: sha256, actual checksum Type: crc32'),
  });
  expect(await contentFiles()).toBe(0);
});
