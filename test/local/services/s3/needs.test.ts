import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Statement } from '../../../../local/contract.ts';
import { type RunningS3, startS3 } from '../../s3-support.ts';

let s3: RunningS3;
let client: S3Client;
async function granted(...grants: [action: string, resource: string][]) {
  s3 = await startS3(grants.map(([Action, Resource]): Statement => ({ Effect: 'Allow', Action, Resource })));
  client = s3.client('FETCH');
  for (const Bucket of ['plain', 'versioned']) {
    await s3.client().send(new PutObjectCommand({ Bucket, Key: 'in/a', Body: 'x' }));
  }
}
afterEach(async () => {
  await s3.close();
  expect(s3.faults).toEqual([]);
});

const plain = 'arn:aws:s3:::plain';
const denied = (action: string, resource: string) => ({
  name: 'AccessDenied',
  $metadata: expect.objectContaining({ httpStatusCode: 403 }),
  message: `User: arn:aws:sts::111122223333:assumed-role/Fetch/fetch is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
});
const get = (Key: string, more = {}) => client.send(new GetObjectCommand({ Bucket: 'plain', Key, ...more }));

test('reading needs s3:GetObject on this very object', async () => {
  await granted(['s3:GetObject', `${plain}/in/*`]);

  expect((await get('in/a')).ContentLength).toBe(1);
  await expect(get('out/a')).rejects.toMatchObject(denied('s3:GetObject', `${plain}/out/a`));
});

test('reading a version needs s3:GetObjectVersion', async () => {
  await granted(['s3:GetObject', '*']);
  const version = { Bucket: 'versioned', VersionId: s3.created[1]?.versionId };

  await expect(get('in/a', version)).rejects.toMatchObject(
    denied('s3:GetObjectVersion', 'arn:aws:s3:::versioned/in/a'),
  );
});

test('who may not list a bucket does not learn that a key is missing', async () => {
  await granted(['s3:GetObject', `${plain}/*`]);

  await expect(get('none')).rejects.toMatchObject(denied('s3:ListBucket', plain));
  const head = client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'none' }));
  await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
});

test('who may list it does', async () => {
  await granted(['s3:GetObject', `${plain}/*`], ['s3:ListBucket', plain]);

  await expect(get('none')).rejects.toMatchObject({ name: 'NoSuchKey' });
  const head = client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'none' }));
  await expect(head).rejects.toMatchObject({ name: 'NotFound' });
});

test.each([
  ['s3:PutObject', `${plain}/k`, new PutObjectCommand({ Bucket: 'plain', Key: 'k', Body: 'x' })],
  ['s3:DeleteObject', `${plain}/k`, new DeleteObjectCommand({ Bucket: 'plain', Key: 'k' })],
  ['s3:ListBucket', plain, new ListObjectsV2Command({ Bucket: 'plain' })],
  ['s3:ListAllMyBuckets', '*', new ListBucketsCommand({})],
])('%s is needed on %s', async (action, resource, command) => {
  await granted();
  await expect(client.send(command as ListBucketsCommand)).rejects.toMatchObject(denied(action, resource));
  await s3.close();

  await granted([action, resource]);
  await client.send(command as ListBucketsCommand);
  expect(s3.authorizer.checks().at(-1)).toEqual({
    caller: 'FetchRole',
    action,
    resource,
    allowed: true,
    times: 1,
  });
});

test('a write on condition of an ETag needs the right to read, too', async () => {
  await granted(['s3:PutObject', `${plain}/*`]);
  const put = new PutObjectCommand({ Bucket: 'plain', Key: 'in/a', Body: 'y', IfMatch: '"abc"' });

  await expect(client.send(put)).rejects.toMatchObject(denied('s3:GetObject', `${plain}/in/a`));
});

test('a copy needs the right to read its source', async () => {
  await granted(['s3:PutObject', `${plain}/*`]);
  const copy = new CopyObjectCommand({ Bucket: 'plain', Key: 'b', CopySource: 'versioned/in/a' });

  await expect(client.send(copy)).rejects.toMatchObject(
    denied('s3:GetObject', 'arn:aws:s3:::versioned/in/a'),
  );
});

test('an access key nobody was given is refused', async () => {
  await granted();
  await expect(s3.client('NOBODY').send(new ListBucketsCommand({}))).rejects.toMatchObject({
    name: 'InvalidAccessKeyId',
  });
});
