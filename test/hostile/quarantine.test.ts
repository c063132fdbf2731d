import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Cloud, startCloud } from '@roletrail/local';
import { localDeployment } from '../../cli/deployment/deployment.ts';
import { functionCache } from '../../cli/project.ts';
import { TrailAccounts } from '../../core/reading/accounts.ts';
import { fetch } from '../../steps/fetch.ts';
import { decodeMessage } from '../../steps/intake/messages/decode.ts';
import type { PinnedObject } from '../../steps/transport/payloads.ts';
import { noCounts } from '../../steps/transport/payloads.ts';
import { pointAwsAt, inProcess as roletrail } from '../replay/in-process.ts';
import { type Ran, temporaryFolder } from '../replay/roletrail.ts';
import { full } from './poison/cases.ts';
import { callOf, issuanceOf } from './poison/recipe.ts';

const folder = temporaryFolder();
const state = join(folder, 'state');
const input = join(folder, 'input');
const here = ['--state', state];
const outputs = join(folder, 'outputs.json');
/** The same commands as against a deployed stack: the cloud is started once, not by each command. */
const at = ['--target', 'aws', '--outputs', outputs];
let cloud: Cloud;

// An escape sequence, C1's CSI, a direction override, a zero-width space, a line break, a bell.
const evil = '\u001b[2J\u009b31m\u202e\u200b\r\n\u0007';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
const harmful = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** A session's token, as CloudTrail logs it of a signed address; what STS issues has its like. */
const token = 'IQoJb3JpZ2luX2VjEXAMPLE//8wEaCXVzLWVhc3QtMSJ+==';

const whole = gzipSync(JSON.stringify({ Records: [callOf('mended')] }));
const hostile = {
  ...callOf('hostile'),
  userAgent: `agent${evil}`,
  sourceIPAddress: `address${evil}`,
  errorCode: `Denied${evil}`,
  eventName: `List${evil}Buckets`,
  additionalEventData: { 'X-Amz-Security-Token': token },
};
Object.assign(hostile, {
  userIdentity: {
    ...(callOf('hostile').userIdentity as object),
    arn: `arn:aws:sts::999999999999:assumed-role/CrossAccountTest/hostile${evil}`,
  },
});

interface Listed {
  entries: { id: string; error: string; state: string; source: string; execution: string }[];
}

/** Ran on the state, before the cloud had it. */
let [replayed, local, kept] = [] as unknown as [Ran, Ran, Ran];
const listed = async () =>
  (JSON.parse((await roletrail(['quarantine', 'list', '--json', ...at])).out) as Listed).entries;

let putBack: (() => void) | undefined;

beforeAll(async () => {
  mkdirSync(input);
  writeFileSync(join(input, 'cut.json.gz'), whole.subarray(0, whole.length - 9));
  writeFileSync(
    join(input, 'odd.json.gz'),
    gzipSync(JSON.stringify({ Records: [callOf('good'), `odd${evil}{"sessionToken":"${token}"}`] })),
  );
  writeFileSync(
    join(input, 'message.json'),
    JSON.stringify({ Event: 's3:Unheard', [`hello${evil}`]: evil, sessionToken: token }),
  );
  writeFileSync(
    join(input, 'hostile.json.gz'),
    gzipSync(JSON.stringify({ Records: [issuanceOf('issued', 'hostile'), hostile] })),
  );
  replayed = await roletrail(['replay', input, '--roles', '*', ...here]);
  expect(replayed).toMatchObject({ status: 3 });
  local = await roletrail(['quarantine', 'list', ...here]);
  kept = await roletrail(['cloud', ...here]);
  cloud = await startCloud({ compiled: functionCache, assembly: join(state, 'cdk.out'), state, warm: 12 });
  writeFileSync(outputs, JSON.stringify(cloud.outputs));
  putBack = pointAwsAt(cloud);
});
afterAll(() => {
  putBack?.();
  return cloud.close();
});

test('list names what was refused, by error and time', async () => {
  const errors = (await listed()).map(({ error, state: now }) => `${error} ${now}`);
  expect(errors.sort()).toEqual(['NotAnObject open', 'TruncatedGzip open', 'UnknownMessage open']);
  const one = await roletrail(['quarantine', 'list', '--error', 'TruncatedGzip', ...at]);
  expect(one.out).toMatch(
    /^[0-9a-f]{12} .* Decompress +TruncatedGzip +s3:\/\/\S+\/cut\.json\.gz\n\n1 entry in quarantine; times are UTC\n$/,
  );
  expect(await roletrail(['quarantine', 'list', ...at])).toEqual(local);
  const none = await roletrail(['quarantine', 'list', '--since', '2999-01-01', ...at]);
  expect(none.out).toBe('no entries in quarantine\n');
});

