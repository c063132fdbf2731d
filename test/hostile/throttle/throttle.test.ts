import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { deadLetters } from '../../../cli/quarantine/dead-letters.ts';
import { redrive } from '../../../cli/quarantine/redrive.ts';
import { sendAgain } from '../../../cli/quarantine/send-again.ts';
import { entriesOf } from '../../../cli/queries/quarantine-entries.ts';
import { statesOf } from '../../../cli/queries/quarantine-states.ts';
import { hurried } from '../faults/hurried.ts';
import { callsPerFile, type LoadFile, loadFiles, noisePerFile } from '../load/files.ts';
import { Stack } from '../stack.ts';

const full = process.env.ROLETRAIL_HOSTILE === 'full';
const count = full ? 200 : 14;
/** Invocations that the account runs at once, over all functions. */
const concurrency = 3;
/** Fewer than there are files: the others go back to the queue and wait. */
const executionsAtOnce = full ? 20 : 8;
/** What the names of files have in them that a policy denies. */
const deniedPart = 'Denied';

const folder = mkdtempSync(join(tmpdir(), 'roletrail-throttle-'));
let stack: Stack;
/** While set, nothing can be written to quarantine. */
let broken = false;
/** How many of Persist's next invocations run out of memory. */
let deaths = 0;

