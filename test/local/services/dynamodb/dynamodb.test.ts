import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { openDynamoDb } from '../../../../local/services/dynamodb/deploy.ts';
import type { TableDefinition } from '../../../../local/services/dynamodb/model.ts';
import { type DynamoDbProcess, startDynoxide } from '../../../../local/services/dynamodb/store.ts';
import { evidenceTable } from '../../../../steps/store/tables.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../dynamodb-fixture.ts';

const table = tableOf('evidence', evidenceTable);
const place = { account: '999999999999', region: 'us-east-1' };
const item = (eventID: string, more = {}) => ({
  eventID: { S: eventID },
  copy: { S: '1#trail' },
  credential: { S: 'ASIA1' },
  at: { S: `2026#${eventID}` },
  ...more,
});
const key = (eventID: string) => ({ eventID: { S: eventID }, copy: { S: '1#trail' } });

describe('the engine does what the steps rely on', () => {
  let dynamoDb: DynamoDbFixture;
  beforeAll(async () => {
    dynamoDb = await dynamoDbFixture([table], { gateway: true });
  });
  afterAll(() => dynamoDb.close());
  const put = (Item: ReturnType<typeof item>, more = {}) =>
    dynamoDb.client.send(new PutItemCommand({ TableName: 'evidence', Item, ...more }));

  test('binary attributes come back byte for byte', async () => {
    const record = { record: { B: Buffer.from([0, 255, 128, 10]) } };
    await put(item('binary', record));

    const get = new GetItemCommand({ TableName: 'evidence', Key: key('binary'), ConsistentRead: true });
    const { Item } = await dynamoDb.client.send(get);

    expect(Buffer.from(Item?.record?.B ?? [])).toEqual(record.record.B);
  });

  test('of 25 inserts the duplicates fail alone', async () => {
    await put(item('d3'));
    const insert = (id: string) => ({
      Statement: `INSERT INTO "evidence" VALUE {'eventID': ?, 'copy': ?}`,
      Parameters: [{ S: id }, { S: '1#trail' }],
    });
    const Statements = Array.from({ length: 25 }, (_, i) => insert(`d${i}`));

    const { Responses } = await dynamoDb.client.send(new BatchExecuteStatementCommand({ Statements }));

    const codes = Responses?.map(response => response.Error?.Code);
    expect(codes).toEqual(Array.from({ length: 25 }, (_, i) => (i === 3 ? 'DuplicateItem' : undefined)));
  });

  test('an index is sparse, sorted, paged, and holds what it projects', async () => {
    for (const id of ['q3', 'q1', 'q2'])
      await put(item(id, { credential: { S: 'Q' }, use: { S: id }, big: { S: 'x' } }));
    await put({ ...key('q4'), credential: { S: 'Q' } } as ReturnType<typeof item>);
    const query = {
      TableName: 'evidence',
      IndexName: 'byCredential',
      KeyConditionExpression: 'credential = :c AND begins_with(#at, :at)',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':c': { S: 'Q' }, ':at': { S: '2026#q' } },
      Limit: 2,
    };

    const first = await dynamoDb.client.send(new QueryCommand(query));
    const rest = await dynamoDb.client.send(
      new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }),
    );

    const items = [...(first.Items ?? []), ...(rest.Items ?? [])];
    expect(items.map(each => each.use?.S)).toEqual(['q1', 'q2', 'q3']);
    expect(items.some(each => 'big' in each)).toBe(false);
    expect(rest.LastEvaluatedKey).toBeUndefined();
  });

  test('a failed condition gives back what is there', async () => {
    await put(item('once', { use: { S: 'first' } }));
    const again = put(item('once'), {
      ConditionExpression: 'attribute_not_exists(eventID)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });

    await expect(again).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { use: { S: 'first' } },
    });
  });

  test('a cancelled transaction writes nothing and says why', async () => {
    await put(item('there'));
    const TransactItems = ['new', 'there'].map(id => ({
      Put: { TableName: 'evidence', Item: item(id), ConditionExpression: 'attribute_not_exists(eventID)' },
    }));

    await expect(
      dynamoDb.client.send(new TransactWriteItemsCommand({ TransactItems })),
    ).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    const get = new GetItemCommand({ TableName: 'evidence', Key: key('new') });
    expect((await dynamoDb.client.send(get)).Item).toBeUndefined();
  });

  const many = (length: number) => Array.from({ length }, (_, i) => `many${i}`);
  test.each([
    [
      'an item of more than 400 KB',
      () => new PutItemCommand({ TableName: 'evidence', Item: item('x', { x: { S: 'x'.repeat(409_600) } }) }),
      'ValidationException',
    ],
    [
      '26 writes at once',
      () =>
        new BatchWriteItemCommand({
          RequestItems: { evidence: many(26).map(id => ({ PutRequest: { Item: item(id) } })) },
        }),
      'ValidationException',
    ],
    [
      '101 reads at once',
      () => new BatchGetItemCommand({ RequestItems: { evidence: { Keys: many(101).map(key) } } }),
      'ValidationException',
    ],
    [
      '26 statements at once',
      () =>
        new BatchExecuteStatementCommand({
          Statements: many(26).map(id => ({
            Statement: `INSERT INTO "evidence" VALUE {'eventID': '${id}', 'copy': 'c'}`,
          })),
        }),
      'ValidationException',
    ],
    [
      'a request of more than 16 MB',
      () =>
        new BatchWriteItemCommand({
          RequestItems: {
            evidence: many(25).map(id => ({
              PutRequest: { Item: item(id, { x: { S: '\u0001'.repeat(120_000) } }) },
            })),
          },
        }),
      'RequestEntityTooLarge',
    ],
    [
      'attributes an index does not hold',
      () =>
        new QueryCommand({
          TableName: 'evidence',
          IndexName: 'byCredential',
          KeyConditionExpression: 'credential = :c',
          ExpressionAttributeValues: { ':c': { S: 'Q' } },
          ExpressionAttributeNames: { '#r': 'record' },
          ProjectionExpression: '#r.x, eventName',
        }),
      'ValidationException',
    ],
    [
      'an operation the engine has not',
      () => new DescribeContinuousBackupsCommand({ TableName: 'evidence' }),
      'UnknownOperationException',
    ],
  ])('%s is refused', async (_, command, name) => {
    await expect(dynamoDb.client.send(command() as PutItemCommand)).rejects.toMatchObject({ name });
    await put(item('alive'));
  });
});