test('no command prints what a log may have put in to fool a terminal, nor a token of it', async () => {
  const entries = await listed();
  const ids = entries.map(({ id }) => id);
  const execution = entries.find(({ error }) => error === 'NotAnObject')?.execution ?? '';
  const commands = [
    ['who', 'hostile', ...at],
    ['who', 'hostile', '--full', ...at],
    ['who', 'hostile', '--json', ...at],
    ['who', `nobody${evil.replaceAll('\n', '')}`, ...at],
    ['sessions', '--unlinked', ...at],
    ['sessions', '--unlinked', '--json', ...at],
    ['sessions', '--alerted', ...at],
    ['refused', ...at],
    ['executions', ...at],
    ['inspect', execution, ...at],
    ['inspect', execution, '--full', ...at],
    ['inspect', execution, '--json', ...at],
    ['inspect', `none${evil}`, ...at],
    ...(full ? [['start', '--state', join(folder, 'third')]] : []),
    ['quarantine', 'list', ...at],
    ['quarantine', 'list', '--json', ...at],
    ...(full ? ids : ids.slice(0, 2)).flatMap(id => [
      ['quarantine', 'show', id, ...at],
      ['quarantine', 'show', id, '--json', ...at],
    ]),
    ['quarantine', 'show', `none${evil}`, ...at],
    ['quarantine', 'retry', `none${evil}`, ...at],
  ];
  const ran: [words: string[], Ran][] = [
    [['replay'], replayed],
    [['cloud'], kept],
  ];
  for (const words of commands) ran.push([words, await roletrail(words)]);
  let masked = 0;
  for (const [words, { out, err }] of ran) {
    expect(out + err).not.toBe('');
    expect({ words, harmful: harmful.exec(out + err) }).toEqual({ words, harmful: null });
    expect({ words, token: (out + err).includes(token.slice(0, 12)) }).toEqual({ words, token: false });
    masked += (out + err).split('(masked)').length - 1;
  }
  expect(masked).toBeGreaterThan(3);
  // The forged text was there to be printed.
  expect((await roletrail(['who', 'hostile', ...at])).out).toContain('\\u{1b}');
});

test('retry: what is mended is read, what is not fails again; twice is harmless', async () => {
  const cut = (await listed()).find(({ error }) => error === 'TruncatedGzip');
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(cut?.source ?? '') ?? [];
  const { s3 } = localDeployment(cloud);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: whole }));
  expect((await roletrail(['who', 'mended', ...at])).status).toBe(1);

  expect(await roletrail(['quarantine', 'retry', '--all', ...at])).toMatchObject({
    status: 0,
    out: '3 entries sent through the front door again\n',
  });
  await cloud.idle();
  expect((await roletrail(['who', 'mended', ...at])).status).toBe(0);
  const states = (await listed()).map(({ error, state: now }) => `${error} ${now}`).sort();
  expect(states).toEqual([
    'NotAnObject failed again',
    'NotAnObject open',
    'TruncatedGzip resolved',
    'UnknownMessage failed again',
    'UnknownMessage open',
  ]);

  const before = await roletrail(['who', 'mended', '--json', ...at]);
  expect((await roletrail(['quarantine', 'retry', cut?.id ?? '', ...at])).status).toBe(0);
  await cloud.idle();
  expect(await roletrail(['who', 'mended', '--json', ...at])).toEqual(before);

  // What fails with another error has failed all the same, also where only the first error is asked for.
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'no gzip' }));
  await roletrail(['quarantine', 'retry', cut?.id ?? '', ...at]);
  await cloud.idle();
  const { out } = await roletrail(['quarantine', 'list', '--error', 'TruncatedGzip', ...at]);
  expect(out).toMatch(/ failed again .*TruncatedGzip.*\n\n1 entry in quarantine; times are UTC\n$/);
});

test('dead letters are listed, and go back to their queue', async () => {
  const queue = cloud.outputs.roletrail?.PartnerDeadLetterQueueUrl ?? '';
  await cloud.send(queue, '{"Event":"s3:TestEvent"}');
  expect((await roletrail(['quarantine', 'list', ...at])).out).toContain(
    '1 dead letter of the partner queue',
  );
  expect(await roletrail(['quarantine', 'retry', '--dead-letters', ...at])).toMatchObject({
    status: 0,
    out: '1 dead letter sent back to the queue of each\n',
  });
  expect((await roletrail(['quarantine', 'list', ...at])).out).not.toContain('dead letter');
  expect(await roletrail(['quarantine', 'retry', '--dead-letters', ...at])).toMatchObject({
    out: 'no dead letters\n',
  });
});

test('a file that the ledger has is read again when quarantine sends it', async () => {
  const message = decodeMessage('{"s3Bucket":"trail","s3ObjectKey":["a.json.gz"],"readAgain":true}');
  const objects = message.kind === 'objects' ? message.objects : [];
  const pinned = [...objects, { bucket: 'trail', key: 'b.json.gz' }].map(each => ({
    ...each,
    etag: 'x',
    size: 1,
  }));
  const processed = async (files: readonly PinnedObject[]) => new Set(files);
  const input = { entry: 'objects', sources: pinned, counts: noCounts, refused: { count: 0 } } as never;
  const output = await fetch(input, {
    s3: {} as never,
    trailBuckets: ['trail'],
    logNames: 'any',
    accounts: new TrailAccounts(['*']),
    work: {} as never,
    processed,
  });
  expect(output.sources.map(({ key }) => key)).toEqual(['a.json.gz']);
});

test.each([
  ['quarantine', 'retry'],
  ['quarantine', 'retry', 'x', '--all'],
])('%s %s is wrong usage unless it says what', async (...words) => {
  expect((await roletrail([...words, ...at])).status).toBe(2);
});