beforeAll(async () => {
  stack = await Stack.start(folder, 'incident', {
    concurrency,
    faults: ({ service, operation, caller }) => {
      if (broken && service === 's3' && operation === 'PUT' && caller.arn.includes('Quarantine'))
        return 'error';
      if (deaths > 0 && caller.arn.includes('Persist')) {
        deaths -= 1;
        return 'memory';
      }
      return undefined;
    },
    // The quietest account's: a notice in each execution.
    change: { batch: { size: 1, windowSeconds: 0 }, executionsAtOnce },
    prepare: assembly => {
      hurried(assembly, 3);
      denyObjects(assembly);
    },
  });
});
afterAll(async () => {
  await stack?.cloud.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Denies reading some objects by the trail bucket's policy, as an owner of the logs may, or a key of another account does. */
function denyObjects(assembly: string): void {
  const file = join(assembly, 'roletrail.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8'));
  const policies = Object.values<{ Type: string; Properties: { PolicyDocument: { Statement: object[] } } }>(
    template.Resources,
  ).filter(({ Type }) => Type === 'AWS::S3::BucketPolicy');
  for (const { Properties } of policies)
    Properties.PolicyDocument.Statement.push({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Resource: `arn:aws:s3:::*/*${deniedPart}*`,
    });
  if (policies.length === 0) throw new Error(`no bucket policy in ${file}`);
  writeFileSync(file, JSON.stringify(template));
}

async function put({ key, body }: LoadFile): Promise<void> {
  const { s3, outputs } = stack.deployment;
  await s3.send(new PutObjectCommand({ Bucket: outputs.TrailBucketName, Key: key, Body: body }));
}

const evidenceCount = async () => (await stack.items())[0]?.length;
const perFile = 1 + callsPerFile;

test(`${count} files, an execution each, in an account that runs ${concurrency} functions at once: late, and nothing lost`, async () => {
  // Given
  const began = Date.now();

  // When
  for (const file of loadFiles(count)) await put(file);
  await stack.cloud.idle();

  // Then
  const ends = [...(await stack.executions()).values()];
  const failed = ends.filter(end => end !== 'SUCCEEDED');
  const throttled = stack.cloud.throttled();
  process.stdout.write(
    `throttle: ${count} files, ${concurrency} functions at once, ${ends.length} executions, ${failed.length} failed, ${throttled} invocations throttled, ${((Date.now() - began) / 1000).toFixed(1)} s\n`,
  );
  expect(throttled).toBeGreaterThan(0);
  expect(failed).toEqual([]);
  expect(ends).toHaveLength(count);
  expect(await stack.quarantined()).toEqual([]);
  expect(await deadLetters(stack.cloud)).toBe(0);
  expect(await evidenceCount()).toBe(count * perFile);
  // What found no place was given its own time to come again.
  const waits = stack.cloud.checks().filter(({ action }) => action === 'sqs:ChangeMessageVisibility');
  expect(waits).not.toEqual([]);
  expect(waits.filter(({ allowed }) => !allowed)).toEqual([]);
});

/** A notice of several objects, as S3's own notification lists them; whole, or with its name alone. */
const notice = (bucket: string, objects: object[]) =>
  JSON.stringify({
    Records: objects.map(object => ({
      ...{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' },
      s3: { bucket: { name: bucket }, object },
    })),
  });

test.each([
  ['with its size and ETag', true],
  ['by its name alone', false],
])(
  'a denied object among six, announced %s: five are read, one is in quarantine by name, and there again after a retry',
  async (_, pinned) => {
    // Given
    await stack.empty();
    const { deployment, cloud } = stack;
    const before = new Set((await stack.executions()).keys());
    const Bucket = deployment.outputs.TrailBucketName;
    const files = loadFiles(6).map(({ body }, n) => {
      const place = n === 2 ? deniedPart : 'Object';
      // In no folder of the trail's: no rule announces it beside the notice below.
      return { key: `quiet/${place}-${pinned}-${n}.json.gz`, body };
    });
    const objects = [];
    for (const { key, body } of files) {
      const { ETag = '' } = await deployment.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
      objects.push(pinned ? { key, size: body.length, eTag: ETag.replaceAll('"', '') } : { key });
    }

    // When
    await cloud.send(stack.output('TrailQueueUrl'), notice(Bucket, objects));
    await cloud.idle();

    // Then
    const ends = [...(await stack.executions())].filter(([name]) => !before.has(name)).map(([, end]) => end);
    expect(ends).toEqual(['SUCCEEDED']);
    expect(await evidenceCount()).toBe(5 * perFile);
    const denied = (await entriesOf(deployment, {})).filter(({ source }) => source.includes(`-${pinned}-`));
    const file = `s3://${Bucket}/${files[2]?.key}`;
    expect(denied).toMatchObject([{ error: 'AccessDenied', source: file, batch: null }]);
    expect(denied[0]?.message).toMatch(new RegExp(`^s3:GetObject of ${file} was denied: `));
    expect(denied[0]?.step).toBe(pinned ? 'Decompress' : 'Fetch');

    // When it is tried again and is still denied
    expect(await sendAgain(denied, deployment)).toEqual([]);
    await cloud.idle();
    const states = await statesOf(deployment, await entriesOf(deployment, {}));
    expect(states.get(denied[0]?.id ?? '')).toBe('failed again');
  },
);

test('an execution that cannot write to quarantine fails there, and a redrive brings it to its end', async () => {
  // Given: a damaged file beside a good one
  await stack.empty();
  const { deployment, cloud } = stack;
  const before = new Set((await stack.executions()).keys());
  const Bucket = deployment.outputs.TrailBucketName;
  const [good] = loadFiles(1);
  const bodies = { 'quiet/redriven-good.json.gz': good?.body ?? '', 'quiet/redriven-bad.json.gz': 'no gzip' };
  for (const [Key, Body] of Object.entries(bodies))
    await deployment.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  broken = true;

  // When
  await cloud.send(
    stack.output('TrailQueueUrl'),
    notice(
      Bucket,
      Object.keys(bodies).map(key => ({ key })),
    ),
  );
  await cloud.idle();

  // Then
  const [[name, end] = ['', '']] = [...(await stack.executions())].filter(([each]) => !before.has(each));
  expect(end).toMatch(/^FAILED TransientError/);
  const [, , ledger] = await stack.items();
  expect(ledger).toEqual([]);

  // When
  broken = false;
  await redrive(name, deployment);
  await cloud.idle();

  // Then
  expect((await stack.executions()).get(name)).toBe('SUCCEEDED');
  const refused = (await entriesOf(deployment, {})).filter(({ source }) => source.includes('redriven'));
  expect(refused.map(({ error, source }) => [error, source])).toEqual([
    ['NotGzip', `s3://${Bucket}/quiet/redriven-bad.json.gz`],
  ]);
  expect(await evidenceCount()).toBe(perFile);
});

/** More executions than may run at once: the notice comes again, and those that started take no place from the others. */
const large = full ? 250 : 80;

test(`${large} files of 8 MB in one notice: executions of 64 MB at most, and each file is read once`, async () => {
  // Given: files that are smaller than they are said to be, so that only the division is under test
  await stack.empty();
  const { deployment, cloud } = stack;
  const before = new Set((await stack.executions()).keys());
  const Bucket = deployment.outputs.TrailBucketName;
  const objects = await Promise.all(
    loadFiles(large).map(async ({ body }, n) => {
      const key = `quiet/large-${n}.json.gz`;
      const { ETag = '' } = await deployment.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
      return { key, size: 8 * 2 ** 20, eTag: ETag.replaceAll('"', '') };
    }),
  );

  // When
  await cloud.send(stack.output('TrailQueueUrl'), notice(Bucket, objects));
  await cloud.idle();

  // Then
  const run = [...(await stack.executions())].filter(([name]) => !before.has(name));
  expect(run.map(([, end]) => end).filter(end => end !== 'SUCCEEDED')).toEqual([]);
  const sizes = run.map(([name]) => Number(/-x(\d+)-/.exec(name)?.[1]));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(large);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(8);
  expect(await evidenceCount()).toBe(large * perFile);
  expect(await deadLetters(cloud)).toBe(0);
  process.stdout.write(`large: ${large} files of 8 MB, ${run.length} executions, 0 failed\n`);
});

test('a batch that runs out of memory is not tried again as it is: its files are, one by one, and one that dies alone is named', async () => {
  // Given: the batch dies, and of its four files the first that comes again
  await stack.empty();
  const { deployment, cloud } = stack;
  const before = new Set((await stack.executions()).keys());
  const Bucket = deployment.outputs.TrailBucketName;
  const objects = [];
  for (const [n, { body }] of loadFiles(4).entries()) {
    const key = `quiet/memory-${n}.json.gz`;
    const { ETag = '' } = await deployment.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
    objects.push({ key, size: body.length, eTag: ETag.replaceAll('"', '') });
  }
  deaths = 2;

  // When
  await cloud.send(stack.output('TrailQueueUrl'), notice(Bucket, objects));
  await cloud.idle();

  // Then
  expect(deaths).toBe(0);
  const ends = [...(await stack.executions())].filter(([name]) => !before.has(name));
  expect(ends.map(([name, end]) => [/-x(\d+)-/.exec(name)?.[1], end.split(':')[0]]).sort()).toEqual([
    ['1', 'FAILED Runtime.ExitError'],
    ['1', 'SUCCEEDED'],
    ['1', 'SUCCEEDED'],
    ['1', 'SUCCEEDED'],
    ['4', 'FAILED Runtime.ExitError'],
  ]);
  expect(await evidenceCount()).toBe(3 * perFile);
  const entries = (await entriesOf(deployment, { error: 'Runtime.ExitError' })).sort(
    (a, b) => b.count - a.count,
  );
  const [batch, single] = entries;
  expect(entries).toHaveLength(2);
  expect([batch?.count, batch?.sentAgain, single?.count, single?.sentAgain]).toEqual([4, true, 1, false]);
  expect(single?.message).toMatch(/; its log file is s3:\/\/\S+\/quiet\/memory-\d\.json\.gz$/);
  const states = await statesOf(deployment, entries);
  expect(entries.map(({ id }) => states.get(id))).toEqual(['failed again', 'open']);

  // When the one is tried again, and lives
  expect(await sendAgain(single ? [single] : [], deployment)).toEqual([]);
  await cloud.idle();
  expect(await evidenceCount()).toBe(4 * perFile);
  const later = await statesOf(deployment, entries);
  expect(entries.map(({ id }) => later.get(id))).toEqual(['resolved', 'resolved']);
});

const megabytesEach = 100;

test(`8 files of ${megabytesEach} MB of text each in one batch: read to their ends, and held by nobody`, async () => {
  // Given: the first record of each file, a megabyte of others again and again, and then the rest
  await stack.empty();
  const { deployment, cloud } = stack;
  const before = new Set((await stack.executions()).keys());
  const Bucket = deployment.outputs.TrailBucketName;
  const texts = loadFiles(8).map(({ body }) => gunzipSync(body).toString('utf8'));
  const noise = `${texts[0]?.slice(texts[0].lastIndexOf('{"eventVersion"'), -2)},`;
  const count = Math.ceil(2 ** 20 / noise.length);
  const megabyte = gzipSync(noise.repeat(count));
  const objects = [];
  for (const [n, text] of texts.entries()) {
    const members = [gzipSync('{"Records":['), ...Array.from({ length: megabytesEach }, () => megabyte)];
    const body = Buffer.concat([...members, gzipSync(text.slice('{"Records":['.length))]);
    const key = `quiet/heavy-${n}.json.gz`;
    const { ETag = '' } = await deployment.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
    objects.push({ key, size: body.length, eTag: ETag.replaceAll('"', '') });
  }
  const began = { memory: process.memoryUsage.rss(), processor: process.cpuUsage() };
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss() - began.memory);
  }, 20);

  // When
  await cloud.send(stack.output('TrailQueueUrl'), notice(Bucket, objects));
  await cloud.idle();
  clearInterval(watch);

  // Then
  const { user, system } = process.cpuUsage(began.processor);
  const seconds = ((user + system) / 1e6).toFixed(1);
  process.stdout.write(
    `heavy: 8 files of ${megabytesEach} MB, ${seconds} s of processor, ${Math.round(most / 2 ** 20)} MB more memory\n`,
  );
  const [ran, another] = [...(await stack.executions())].filter(([name]) => !before.has(name));
  expect([ran?.[0], ran?.[1], another]).toEqual([expect.stringContaining('-x8-'), 'SUCCEEDED', undefined]);
  const { output } = (await deployment.executions.describe(ran?.[0] ?? '')) ?? {};
  const { counts } = JSON.parse(output ?? '') as { counts: { records: number } };
  expect(counts.records).toBe(8 * (megabytesEach * count + 1 + callsPerFile + noisePerFile));
  expect(await evidenceCount()).toBe(8 * perFile);
  expect(most).toBeLessThan((8 * megabytesEach * 2 ** 20 * 2) / 3);
});
