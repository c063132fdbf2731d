import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { type Cloud, readPublished, startCloud } from '@roletrail/local';
import { functionCache } from '../../cli/project.ts';
import { parseConfig } from '../../infra/config.ts';
import example from '../../infra/roletrail.example.json' with { type: 'json' };
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { LedgerTable } from '../../steps/store/ledger-table.ts';
import { endAttribute } from '../../steps/store/tables.ts';
import type { Counts } from '../../steps/transport/payloads.ts';
import { account, callRecord, issuanceRecord, key } from '../steps/watch-story.ts';
import { synthesized } from '../synthesized.ts';
import { temporaryFolder } from './roletrail.ts';

const running: Stack[] = [];
afterAll(() => Promise.all(running.map(({ cloud }) => cloud.close())));
const folder = temporaryFolder();
const base: Partial<RoletrailConfig> = {
  auditedRoles: ['*'],
  batch: { size: 10, windowSeconds: 1 },
  graceMinutes: 0,
  lookbackDays: 36_500,
};

/** A stack that runs, and what a test does with it. */
class Stack {
  readonly state: string;
  readonly cloud: Cloud;
  readonly #s3: S3Client;
  readonly #sfn: SFNClient;
  readonly #seen = new Set<string>();

  constructor(state: string, cloud: Cloud) {
    this.state = state;
    this.cloud = cloud;
    const { endpoint, region, credentials } = cloud;
    this.#s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    this.#sfn = new SFNClient({ endpoint, region, credentials });
  }

  static async start(name: string, change: Partial<RoletrailConfig> = {}): Promise<Stack> {
    const state = join(folder, name);
    const assembly = join(state, 'cdk.out');
    await synthesized(parseConfig({ ...example, ...base, ...change }), assembly);
    return new Stack(state, await startCloud({ compiled: functionCache, assembly, state, warm: 12 }));
  }

  output(name: string): string {
    const value = this.cloud.outputs.roletrail?.[name];
    if (!value) throw new Error(`the stack has no output ${name}`);
    return value;
  }

  get ledger(): LedgerTable {
    const { endpoint, region, credentials } = this.cloud;
    return new LedgerTable(
      new DynamoDBClient({ endpoint, region, credentials }),
      this.output('LedgerTableName'),
    );
  }

  /** Stores objects, and answers the one execution that they led to. */
  async deliver(files: Record<string, Buffer>) {
    for (const [Key, Body] of Object.entries(files)) {
      await this.#s3.send(new PutObjectCommand({ Bucket: this.output('TrailBucketName'), Key, Body }));
    }
    return this.newest();
  }

  /** The one execution that was not looked at before. */
  async newest() {
    await this.cloud.idle();
    const stateMachineArn = this.output('StateMachineArn');
    const { executions = [] } = await this.#sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    const fresh = executions.flatMap(({ executionArn = '' }) =>
      this.#seen.has(executionArn) ? [] : [executionArn],
    );
    const [executionArn] = fresh;
    if (fresh.length !== 1 || !executionArn) throw new Error(`${fresh.length} new executions`);
    this.#seen.add(executionArn);
    const described = await this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { events = [] } = await this.#sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
    );
    const states = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
    const { counts } = JSON.parse(described.output ?? '{"counts":{}}') as { counts: Partial<Counts> };
    return { name: described.name, status: described.status, states, counts };
  }

  async files(region = 'us-east-1') {
    const files = [];
    for await (const file of this.ledger.files(account, region)) files.push(file);
    return files;
  }
}

function logKey(time: string, unique: string): string {
  return `AWSLogs/${account}/CloudTrail/us-east-1/2025/06/02/${account}_CloudTrail_us-east-1_${time}_${unique}.json.gz`;
}

const ofSilence = /Account (quiet|heard again)|: (no|again) (log files|events) of /;
const isOfSilence = (each: unknown) => ofSilence.test(JSON.stringify(each));

