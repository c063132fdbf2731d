import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { publicKeysFile } from '@roletrail/local';
import { type Content, keysJson, signingKey, Trail } from '../../core/digests/chain.ts';
import { account, began, callRecord, issuanceRecord, roleArn } from '../../steps/watch-story.ts';
import { hurried } from '../faults/hurried.ts';
import { Stack } from '../stack.ts';

const day = `AWSLogs/${account}/CloudTrail/us-east-1/2025/06/02`;
const keyOf = (unique: string) => `${day}/${account}_CloudTrail_us-east-1_20250602T1005Z_${unique}.json.gz`;
const log = (...records: object[]) => gzipSync(JSON.stringify({ Records: records }));

/** The stack the story is told of, in `folder`. */
export function startStack(folder: string): Promise<Stack> {
  let persisted = 0;
  return Stack.start(folder, 'incident', {
    change: { redelivered: 'skip', executionsAtOnce: 20 },
    prepare: assembly => hurried(assembly, 1),
    warm: 12,
    // A step that fails takes back what it holds, and is tried again.
    faults: ({ caller, operation }) =>
      caller.name.startsWith('StepsPersist') && operation === 'BatchExecuteStatement' && persisted++ === 0
        ? 'error'
        : undefined,
  });
}

/** Does with a stack in `folder` all that its functions are there for. */
export async function tellStory(stack: Stack, folder: string): Promise<void> {
  await stack.deliver();
  await sessionsThatNobodyExplains(stack);
  await whatCannotBeRead(stack);
  await largeWorkData(stack);
  await digests(stack, folder);
}

async function put(stack: Stack, Key: string, Body: Buffer, Metadata: Record<string, string> = {}) {
  const Bucket = stack.output('TrailBucketName');
  return stack.deployment.s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata }));
}

/** As S3 itself tells of objects, in one message. `more`: size, eTag, versionId. */
async function announce(stack: Stack, keys: readonly string[], more: object = {}): Promise<void> {
  const bucket = { name: stack.output('TrailBucketName') };
  const Records = keys.map(key => ({
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: { bucket, object: { key: encodeURIComponent(key), ...more } },
  }));
  await stack.cloud.send(stack.output('TrailQueueUrl'), JSON.stringify({ Records }));
}

async function sessionsThatNobodyExplains(stack: Stack): Promise<void> {
  const Body = log(callRecord());
  await put(stack, keyOf('call'), Body);
  await stack.cloud.idle();
  await stack.cloud.tick();
  // Delivered again, and not read again.
  await put(stack, keyOf('call'), Body);
  await put(stack, keyOf('issuance'), log(issuanceRecord()));
  await stack.cloud.idle();
  await stack.cloud.tick();
}

async function whatCannotBeRead(stack: Stack): Promise<void> {
  const { VersionId: versionId } = await put(stack, 'odd.json.gz', Buffer.from('no gzip'));
  await announce(stack, ['odd.json.gz'], { versionId });
  await announce(stack, ['odd.json.gz']);
  await announce(stack, ['gone.json.gz']);
  await announce(stack, ['gone-since.json.gz'], { size: 100, eTag: '0123456789abcdef0123456789abcdef' });
  await stack.cloud.send(stack.output('TrailQueueUrl'), '{"hello": "world"}');
  await stack.cloud.idle();
}

/** Text that no compression makes shorter, of so many characters. */
const noise = (length: number) => randomBytes(length).toString('base64url').slice(0, length);

/** Between all steps more than an execution's input holds: records, refusals, names of files. */
async function largeWorkData(stack: Stack): Promise<void> {
  // The session is in use for longer than was known.
  const later = { eventTime: '2025-06-02T10:00:09Z' };
  const calls = Array.from({ length: 1_200 }, () =>
    callRecord({ eventID: randomUUID(), requestParameters: { bucketName: noise(60) }, ...later }),
  );
  const broken = Array.from({ length: 600 }, () => ({ ...callRecord(), eventID: 17, userAgent: noise(90) }));
  await put(stack, keyOf('large'), log(...calls, ...broken));
  await stack.cloud.idle();
  // One of them contradicts: all others go on.
  await put(stack, keyOf('contradicts'), log({ ...calls[0], sourceIPAddress: '203.0.113.9' }, ...calls));
  await stack.cloud.idle();
  // Said to be small: without a size they would count 5 MB each, and be many executions with little to refuse.
  const size = 1_000;
  const gone = Array.from({ length: 150 }, () => `${noise(700)}.json.gz`);
  await announce(stack, [...gone, 'odd.json.gz'], { size });
  await stack.cloud.idle();
  const named = Array.from({ length: 100 }, () => `${noise(800)}.json.gz`);
  for (const key of named) await put(stack, key, log());
  await announce(stack, named, { size });
  await partnerEvents(stack);
}

/** Six messages of one batch, together too large for an execution's input; and one of another partner. */
async function partnerEvents(stack: Stack): Promise<void> {
  await stack.cloud.publish('arn:aws:sns:us-east-1:111111111111:roletrail-assume-role', '{"hello": "world"}');
  for (let number = 0; number < 7; number += 1) {
    const partner = number < 6 ? '111111111111' : '222233334444';
    const requestParameters = {
      roleArn,
      roleSessionName: 'dana',
      tags: [{ key: 'x', value: noise(12_000) }],
    };
    const detail = {
      ...issuanceRecord(),
      eventID: randomUUID(),
      recipientAccountId: partner,
      requestParameters,
    };
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.sts',
      account: partner,
      time: began,
      region: 'us-east-1',
      resources: [],
      detail,
    };
    await stack.cloud.publish(
      `arn:aws:sns:us-east-1:${partner}:roletrail-assume-role`,
      JSON.stringify(event),
    );
  }
  await stack.cloud.idle();
}

/** Two hours with two log files each; the first hour's digest and a log file of the second were deleted. */
async function digests(stack: Stack, folder: string): Promise<void> {
  const key = signingKey();
  writeFileSync(join(folder, publicKeysFile), keysJson(key));
  const bucket = stack.output('TrailBucketName');
  const here = (content: Content) => {
    content.digestS3Bucket = bucket;
    if (content.previousDigestS3Bucket) content.previousDigestS3Bucket = bucket;
    for (const file of content.logFiles) file.s3Bucket = bucket;
  };
  const texts = ['{"Records":[]}', '{"Records":[]}'];
  const trail = new Trail(key)
    .hour('2025-06-02T12:00:00Z', texts, here)
    .hour('2025-06-02T13:00:00Z', texts, here);
  const deleted = [trail.digests[0], trail.logs[1]?.[0]];
  for (const [path, { bytes, metadata }] of trail.objects) {
    if (!deleted.includes(path)) await put(stack, path, bytes, metadata);
  }
  await stack.cloud.idle();
}
