import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { backfill, countFiles, type SendingOptions } from '../../../cli/backfill/backfill.ts';
import { checkpointFile, readCheckpoint } from '../../../cli/backfill/checkpoint.ts';
import { progressText } from '../../../cli/backfill/progress.ts';
import { type RunningS3, startS3 } from '../../local/s3-support.ts';
import { asked, logKey, openQueue, outputs, silentScreen, store } from './support.ts';

const keys = Array.from({ length: 250 }, (_, index) =>
  logKey('111111111111', 'us-east-1', '20250311T0905Z', String(index).padStart(4, '0')),
);
const folder = mkdtempSync(join(tmpdir(), 'roletrail-backfill-'));
let server: RunningS3;
let s3: S3Client;

beforeAll(async () => {
  server = await startS3();
  s3 = server.client();
  await store(s3, keys);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function options(queue = openQueue(), signal = new AbortController().signal): SendingOptions {
  const deployment = { s3, sqs: queue.sqs, outputs };
  const checkpoint = join(mkdtempSync(join(folder, 'run-')), 'state', 'checkpoint.json');
  return { deployment, screen: silentScreen().screen, signal, checkpoint, rate: 100_000, mostWaiting: 1000 };
}

test('sends every file once, in order, and keeps how far it came', async () => {
  const queue = openQueue();
  const sending = options(queue);
  expect(await backfill(asked, sending)).toEqual({
    files: 250,
    bytes: 25_000,
    messages: 25,
    others: 0,
    leftOut: [],
    before: 0,
  });
  expect(queue.keys()).toEqual(keys);
  expect(JSON.parse(readFileSync(sending.checkpoint, 'utf8'))).toEqual({
    asked,
    after: keys.at(-1),
    files: 250,
    bytes: 25_000,
    messages: 25,
    done: true,
  });
  // When run again: nothing more.
  expect(await backfill(asked, sending)).toMatchObject({ files: 250, before: 250 });
  expect(queue.keys()).toEqual([]);
});

test('stopped, it says where, and the next run goes on behind what was accepted', async () => {
  const interruption = new AbortController();
  const queue = openQueue(name => {
    if (name === 'SendMessageBatch') interruption.abort();
    return null;
  });
  const sending = options(queue, interruption.signal);
  await expect(backfill(asked, sending)).rejects.toMatchObject({
    name: 'Interrupted',
    exitCode: 130,
    message: expect.stringContaining(`stopped after 100 files`),
  });
  expect(queue.keys()).toEqual(keys.slice(0, 100));
  const rest = openQueue();
  const resumed = { ...options(rest), checkpoint: sending.checkpoint };
  expect(await backfill(asked, resumed)).toMatchObject({ files: 250, messages: 25, before: 100 });
  expect(rest.keys()).toEqual(keys.slice(100));
});

test('a request that fails is not counted: the next run sends it anew', async () => {
  let requests = 0;
  const failing = openQueue(name => {
    if (name !== 'SendMessageBatch') return null;
    requests += 1;
    if (requests === 1) return null;
    throw Object.assign(new Error('no access to the key'), { name: 'KmsAccessDenied' });
  });
  const sending = options(failing);
  await expect(backfill(asked, sending)).rejects.toThrow(
    /sqs:SendMessage.*kms:GenerateDataKey.*KmsAccessDenied: no access to the key/,
  );
  expect(readCheckpoint(sending.checkpoint, asked)).toMatchObject({
    after: keys[99],
    files: 100,
    done: false,
  });
  const rest = openQueue();
  await backfill(asked, { ...options(rest), checkpoint: sending.checkpoint });
  expect(rest.keys()).toEqual(keys.slice(100));
});

test('a dry run counts, and neither sends nor keeps anything', async () => {
  const queue = openQueue();
  const sending = options(queue);
  expect(await countFiles(asked, sending)).toMatchObject({
    files: 250,
    bytes: 25_000,
    others: 0,
    first: '20250311T0905Z',
    last: '20250311T0905Z',
  });
  expect([queue.requests, existsSync(sending.checkpoint)]).toEqual([[], false]);
});

test('a bucket the deployment does not read is refused by name, before anything is sent', async () => {
  const queue = openQueue();
  const strange = backfill({ ...asked, bucket: 'somebody-elses' }, options(queue));
  await expect(strange).rejects.toMatchObject({
    exitCode: 2,
    message: 'this deployment does not read somebody-elses: its trail bucket is plain',
  });
  expect(queue.requests).toEqual([]);
});

describe('a checkpoint', () => {
  test('is found by what was asked, whatever the order of the accounts', () => {
    const file = checkpointFile('state', { ...asked, accounts: ['1', '2'] });
    expect(checkpointFile('state', { ...asked, accounts: ['2', '1'] })).toBe(file);
    expect(checkpointFile('state', { ...asked, accounts: ['1'] })).not.toBe(file);
  });

  test('of another backfill, or of something else, is refused by name', async () => {
    const sending = options();
    await backfill(asked, sending);
    expect(() => readCheckpoint(sending.checkpoint, { ...asked, to: '20250313T0000Z' })).toThrow(
      'belongs to another backfill: its to differs',
    );
    expect(readdirSync(join(sending.checkpoint, '..'))).toEqual(['checkpoint.json']);
    for (const text of ['{"a": 1}', '{"asked"']) {
      writeFileSync(sending.checkpoint, text);
      expect(() => readCheckpoint(sending.checkpoint, asked)).toThrow('is not a checkpoint');
    }
  });
});

test('progress tells rate, place, queue and the time left by the days gone through', () => {
  const progress = {
    asked: { from: '20250311T0000Z', to: '20250315T0000Z' },
    checkpoint: { after: logKey('111111111111', 'us-east-1', '20250312T0000Z'), files: 1_500 },
    before: 500,
    behind: null,
    began: 0,
    waiting: 3,
    held: false,
  };
  expect(progressText(progress, 20_000)).toBe(
    'sent 1,500 files (50/s) · at 2025-03-12 00:00 · 3 messages wait · about 1 min 0 s left',
  );
  expect(progressText({ ...progress, held: true, waiting: 400 }, 20_000)).toContain(
    'holding back: 400 messages wait',
  );
});