function logFile(...records: object[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}

async function start(name: string, change: Partial<RoletrailConfig> = {}): Promise<Stack> {
  const stack = await Stack.start(name, change);
  running.push(stack);
  return stack;
}

describe('the ledger', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start('ledger');
  });
  const first = logKey('20250602T1005Z', 'first');
  const irrelevant = { ...callRecord(), userIdentity: { type: 'AWSService', invokedBy: 'x.amazonaws.com' } };

  test('has a file with its counts once all was done with it', async () => {
    // When
    const execution = await stack.deliver({ [first]: logFile(callRecord(), irrelevant) });
    // Then
    expect(execution).toMatchObject({ status: 'SUCCEEDED', counts: { sources: 1, read: 1, skipped: 0 } });
    expect(execution.states.slice(-3)).toEqual(['AnyFiles', 'Ledger', 'Done']);
    expect(await stack.files()).toEqual([
      {
        bucket: stack.output('TrailBucketName'),
        key: first,
        etag: expect.stringMatching(/^[0-9a-f]{32}$/),
        records: 2,
        kept: 1,
        roles: expect.stringMatching(/^[0-9a-f]{16}$/),
        execution: execution.name,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        earliest: '2025-06-02T10:00:05Z',
      },
    ]);
    const text = JSON.stringify({ Records: [callRecord(), irrelevant] });
    const [{ bucket, key, etag } = { bucket: '', key: '', etag: '' }] = await stack.files();
    expect(await stack.ledger.textHash({ bucket, key, etag })).toBe(
      createHash('sha256').update(text).digest('hex'),
    );
  });

  test('spares a file that is delivered again', async () => {
    // When
    const again = await stack.deliver({ [first]: logFile(callRecord(), irrelevant) });
    // Then
    expect(again).toMatchObject({
      status: 'SUCCEEDED',
      states: ['Enter', 'Fetch', 'AnythingToRead', 'AnythingRefused', 'AnyFiles', 'Done'],
      counts: { sources: 1, read: 0, refused: 0, skipped: 1 },
    });
    expect(await stack.files()).toHaveLength(1);
  });

  test('does not spare one of the same name with other bytes', async () => {
    // When
    const other = await stack.deliver({ [first]: logFile(callRecord()) });
    // Then
    expect(other.counts).toMatchObject({ sources: 1, read: 1, skipped: 0, duplicates: 1 });
    expect(await stack.files()).toHaveLength(2);
  });

  test('in a batch, what was refused is not marked, what is known is spared, what is empty is marked', async () => {
    // Given
    const broken = logKey('20250602T1010Z', 'broken');
    const empty = logKey('20250602T1015Z', 'empty');
    // When
    const mixed = await stack.deliver({
      [first]: logFile(callRecord()),
      [broken]: Buffer.from('no gzip'),
      [empty]: logFile(irrelevant),
    });
    // Then
    expect(mixed).toMatchObject({
      status: 'SUCCEEDED',
      counts: { sources: 3, read: 1, refused: 1, skipped: 1, kept: 0 },
    });
    expect(mixed.states).toContain('QuarantineRefused');
    const marked = (await stack.files()).filter(({ execution }) => execution === mixed.name);
    expect(marked.map(file => [file.key, file.records, file.kept])).toEqual([[empty, 1, 0]]);
    // When the broken one comes again, whole
    const mended = await stack.deliver({ [broken]: logFile(irrelevant) });
    // Then
    expect(mended.counts).toMatchObject({ read: 1, skipped: 0 });
  });

  test('a batch of which nothing can be read, beside what is known, fails', async () => {
    // When
    const failed = await stack.deliver({
      [first]: logFile(callRecord()),
      [logKey('20250602T1020Z', 'none')]: Buffer.from('no gzip'),
    });
    // Then
    expect(failed.status).toBe('FAILED');
    expect(failed.states).not.toContain('Ledger');
  });

  test('a partner’s event has no file: nothing is paid for the ledger', async () => {
    // Given
    const topic = 'arn:aws:sns:us-east-1:111111111111:roletrail-assume-role';
    const record = { ...issuanceRecord(), recipientAccountId: '111111111111' };
    const event = {
      version: '0',
      id: 'e',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.sts',
      account: '111111111111',
      time: '2025-06-02T10:00:00Z',
      region: 'us-east-1',
      resources: [],
      detail: record,
    };
    // When
    await stack.cloud.publish(topic, JSON.stringify(event));
    const execution = await stack.newest();
    // Then
    expect(execution.status).toBe('SUCCEEDED');
    expect(execution.states).not.toContain('Ledger');
    expect(execution.states.slice(-2)).toEqual(['AnyFiles', 'Done']);
  });
});

test('a stack that is to process redelivered files does, and one with an end writes it', async () => {
  // Given
  const stack = await start('process', {
    redelivered: 'process',
    retentionDays: 90,
    lookbackDays: 90,
    lockDays: 30,
  });
  const name = logKey('20250602T1005Z', 'x');
  await stack.deliver({ [name]: logFile(callRecord()) });
  // When
  const again = await stack.deliver({ [name]: logFile(callRecord()) });
  // Then
  expect(again.counts).toMatchObject({ sources: 1, read: 1, skipped: 0, duplicates: 1 });
  expect(await stack.files()).toHaveLength(1);
  const { endpoint, region, credentials } = stack.cloud;
  const dynamo = new DynamoDBClient({ endpoint, region, credentials });
  for (const [table, least] of Object.entries({ Evidence: 1, Sessions: 4, Ledger: 2 })) {
    const { Items = [] } = await dynamo.send(
      new ScanCommand({ TableName: stack.output(`${table}TableName`) }),
    );
    const ends = Items.flatMap(item => item[endAttribute]?.N ?? []).map(Number);
    expect([table, ends.length >= least]).toEqual([table, true]);
    expect(Math.min(...ends) * 1000).toBeGreaterThan(Date.now() + 89 * 86_400_000);
  }
});

