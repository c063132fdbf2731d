import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { refusalOfFile } from '../../../steps/runtime/s3-errors.ts';

/** What S3 answers, by the key that is asked for: GET has S3's XML in its body, HEAD nothing (S3 API reference). */
const answers: Record<string, { status: number; code: string; message: string }> = {
  denied: { status: 403, code: 'AccessDenied', message: 'Access Denied' },
  foreign: {
    status: 403,
    code: 'AccessDenied',
    message:
      'User: arn:aws:sts::999999999999:assumed-role/x/y is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:111111111111:key/k because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
  },
  disabled: { status: 400, code: 'KMS.DisabledException', message: 'The key is disabled.' },
  owned: { status: 400, code: 'InvalidRequest', message: 'The object was stored using a form of SSE.' },
  gone: { status: 404, code: 'NoSuchKey', message: 'The specified key does not exist.' },
  expired: { status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' },
  skewed: { status: 403, code: 'RequestTimeTooSkewed', message: 'The difference is too large.' },
  busy: { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' },
};

let server: Server;
let s3: S3Client;

beforeAll(async () => {
  server = createServer(({ url = '', method }, response) => {
    const { status, code, message } = answers[url.split(/[/?]/)[2] ?? ''] ?? { status: 500 };
    response.writeHead(status, { 'content-type': 'application/xml' });
    const body = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    response.end(method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  s3.destroy();
  await new Promise(resolve => server.close(resolve));
});

const file = (key: string) => `s3://trail/${key}`;
async function refused(method: 'GET' | 'HEAD', Key: string) {
  const ask = { Bucket: 'trail', Key };
  const sent: Promise<unknown> =
    method === 'GET' ? s3.send(new GetObjectCommand(ask)) : s3.send(new HeadObjectCommand(ask));
  const error = await sent.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return refusalOfFile(error, { action: 's3:GetObject', file: file(Key) });
}

test.each([
  ['GET', 'denied', 'AccessDenied', /^s3:GetObject of s3:\/\/trail\/denied was denied: Access Denied$/],
  ['HEAD', 'denied', 'AccessDenied', /^s3:GetObject of s3:\/\/trail\/denied was denied: .*HTTP 403/],
  ['GET', 'foreign', 'AccessDenied', /s3:\/\/trail\/foreign was denied: .*kms:Decrypt on resource/],
  ['GET', 'disabled', 'KMS.DisabledException', /s3:\/\/trail\/disabled failed: The key is disabled/],
  ['GET', 'owned', 'InvalidRequest', /s3:\/\/trail\/owned failed: The object was stored/],
  ['HEAD', 'owned', 'Http400', /s3:\/\/trail\/owned failed: .*HTTP 400/],
  ['GET', 'gone', 'ObjectNotFound', /no such object/],
  ['HEAD', 'gone', 'ObjectNotFound', /no such object/],
] as const)('%s of an object that is %s refuses this one as %s', async (method, key, error, message) => {
  expect(await refused(method, key)).toEqual({ error, message: expect.stringMatching(message) });
});

test.each([
  ['GET', 'expired', 'ExpiredToken'],
  ['GET', 'skewed', 'RequestTimeTooSkewed'],
  ['GET', 'busy', 'SlowDown'],
] as const)('%s that ends in %s says nothing of the object: thrown', async (method, key, name) => {
  await expect(refused(method, key)).rejects.toMatchObject({ name });
});

test('a fault of ours is thrown, and HEAD 503 too', async () => {
  await expect(refused('HEAD', 'busy')).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  expect(() => refusalOfFile(null, { action: 's3:GetObject', file: 'x' })).toThrow();
});
