import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type ChecksumAlgorithm, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { decodeChunked } from '../../../../local/services/s3/chunked.ts';
import { type RunningS3, startS3 } from '../../s3-support.ts';
import { signedHeaders } from '../../signing.ts';

let s3: RunningS3;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(async () => {
  await s3.close();
  expect(s3.faults).toEqual([]);
});

const key = { accessKeyId: 'OPERATOR', secretAccessKey: 'secret' };
const base64Crc32 = (data: Buffer) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString('base64');
};
const sha256 = (data: string) => createHash('sha256').update(data);

/** A request in exactly these bytes and headers, as a client of any language might send it. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string | number>,
  pieces: (string | Buffer)[] = [],
) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { port } = new URL(s3.endpoint);
    const text = Object.entries(headers).map(([name, value]): [string, string] => [name, `${value}`]);
    const signed = signedHeaders({
      ...{ method, url: `${s3.endpoint}${path}`, service: 's3', key },
      headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...Object.fromEntries(text) },
    });
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: signed }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', data => {
        text += data;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    for (const piece of pieces) request.write(piece);
    request.end();
  });
}
const put = (headers: Record<string, string | number>, pieces: (string | Buffer)[]) =>
  raw('PUT', '/plain/k', headers, pieces);
const stored = async () => {
  const answer = await s3.client().send(new GetObjectCommand({ Bucket: 'plain', Key: 'k' }));
  return answer.Body?.transformToString();
};
const contentFiles = async () =>
  (await readdir(join(s3.folder, 'contents'), { recursive: true, withFileTypes: true })).filter(entry =>
    entry.isFile(),
  ).length;

const until = async (condition: () => Promise<boolean>) => {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('not within 10 seconds');
  }
};

const signature = ';chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648';

describe('a body in chunks', () => {
  test.each([
    [
      'signed',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      {},
      [`5${signature}\r\nhello\r\n`, `6${signature}\r\n world\r\n`, `0${signature}\r\n\r\n`],
    ],
    [
      'cut at odd places',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      {},
      ['5', `${signature}\r`, '\nhe', 'llo\r', `\n6${signature}\r\n world\r\n0`, `${signature}\r\n`, '\r\n'],
    ],
    [
      'with a trailing checksum',
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      { 'x-amz-trailer': 'x-amz-checksum-crc32' },
      [`b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:${base64Crc32(Buffer.from('hello world'))}\r\n\r\n`],
    ],
    [
      'signed, with a signed trailer',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      { 'x-amz-trailer': 'x-amz-checksum-sha256' },
      [
        `B${signature}\r\nhello world\r\n0${signature}\r\nx-amz-checksum-sha256:${sha256('hello world').digest('base64')}\r\nx-amz-trailer-signature:00ff\r\n\r\n`,
      ],
    ],
  ])('%s is put together', async (_, payload, headers, pieces) => {
    const answer = await put(
      {
        ...headers,
        'x-amz-content-sha256': payload,
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': 11,
      },
      pieces,
    );

    expect(answer).toEqual({ status: 200, text: '' });
    expect(await stored()).toBe('hello world');
  });

  test.each([
    ['ends early', {}, '5\r\nhel', 'IncompleteBody'],
    ['has no last chunk', {}, '5\r\nhello\r\n', 'IncompleteBody'],
    [
      'is shorter than announced',
      { 'x-amz-decoded-content-length': 6 },
      '5\r\nhello\r\n0\r\n\r\n',
      'IncompleteBody',
    ],
    [
      'is longer than announced',
      { 'x-amz-decoded-content-length': 4 },
      '5\r\nhello\r\n0\r\n\r\n',
      'IncompleteBody',
    ],
    ['has a chunk longer than its header', {}, '4\r\nhello\r\n0\r\n\r\n', 'IncompleteBody'],
    ['has no chunks at all', {}, 'hello', 'IncompleteBody'],
    ['goes on behind its end', {}, '5\r\nhello\r\n0\r\n\r\nmore', 'IncompleteBody'],
    [
      'has another checksum',
      { 'x-amz-trailer': 'x-amz-checksum-crc32' },
      '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
      'BadDigest',
    ],
    [
      'lacks the announced checksum',
      { 'x-amz-trailer': 'x-amz-checksum-crc32' },
      '5\r\nhello\r\n0\r\n\r\n',
      'MalformedTrailerError',
    ],
    [
      'has an unknown trailer',
      { 'x-amz-trailer': 'x-amz-meta-a' },
      '5\r\nhello\r\n0\r\nx-amz-meta-a:1\r\n\r\n',
      'NotImplemented',
    ],
    [
      'is chunked in another way',
      { 'x-amz-content-sha256': 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' },
      '',
      'NotImplemented',
    ],
  ])('that %s stores nothing', async (_, headers, body, code) => {
    await put({ 'content-length': 6 }, ['before']);
    const files = await contentFiles();

    const answer = await put(
      {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': 5,
        ...headers,
      },
      [body],
    );

    expect(answer.text).toContain(`<Code>${code}</Code>`);
    expect(await stored()).toBe('before');
    expect(await contentFiles()).toBe(files);
  });

  test('is the same however it is cut', async () => {
    const body = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (chunks, cuts) => {
          const framed = Buffer.concat([
            ...chunks.flatMap(chunk => [
              Buffer.from(`${chunk.length.toString(16)}\r\n`),
              chunk,
              Buffer.from('\r\n'),
            ]),
            Buffer.from('0\r\nx-amz-checksum-crc32: abc=\r\n\r\n'),
          ]);
          async function* pieces() {
            for (let at = 0, i = 0; at < framed.length; i += 1) {
              const length = cuts[i % cuts.length] ?? 1;
              yield framed.subarray(at, at + length);
              at += length;
            }
          }
          const trailers = new Map<string, string>();
          const out: Buffer[] = [];
          for await (const chunk of decodeChunked(pieces(), trailers)) out.push(chunk);

          expect(Buffer.concat(out)).toEqual(Buffer.concat(chunks));
          expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'abc=']]);
        },
      ),
    );
  });
});

// Check values of "123456789": crc32 cbf43926, crc32c e3069283 and crc64nvme ae8b14860a799888 (reveng catalogue of CRCs).
const digits = Buffer.from('123456789');
const known: [ChecksumAlgorithm, string][] = [
  ['CRC32', Buffer.from('cbf43926', 'hex').toString('base64')],
  ['CRC32C', Buffer.from('e3069283', 'hex').toString('base64')],
  ['CRC64NVME', Buffer.from('ae8b14860a799888', 'hex').toString('base64')],
  ['SHA1', createHash('sha1').update(digits).digest('base64')],
  ['SHA256', createHash('sha256').update(digits).digest('base64')],
];

describe.each(known)('a checksum of %s', (algorithm, value) => {
  const header = `x-amz-checksum-${algorithm.toLowerCase()}`;

  test('that is right is kept and given back', async () => {
    expect(await put({ 'content-length': 9, [header]: value }, [digits])).toEqual({ status: 200, text: '' });
    const object = await s3
      .client()
      .send(new GetObjectCommand({ Bucket: 'plain', Key: 'k', ChecksumMode: 'ENABLED' }));

    expect(object[`Checksum${algorithm}` as 'ChecksumCRC32']).toBe(value);
    expect(object.ChecksumType).toBe('FULL_OBJECT');
    expect(await object.Body?.transformToString()).toBe('123456789');
  });

  test('of other bytes is refused', async () => {
    const answer = await put({ 'content-length': 9, [header]: value }, ['123456780']);

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('<Code>BadDigest</Code>');
  });

  test('is made and verified by the SDK', async () => {
    const command = new PutObjectCommand({
      Bucket: 'plain',
      Key: 'sdk',
      Body: digits,
      ChecksumAlgorithm: algorithm,
    });
    const answer = await s3.client().send(command);

    expect(answer[`Checksum${algorithm}` as 'ChecksumCRC32']).toBe(value);
  });
});

test.each([
  [
    'an MD5 of other bytes',
    { 'content-md5': createHash('md5').update('other').digest('base64') },
    'BadDigest',
  ],
  ['an MD5 that is none', { 'content-md5': 'abc' }, 'InvalidDigest'],
  [
    'a payload hash of other bytes',
    { 'x-amz-content-sha256': sha256('other').digest('hex') },
    'XAmzContentSHA256Mismatch',
  ],
  ['two checksums', { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-sha1': 'x' }, 'InvalidRequest'],
  ['a checksum nobody knows', { 'x-amz-checksum-crc16': 'AAAA' }, 'InvalidRequest'],
  ['more metadata than S3 keeps', { 'x-amz-meta-a': 'x'.repeat(2048) }, 'MetadataTooLarge'],
  ['encryption with a key', { 'x-amz-server-side-encryption': 'aws:kms' }, 'NotImplemented'],
  ['tags', { 'x-amz-tagging': 'a=b' }, 'NotImplemented'],
  ['an If-None-Match of a tag', { 'if-none-match': '"abc"' }, 'NotImplemented'],
  ['another owner', { 'x-amz-expected-bucket-owner': '999999999999' }, 'AccessDenied'],
])('a put with %s is refused', async (_, headers, code) => {
  const answer = await put({ 'content-length': 5, ...headers } as Record<string, string | number>, ['hello']);

  expect(answer.text).toContain(`<Code>${code}</Code>`);
});

test('a put of unknown length is refused, as S3 refuses it', async () => {
  expect(await put({ 'transfer-encoding': 'chunked' }, ['hello'])).toMatchObject({
    status: 411,
    text: expect.stringContaining('<Code>MissingContentLength</Code>'),
  });
});

test('an upload that is broken off leaves nothing and disturbs nobody', async () => {
  const files = await contentFiles();
  const request = httpRequest(`${s3.endpoint}/plain/broken`, {
    method: 'PUT',
    headers: signedHeaders({
      ...{ method: 'PUT', url: `${s3.endpoint}/plain/broken`, service: 's3', key },
      headers: { 'content-length': '1000000', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    }),
  });
  request.on('error', () => {});
  request.write(Buffer.alloc(100_000));
  await until(async () => (await contentFiles()) > files);

  request.destroy();

  await until(async () => (await contentFiles()) === files);
  expect((await raw('GET', '/plain/broken', {})).status).toBe(404);
});

describe('what is not supported is refused by name', () => {
  test.each([
    ['GET', '/plain?versioning', 'GET of a bucket with ?versioning'],
    ['GET', '/plain', 'GET of a bucket'],
    ['PUT', '/new', 'PUT of a bucket'],
    ['GET', '/plain/k?tagging&x-id=GetObjectTagging', 'GetObject with ?tagging'],
    ['PUT', '/plain/k?acl', 'PutObject with ?acl'],
    ['POST', '/plain/k?restore', 'POST of an object with ?restore'],
    ['GET', '/plain/k?partNumber=1', 'GetObject with ?partNumber'],
    ['PATCH', '/plain/k', 'PATCH of an object'],
  ])('%s %s', async (method, path, words) => {
    const answer = await raw(method, path, { 'content-length': 0 });

    expect(answer.status).toBe(501);
    expect(answer.text).toContain('<Code>NotImplemented</Code>');
    expect(answer.text).toContain(words);
  });
});

test('a key is taken as it was sent: nothing of it is resolved', async () => {
  await raw('PUT', '/plain/a/../../b', { 'content-length': 1 }, ['x']);

  expect(await raw('GET', '/plain/a/../../b', {})).toEqual({ status: 200, text: 'x' });
  expect((await raw('GET', '/plain/b', {})).status).toBe(404);
});

test('the list of parts is the one whose hash was signed', async () => {
  const body = '<CompleteMultipartUpload/>';
  const headers = { 'content-length': body.length, 'x-amz-content-sha256': sha256('another').digest('hex') };

  const answer = await raw('POST', '/plain/k?uploadId=none', headers, [body]);

  expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('XAmzContentSHA256Mismatch') });
});

test('a bucket may be named by the host', async () => {
  await raw('PUT', '/plain/host', { 'content-length': 1 }, ['x']);

  const { port } = new URL(s3.endpoint);
  for (const host of [`plain.localhost:${port}`, `plain.s3.localhost:${port}`])
    expect(await raw('GET', '/host', { host })).toEqual({ status: 200, text: 'x' });
});

test('a path that is not UTF-8 is refused', async () => {
  expect((await raw('GET', '/plain/%ff', {})).text).toContain('<Code>InvalidURI</Code>');
});