describe('a table that is there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const open = (properties: Partial<TableDefinition['properties']> = {}) =>
    dynamoDbFixture([{ ...table, properties: { ...table.properties, ...properties } }], { folder });
  const ttl = { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } };

  test('in the same shape keeps its data, and gets a time to live it lacked', async () => {
    const before = await open();
    await before.client.send(new PutItemCommand({ TableName: 'evidence', Item: item('kept') }));
    await before.close();

    const after = await open(ttl);
    const { Item } = await after.client.send(new GetItemCommand({ TableName: 'evidence', Key: key('kept') }));
    const describe = new DescribeTimeToLiveCommand({ TableName: 'evidence' });
    const { TimeToLiveDescription } = await after.client.send(describe);
    await after.close();

    expect(Item).toEqual(item('kept'));
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'expires', TimeToLiveStatus: 'ENABLED' });
  });

  test.each<[string, Partial<TableDefinition['properties']>, string]>([
    [
      'another key',
      { KeySchema: [{ AttributeName: 'eventID', KeyType: 'HASH' }] },
      'its key is HASH eventID (S), RANGE copy (S), wanted is HASH eventID (S)',
    ],
    [
      'one index less',
      {
        GlobalSecondaryIndexes: (table.properties.GlobalSecondaryIndexes ?? []).filter(
          index => index.IndexName !== 'byCredential',
        ),
      },
      'its index byCredential is HASH credential (S), RANGE at (S), with INCLUDE agent amends awsRegion errorCode eventName eventSource request sourceIPAddress use, wanted is none',
    ],
    [
      'keys of another type',
      {
        AttributeDefinitions: table.properties.AttributeDefinitions.map(each =>
          each.AttributeName === 'copy' ? { AttributeName: 'copy', AttributeType: 'N' } : each,
        ),
      },
      'its key is HASH eventID (S), RANGE copy (S), wanted is HASH eventID (S), RANGE copy (N)',
    ],
    [
      'another time to live',
      { TimeToLiveSpecification: { AttributeName: 'other', Enabled: true } },
      'its time to live is expires, wanted is other',
    ],
  ])('is refused when the stack wants %s', async (_, properties, difference) => {
    await expect(open({ ...ttl, ...properties })).rejects.toMatchObject({
      name: 'TableDiffers',
      message: `the table evidence of the saved state differs from the stack's: ${difference}`,
    });
  });
});

