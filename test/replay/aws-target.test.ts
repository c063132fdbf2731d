import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type Cloud, publicKeysFile, startCloud } from '@roletrail/local';
import { localDeployment } from '../../cli/deployment/deployment.ts';
import { functionCache } from '../../cli/project.ts';
import { identityStore } from '../cli/people/identity-store-fixture.ts';
import { keysJson, signingKey, Trail } from '../core/digests/chain.ts';
import { inProcess, pointAwsAt } from './in-process.ts';
import {
  type CallLine,
  project,
  type Ran,
  readJson,
  readLines,
  type Summary,
  temporaryFolder,
} from './roletrail.ts';

const folder = temporaryFolder();
const state = join(folder, 'state');
const incident = join(project, 'samples', 'incident', 'input');
const article = join(project, 'samples', 'article', 'input');

describe('a replay against AWS, which the SDK is told is here', () => {
  let cloud: Cloud;
  const outputs = join(folder, 'outputs.json');

  /** A command with nothing but what a user of a deployed stack has: an outputs file and credentials. */
  const onAws = (...words: string[]) => inProcess([...words, '--target', 'aws', '--outputs', outputs]);

  /** A replay whose messages wait for no batching window. */
  async function replayOnAws(...words: string[]): Promise<Ran> {
    let ended = false;
    const ran = onAws('replay', ...words).finally(() => {
      ended = true;
    });
    while (!ended) {
      await cloud.idle();
      await delay(20);
    }
    return ran;
  }

  let putBack: (() => void) | undefined;

  beforeAll(async () => {
    const prepared = await inProcess(['replay', incident, '--state', state, '--out', join(folder, 'local')]);
    expect(prepared).toMatchObject({ status: 0 });
    cloud = await startCloud({ compiled: functionCache, assembly: join(state, 'cdk.out'), state, warm: 12 });
    writeFileSync(outputs, JSON.stringify(cloud.outputs));
    putBack = pointAwsAt(cloud);
  });
  afterAll(() => {
    putBack?.();
    return cloud.close();
  });

  test('sends everything through the queues, names the executions, and reports like a local one', async () => {
    const before = cloud.checks().length;
    const out = join(folder, 'article');
    const ran = await replayOnAws(article, '--out', out);
    expect(ran).toMatchObject({ status: 0 });
    const named = ran.err.match(
      /^arn:aws:states:us-east-1:999999999999:execution:\S+:replay-\d{8}T\d{9}Z-(?:logs|events)-x\d+-[0-9a-f]{16}$/gm,
    );
    expect(named).toHaveLength(2);
    const checks = cloud.checks().slice(before);
    const starters = checks.filter(({ action }) => action === 'states:StartExecution');
    expect(new Set(starters.map(({ caller }) => caller.replace(/[0-9A-F]{8}$/, '')))).toEqual(
      new Set(['IntakeRole']),
    );
    const asked = checks.filter(({ caller }) => caller === 'operator').map(({ action }) => action);
    expect(new Set(asked.filter(action => /:(?:Send|Put|Start|Delete)/.test(action)))).toEqual(
      new Set(['s3:PutObject', 'sqs:SendMessage']),
    );
    // AWS's console shows nothing of what runs elsewhere.
    expect(ran.err).not.toContain('console.aws');
    expect(readLines<CallLine>(out, 'calls.ndjson')).toMatchObject([
      {
        eventID: '099ff820-00f2-4500-94fc-2b9da26d576f',
        status: 'linked',
        issuerEventIDs: ['5a1f0c55-6f43-4f5e-9d5e-0c1b7e6a2d10', 'e5a09871-dc41-4979-8cd3-e6e0fdf5ebaf'],
        origin: { arn: 'arn:aws:iam::111111111111:user/jsmith' },
      },
    ]);
    expect(readJson<Summary>(out, 'summary.json')).toMatchObject({
      files: 1,
      records: 3,
      kept: 3,
      executions: { succeeded: 2, failed: 0 },
    });
  });

  test('nothing runs twice: the trail bucket announces none of the files', async () => {
    await cloud.idle();
    const { out } = await onAws('executions', '--json', '--limit', '1000');
    const names = (JSON.parse(out) as { name: string }[]).map(({ name }) => name);
    const replays = names.filter(name => name.startsWith('replay-'));
    expect([replays.length, names.slice(0, 2)]).toEqual([2, replays]);
  });

  test('says the same as a local replay of the same input', async () => {
    const out = join(folder, 'incident');
    expect(await replayOnAws(incident, '--out', out)).toMatchObject({ status: 0 });
    for (const file of ['calls.ndjson', 'sessions.ndjson']) {
      expect(readFileSync(join(out, file), 'utf8')).toBe(readFileSync(join(folder, 'local', file), 'utf8'));
    }
  });

  test('names what it refuses, and keeps it in quarantine', async () => {
    const strange = join(folder, 'strange.json');
    writeFileSync(strange, '{"Event": "s3:Unheard"}');
    const ran = await replayOnAws(strange);
    expect(ran).toMatchObject({ status: 3 });
    expect(ran.out).toContain(`${strange}: UnknownMessage`);
    expect(ran.out).toMatch(/kept in quarantine\/\S+\/intake-replay-\S+\.ndjson/);
  });

  test('an event of an account that is no partner is refused by name, and its neighbour is not', async () => {
    const message = readFileSync(join(article, 'messages', 'development-assume-role.json'), 'utf8');
    const event = JSON.parse(JSON.parse(message).Message) as object;
    const two = join(folder, 'two');
    mkdirSync(two);
    writeFileSync(join(two, 'known.json'), JSON.stringify(event));
    writeFileSync(join(two, 'foreign.json'), JSON.stringify({ ...event, account: '444444444444' }));
    const ran = await replayOnAws(two);
    expect(ran).toMatchObject({ status: 3 });
    expect(ran.out).toContain(`${join(two, 'foreign.json')}: UnknownTopic`);
    expect(ran.out).toContain('1 record: 1 kept');
  });

  test('a file that CloudTrail did not name is not stored', async () => {
    const other = join(folder, 'records.json');
    writeFileSync(other, '{"Records":[]}');
    const ran = await replayOnAws(other);
    expect(ran).toMatchObject({ status: 3 });
    expect(ran.out).toContain(`not read: 1 file (a deployed stack reads only files below AWSLogs/`);
  });

  test('who, sessions, inspect and evidence answer as of a local replay', async () => {
    const eventID = '099ff820-00f2-4500-94fc-2b9da26d576f';
    const { out } = await onAws('who', eventID);
    expect(out).toContain('arn:aws:iam::111111111111:user/jsmith');
    expect((await onAws('sessions', '--role', 'CrossAccountTest')).out).toContain('jsmith');
    const [execution] = JSON.parse((await onAws('executions', '--json', '--limit', '1')).out);
    expect((await onAws('inspect', execution.name)).out).toMatch(/Fetch|Filter/);
    const zip = join(folder, 'case.zip');
    expect(await onAws('evidence', 'ASIAJJQOJ64OAM7C65AA', '--out', zip)).toMatchObject({ status: 0 });
    expect(await inProcess(['evidence', 'verify', zip])).toMatchObject({ status: 0 });
  });

  test('a user of Identity Center is shown by the name that the identity store says, asked once', async () => {
    const user = '84b8c4d8-2071-70a5-9d0e-3f1c5e6a7b90';
    const running = await identityStore({ [user]: 'priya.nair' });
    const ask = ['--ask-identity-store', 'd-1234567890', '--state', join(folder, 'names')];
    for (const words of [
      ['who', user],
      ['who', user, '--json'],
    ]) {
      const { status, out } = await onAws(...words, ...ask);
      expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('priya.nair') });
    }
    expect(running.asked).toEqual([`d-1234567890 ${user} us-east-1`]);
    running.close();
    const local = await inProcess(['who', user, '--state', state, ...ask.slice(0, 2)]);
    expect(local).toMatchObject({ status: 2, out: '' });
  });

  test('an execution that was stopped is redriven by its name, and goes on to its end', async () => {
    // Given
    const { sfn, outputs: names } = localDeployment(cloud);
    const stateMachineArn = names.StateMachineArn;
    const succeeded = { stateMachineArn, statusFilter: 'SUCCEEDED' as const };
    const [last] = (await sfn.send(new ListExecutionsCommand(succeeded))).executions ?? [];
    const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn: last?.executionArn }));
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name: 'stopped', input }),
    );
    await sfn.send(new StopExecutionCommand({ executionArn }));
    await cloud.idle();
    const status = async () =>
      JSON.parse((await onAws('inspect', 'stopped', '--json')).out) as { status: string };
    expect(await status()).toMatchObject({ status: 'ABORTED' });
    // When
    const ran = await onAws('quarantine', 'retry', 'stopped');
    await cloud.idle();
    // Then
    expect(ran).toMatchObject({ status: 0, out: 'redriven\n' });
    expect(await status()).toMatchObject({ status: 'SUCCEEDED' });
    expect(await onAws('quarantine', 'retry', 'stopped')).toMatchObject({ status: 1 });
  });

  test('verify holds the bucket against its digests, with the keys CloudTrail tells, and names what is gone', async () => {
    // Given
    const key = signingKey();
    writeFileSync(join(state, publicKeysFile), keysJson(key));
    const { s3, outputs: names } = localDeployment(cloud);
    const Bucket = names.TrailBucketName;
    const trail = new Trail(key);
    const text = '{"Records":[]}';
    for (const end of ['2025-06-02T12:00:00Z', '2025-06-02T13:00:00Z']) {
      trail.hour(end, [text, text], content => {
        content.digestS3Bucket = Bucket;
        if (content.previousDigestS3Bucket) content.previousDigestS3Bucket = Bucket;
        for (const file of content.logFiles) file.s3Bucket = Bucket;
      });
    }
    const gone = trail.logs[1]?.[0] ?? '';
    for (const [Key, { bytes: Body, metadata: Metadata }] of trail.objects) {
      if (Key !== gone) await s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata }));
    }
    await cloud.idle();
    // When
    const ran = await onAws('verify', '--from', '2025-06-02', '--to', '2025-06-03');
    // Then
    expect(ran.status).toBe(3);
    expect(ran.out).toContain('2 of 2 digests signed by CloudTrail, 3 log files verified, 1 finding');
    expect(ran.out).toMatch(new RegExp(`${gone}: \\S+: `));
  });

  test('options that only a local replay has are wrong usage', async () => {
    for (const words of [['--fresh'], ['--roles', '*']]) {
      expect(await onAws('replay', article, ...words)).toMatchObject({ status: 2 });
    }
    expect(existsSync(join(state, 'cdk.out'))).toBe(true);
  });
});