describe('the watch', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start('watch');
  });
  const watched = async () => (await stack.cloud.tick()).map(({ result }) => result);

  test('alerts an unlinked session once, on the bus and at the topic', async () => {
    // Given
    const before = callRecord({ eventID: 'c0000000-0000-4000-8000-000000000009', userIdentity: {} });
    await stack.deliver({
      [logKey('20250602T0955Z', 'before')]: logFile(before),
      [logKey('20250602T1005Z', 'call')]: logFile(callRecord()),
    });
    // When
    const runs = [...(await watched()), ...(await watched()), ...(await watched())];
    // Then
    expect(runs).toMatchObject([{ alerted: 1 }, { unexplained: 1, alerted: 0 }, { alerted: 0 }]);
    expect(readPublished(stack.state).filter(each => !isOfSilence(each))).toMatchObject([
      {
        service: 'events',
        event: {
          source: 'roletrail',
          'detail-type': 'Unlinked session',
          account,
          detail: { accessKeyId: key, look: `roletrail who ${key}` },
        },
      },
      {
        service: 'sns',
        topicArn: stack.output('AlarmTopicArn'),
        subject: `roletrail: unlinked session ${key}`,
        message: expect.stringMatching(/\nid: unlinked-[0-9a-f]{16}$/),
      },
    ]);
  });

  test('withdraws it once when the issuance arrives', async () => {
    // Given
    await stack.deliver({ [logKey('20250602T1130Z', 'late')]: logFile(issuanceRecord()) });
    // When
    const runs = [...(await watched()), ...(await watched())];
    // Then
    expect(runs).toMatchObject([{ explained: 1 }, { explained: 0 }]);
    expect(
      readPublished(stack.state)
        .filter(each => !isOfSilence(each))
        .slice(2),
    ).toMatchObject([
      {
        service: 'events',
        event: {
          'detail-type': 'Unlinked session explained',
          detail: { accessKeyId: key, status: 'linked' },
        },
      },
      { service: 'sns', subject: `roletrail: explained: session ${key}` },
    ]);
  });

  test('does not alert a session whose account delivered nothing at the time', async () => {
    // Given
    const told = readPublished(stack.state).length;
    const elsewhere = callRecord({ eventTime: '2025-06-03T10:00:05Z' });
    const identity = elsewhere.userIdentity as { accessKeyId: string };
    const orphan = {
      ...elsewhere,
      eventID: 'c0000000-0000-4000-8000-000000000003',
      userIdentity: {
        ...identity,
        accessKeyId: 'ASIAEXAMPLEWATCHED02',
        sessionContext: { attributes: { creationDate: '2025-06-01T10:00:00Z' } },
      },
    };
    // When
    await stack.deliver({ [logKey('20250603T1005Z', 'orphan')]: logFile(orphan) });
    const runs = await watched();
    // Then
    expect(runs).toMatchObject([{ unexplained: 1, noCoverage: 1, alerted: 0 }]);
    expect(readPublished(stack.state)).toHaveLength(told);
  });

  test('tells of an account whose log files come no more, and once more when they do', async () => {
    // Given: what is delivered here is of a past year, and far from the three days of silence that are waited for
    const quiet = readPublished(stack.state).filter(isOfSilence);
    expect(quiet).toMatchObject([
      { service: 'events', event: { 'detail-type': 'Account quiet', detail: { by: 'trail', account } } },
      { service: 'sns', subject: `roletrail: no log files of account ${account} any more` },
    ]);
    // When: a file of this hour
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    await stack.deliver({
      [logKey(`${now.slice(0, 13)}Z`, 'today')]: logFile({ ...callRecord(), userIdentity: {} }),
    });
    const runs = await watched();
    // Then
    expect(runs).toMatchObject([{ quiet: 0 }]);
    expect(readPublished(stack.state).filter(isOfSilence).slice(2)).toMatchObject([
      {
        service: 'events',
        event: { 'detail-type': 'Account heard again', detail: { by: 'trail', account } },
      },
      { service: 'sns', subject: `roletrail: again log files of account ${account}` },
    ]);
  });
});