describe('the engine as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const answers = async (where: { host: string; port: number }) => {
    try {
      return (await fetch(`http://${where.host}:${where.port}/`)).ok;
    } catch {
      return false;
    }
  };
  const until = async (condition: () => Promise<boolean>) => {
    const deadline = Date.now() + 10_000;
    while (!(await condition())) {
      await new Promise(setImmediate);
      if (Date.now() > deadline) throw new Error('not within 10 seconds');
    }
  };

  const commandLine = (pid: string) => {
    const file = `/proc/${pid}/cmdline`;
    const text = /^\d+$/.test(pid) && existsSync(file) ? readFileSync(file, 'utf8') : '';
    return text.startsWith('/bin/sh') ? '' : text.replaceAll('\0', ' ');
  };

  test('ends when it is closed', async () => {
    const engine = await startDynoxide(join(folder, 'a.sqlite'));
    expect(await answers(engine)).toBe(true);
    await engine.close();
    expect(await answers(engine)).toBe(false);
  });

  test('is where no page of a browser finds it, which it would answer', async () => {
    const engines = [
      await startDynoxide(join(folder, 'e.sqlite')),
      await startDynoxide(join(folder, 'f.sqlite')),
    ];
    const [one, other] = engines as [DynamoDbProcess, DynamoDbProcess];

    for (const { host } of engines) expect(host).toMatch(/^127\.(?!0\.)\d+\.\d+\.\d+$/);
    expect(one.host).not.toBe(other.host);
    for (const { port } of engines) expect(await answers({ host: '127.0.0.1', port })).toBe(false);
    for (const engine of engines) await engine.close();
  });

  test('ends with a parent that is killed', async () => {
    const module = join(import.meta.dirname, '../../../../local/services/dynamodb/store.ts');
    const script = `import { type DynamoDbProcess, startDynoxide } from ${JSON.stringify(module)};
      const { host, port } = await startDynoxide(${JSON.stringify(join(folder, 'b.sqlite'))});
      process.stdout.write(JSON.stringify({ host, port }));`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [told] = await parent.stdout.setEncoding('utf8').take(1).toArray();
    const where = JSON.parse(told) as { host: string; port: number };
    expect(await answers(where)).toBe(true);

    parent.kill('SIGKILL');

    await until(async () => !(await answers(where)));
  });

  test('that cannot start says why', async () => {
    const file = join(folder, 'junk.sqlite');
    writeFileSync(file, 'this is not a database, but a text of some length'.repeat(100));

    await expect(startDynoxide(file)).rejects.toThrow(
      /^the embedded DynamoDB did not start: error: Database file is encrypted or not a valid SQLite database/,
    );
  });

  test('that was killed is known to be gone, with its exit code', async () => {
    const engine = await startDynoxide(join(folder, 'c.sqlite'));
    const [pid] = readdirSync('/proc').filter(entry =>
      commandLine(entry).includes(`dynoxide serve --host ${engine.host} --port ${engine.port}`),
    );
    expect(Number(pid)).toBeGreaterThan(1);
    process.kill(Number(pid), 'SIGKILL');

    await until(async () => engine.lastWords() !== '');

    expect(engine.lastWords()).toContain('exit code 137');
    await engine.close();
  });

  test('is not started where another endpoint is given', async () => {
    const engine = await startDynoxide(join(folder, 'd.sqlite'));
    const other = await openDynamoDb(
      join(folder, 'unused'),
      place,
      [table],
      `http://${engine.host}:${engine.port}`,
    );
    await other.close();

    expect(await answers(engine)).toBe(true);
    await engine.close();
  });
});
