import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decodedLogs } from '../../../cli/inputs/decoded.ts';
import { findInputs, type Input, readKind, readLog } from '../../../cli/inputs/inputs.ts';
import { kindOf } from '../../../cli/inputs/kind.ts';
import type { Notice } from '../../../core/inputs/notices.ts';

const event = {
  'detail-type': 'AWS API Call via CloudTrail',
  account: '111111111111',
  region: 'us-east-1',
  detail: { eventName: 'AssumeRole' },
};
const topicArn = 'arn:aws:sns:eu-west-1:222222222222:roletrail-assume-role';
const envelope = (message: unknown) => ({
  Type: 'Notification',
  TopicArn: topicArn,
  Message: JSON.stringify(message),
});
const notice = { s3Bucket: 'logs', s3ObjectKey: [] };
const s3Record = { eventSource: 'aws:s3', s3: { bucket: { name: 'trail' }, object: { key: 'k' } } };

describe('what a file is', () => {
  test.each([
    ['a log file', { Records: [{ eventVersion: '1.08' }] }, { kind: 'log' }],
    ['a log file without records', { Records: [] }, { kind: 'log' }],
    ['a log file with a record that is none', { Records: [1] }, { kind: 'log' }],
    ['a bucket notification', { Records: [s3Record] }, { kind: 'message', buckets: ['trail'] }],
    [
      "S3's event over EventBridge",
      {
        'detail-type': 'Object Created',
        source: 'aws.s3',
        detail: { bucket: { name: 'b' }, object: { key: 'k' } },
      },
      { kind: 'message', buckets: ['b'] },
    ],
    ["CloudTrail's notice", { s3Bucket: 'logs', s3ObjectKey: ['k'] }, { kind: 'message', buckets: ['logs'] }],
    ["S3's test event", { Event: 's3:TestEvent' }, { kind: 'message', buckets: [] }],
    [
      'a notice in an envelope',
      { ...envelope(notice), TopicArn: 'arn:aws:sns:eu-west-1:999999999999:cloudtrail' },
      { kind: 'message', buckets: ['logs'] },
    ],
    [
      "a notice in the envelope of a partner's topic, whose word it is",
      envelope(notice),
      {
        kind: 'event',
        account: '222222222222',
        region: 'eu-west-1',
        message: JSON.stringify(notice),
        topicArn,
      },
    ],
    ['an unknown message', { hello: 'world' }, { kind: 'message', buckets: [] }],
    ['a list', [1], { kind: 'message', buckets: [] }],
  ])('%s', (_, value, kind) => {
    expect(kindOf(JSON.stringify(value))).toEqual(kind);
  });

  test("a partner's event goes to the topic of its account and region", () => {
    const text = JSON.stringify(event);
    expect(kindOf(text)).toEqual({
      kind: 'event',
      account: '111111111111',
      region: 'us-east-1',
      message: text,
      topicArn: null,
    });
  });

  test("an event in SNS's envelope goes to the topic the envelope names", () => {
    expect(kindOf(JSON.stringify(envelope(event)))).toEqual({
      kind: 'event',
      account: '222222222222',
      region: 'eu-west-1',
      message: JSON.stringify(event),
      topicArn,
    });
  });

  test('text that is not JSON is a broken log file, refused by the step that reads it', () => {
    expect(kindOf('{"Records": [')).toEqual({ kind: 'log' });
  });
});

describe('the files behind the paths', () => {
  let folder: string;
  const none = '{"Records":[]}';
  const write = (path: string, text: string | Buffer = path.endsWith('.gz') ? gzipSync(none) : none) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roletrail-inputs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const log = (account: string, region: string, time: string) =>
    `AWSLogs/${account}/CloudTrail/${region}/2025/03/11/${account}_CloudTrail_${region}_${time}_Abc.json.gz`;

  test('log files come by the time in their names, all else by path', async () => {
    // Given
    const late = log('111111111111', 'eu-west-1', '20250311T0900Z');
    const early = log('999999999999', 'us-east-1', '20250311T0800Z');
    for (const path of ['messages/02.json', late, 'messages/01.json', early, '0.json']) write(path);
    // When
    const { deliver } = await findInputs([folder]);
    // Then
    expect(deliver.map(input => input.key)).toEqual([
      '0.json',
      early,
      late,
      'messages/01.json',
      'messages/02.json',
    ]);
  });

  test('a single file is stored under its own name', async () => {
    write('deep/down/log.json.gz');
    const { deliver } = await findInputs([join(folder, 'deep/down/log.json.gz')]);
    expect(deliver.map(input => input.key)).toEqual(['log.json.gz']);
  });

  const record = {
    eventVersion: '1.11',
    eventID: '5f1d1a3e-0001-4a51-8a53-000000000001',
    eventTime: '2026-09-17T07:01:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
  };
  const line = JSON.stringify(record);
  const bridged = JSON.stringify({
    ...{ version: '0', id: 'x', 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.s3' },
    ...{ account: '999999999999', time: '2026-09-17T07:01:01Z', region: 'eu-central-1', detail: record },
  });
  const notification = {
    Type: 'Notification',
    TopicArn: 'arn:aws:sns:eu-west-1:999999999999:t',
    Message: bridged,
  };
  const payload = JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', message: line }] });
  const base64 = (bytes: Buffer) => bytes.toString('base64');
  const rows = [{ Data: [{ VarCharValue: 'event' }, {}] }, { Data: [{ VarCharValue: line }, {}] }];
  const told = async () => (await findInputs([folder])).others.map(({ key, what }) => `${key}: ${what}`);

  test.each<[string, string | Buffer, string]>([
    ['notes.txt', 'what to look at', 'other'],
    [
      'snap.json.gz',
      gzipSync('{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[]}'),
      'config',
    ],
    ['flow.log.gz', gzipSync('version account-id interface-id srcaddr\n2 123456789010 eni-1 -'), 'flow-logs'],
    ['flow.log', '2 123456789010 eni-1235b8ca123456789 172.31.16.139 ACCEPT OK', 'flow-logs'],
    ['truth.json', '{"hello":"world"}', 'json'],
    ['list.json', '[1,2]', 'json'],
    ['event_history.csv', 'Event name,Event time,User name,Event source\nGetObject,2,3,4', 'csv'],
    [
      'athena.json',
      JSON.stringify({
        ResultSet: { Rows: [{ Data: [{ VarCharValue: 'eventname' }] }], ResultSetMetadata: {} },
      }),
      'columns',
    ],
    [
      'lake.json',
      JSON.stringify({ QueryStatus: 'FINISHED', QueryResultRows: [[{ eventName: 'x' }]] }),
      'columns',
    ],
    [
      'result_sign.json',
      JSON.stringify({
        version: '1.0',
        files: [],
        queryCompleteTime: '2026-09-17T07:01:01Z',
        hashSignature: '0',
      }),
      'signature',
    ],
    ['5f1c.csv.metadata', Buffer.from([10, 3, 0, 1]), 'metadata'],
    ['aws-logs-write-test', 'Permission Check Successful', 'write-test'],
    ['._log.json', Buffer.from('0005160700020000', 'hex'), 'macos'],
    ['logs.parquet', 'PAR1xxxx', 'parquet'],
    ['logs.json.bz2', Buffer.from('BZh91AY&SY'), 'bzip2'],
    ['logs.tar.xz', Buffer.from('fd377a585a000004', 'hex'), 'xz'],
    ['nothing.log', '', 'empty'],
  ])('%s is told by what it holds, and not delivered', async (name, content, what) => {
    write(name, content);
    write('log.json');
    expect(await told()).toEqual([`${name}: ${what}`]);
    expect((await findInputs([folder])).deliver.map(({ key }) => key)).toEqual(['log.json']);
  });

  test('broken links, links to folders and what cannot be opened end nothing', async () => {
    write('real/log.json');
    symlinkSync(join(folder, 'gone'), join(folder, 'broken'));
    symlinkSync('round', join(folder, 'round'));
    symlinkSync(folder, join(folder, 'real/up'));
    symlinkSync(join(folder, 'real/log.json'), join(folder, 'same.json'));
    expect((await told()).sort()).toEqual([
      'broken: broken-link',
      'real/up: folder-link',
      'round: broken-link',
    ]);
    expect((await findInputs([folder])).deliver.map(({ key }) => key)).toEqual([
      'real/log.json',
      'same.json',
    ]);
  });

  test.each<[string, string | Buffer]>([
    ['lookup.json', JSON.stringify({ Events: [{ EventId: 'x', CloudTrailEvent: line }] })],
    ['lines.jsonl.gz', gzipSync(`${line}\n${line}\n`)],
    ['lines.json', `${line}\n${line}\n`],
    ['list.json', `[${line}]`],
    ['one.json', JSON.stringify(record, null, 2)],
    ['lake.json', JSON.stringify({ QueryStatus: 'FINISHED', QueryResultRows: [[{ eventJson: line }]] })],
    ['filter.json', JSON.stringify({ events: [{ timestamp: 1, message: line }], searchedLogStreams: [] })],
    ['insights.json', JSON.stringify({ results: [[{ field: '@message', value: line }]] })],
    [
      'payload.json',
      JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', message: line }] }),
    ],
    ['firehose', gzipSync(`${JSON.stringify({ logEvents: [{ message: line }] })}`.repeat(2))],
    ['task-000000.gz', gzipSync(`2026-09-17T07:01:00.000Z ${line}\n2026-09-17T07:01:01.000Z ${line}\n`)],
    [
      'lambda.json',
      JSON.stringify({
        awslogs: { data: gzipSync(JSON.stringify({ logEvents: [{ message: line }] })).toString('base64') },
      }),
    ],
    ['queue.json', JSON.stringify({ Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body: bridged }] })],
    [
      'queue-of-topic.json',
      JSON.stringify({ Messages: [{ MessageId: 'm', Body: JSON.stringify(notification) }] }),
    ],
    [
      'function-of-queue.json',
      JSON.stringify({ Records: [{ messageId: 'm', body: line, eventSource: 'aws:sqs' }] }),
    ],
    ['function-of-topic.json', JSON.stringify({ Records: [{ EventSource: 'aws:sns', Sns: notification }] })],
    [
      'function-of-stream.json',
      JSON.stringify({
        Records: [{ kinesis: { data: base64(gzipSync(payload)) }, eventSource: 'aws:kinesis' }],
      }),
    ],
    ['firehose.json', JSON.stringify({ records: [{ recordId: 'r', data: base64(Buffer.from(bridged)) }] })],
    ['bridge.jsonl', `${bridged}\n${bridged}\n`],
    ['bridge-list.json', `[${bridged},${bridged}]`],
    ['athena.json', JSON.stringify({ UpdateCount: 0, ResultSet: { Rows: rows, ResultSetMetadata: {} } })],
    ['athena.csv', `"event"\n"${line.replaceAll('"', '""')}"\n`],
    ['result_1.csv.gz', gzipSync(`eventID,eventJson\r\nx,"${line.replaceAll('"', '""')}"\r\n`)],
    ['insights.csv', `@timestamp,@message,@ptr\n1,"${line.replaceAll('"', '""')}",p`],
    [
      'powershell.json',
      Buffer.from(`\ufeff${JSON.stringify({ Events: [{ CloudTrailEvent: line }] })}`, 'utf16le'),
    ],
    ['bom.json', `\ufeff[${line}]`],
    ['together.json', `${line}${line}`],
  ])('%s is an export, whose records make a log file as they were written', async (name, content) => {
    write(name, content);
    const [input] = (await findInputs([folder])).deliver;
    expect(input).toMatchObject({ key: name, export: name.includes('csv') ? 'csv' : 'json' });
    const sentences: string[] = [];
    const logs = input
      ? await Array.fromAsync(decodedLogs(input, { tell: each => sentences.push(each) }))
      : [];
    expect(logs.map(({ key }) => key)).toEqual([`${name}.records.json.gz`]);
    const { Records } = JSON.parse(gunzipSync(logs[0]?.body ?? '').toString()) as { Records: unknown[] };
    expect(Records.length).toBeGreaterThan(0);
    for (const each of Records) expect(each).toEqual(record);
    expect(sentences).toEqual([]);
  });

  const decode = async (name: string, content: string | Buffer, isHere?: (notice: Notice) => boolean) => {
    write(name, content);
    const [input] = (await findInputs([folder])).deliver;
    const told: string[] = [];
    const decoding = { tell: (sentence: string) => told.push(sentence), ...(isHere && { isHere }) };
    const logs = input ? await Array.fromAsync(decodedLogs(input, decoding)) : [];
    const texts = logs.map(({ body }) => gunzipSync(body).toString());
    return { told: told.map(sentence => sentence.replace(join(folder, name), name)), texts };
  };

  test('a dump of notices names the files that they announce, as far as they are not here', async () => {
    const key = 'AWSLogs/1/CloudTrail/a b.json.gz';
    const s3 = { bucket: { name: 'trail' }, object: { key: key.replace(' ', '+') } };
    const bodies = [
      {
        Records: [
          { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventTime: '2026-09-17T07:01:00Z', s3 },
        ],
      },
      { 'detail-type': 'Object Created', source: 'aws.s3', detail: { bucket: s3.bucket, object: { key } } },
      {
        Type: 'Notification',
        Message: JSON.stringify({ s3Bucket: 'trail', s3ObjectKey: [key, 'other.json.gz'] }),
      },
      { Service: 'Amazon S3', Event: 's3:TestEvent' },
    ];
    const dump = JSON.stringify({ Messages: bodies.map(body => ({ Body: JSON.stringify(body) })) });
    expect(await decode('dump.json', dump)).toEqual({
      told: [
        `dump.json announces 4 files whose content is not here: s3://trail/${key}, s3://trail/${key}, s3://trail/${key}, s3://trail/other.json.gz`,
      ],
      texts: [],
    });
    const here = await decode('dump.json', dump, notice => notice.key === key);
    expect(here.told).toEqual([
      'dump.json announces 1 file whose content is not here: s3://trail/other.json.gz',
    ]);
  });

  test('what holds no record beside others that do is counted, and a test of the destination is none', async () => {
    const events = [
      { message: line },
      { message: 'hello' },
      { message: '{"a":1}' },
      { message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' },
    ];
    const { told, texts } = await decode(
      'cwl.json',
      JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: events }),
    );
    expect(texts).toEqual([`{"Records":[${line}]}`]);
    expect(told).toEqual(['cwl.json: 2 elements in it without a CloudTrail record left out']);
  });

  const aggregated = {
    eventVersion: '1.0',
    eventId: 'x',
    eventCategory: 'Aggregated',
    eventType: 'AwsAggregatedEvent',
    summary: {},
  };
  const network = {
    ...record,
    eventType: 'AwsVpceEvent',
    eventCategory: 'NetworkActivity',
    errorCode: 'VpceAccessDenied',
  };
  test.each<[string, object[], string]>([
    ['aggregated.json', [aggregated, aggregated], 'aggregated'],
    ['network.json', [network], 'network-activity'],
    ['insight.json', [{ eventType: 'AwsCloudTrailInsight', insightDetails: {} }], 'insights'],
  ])('%s has no calls, and is told by name', async (name, Records, what) => {
    write(name, JSON.stringify({ Records }));
    expect(await told()).toEqual([`${name}: ${what}`]);
    // Among calls they are for the step that reads them; as far as their folder says it, whatever it holds.
    write(name, JSON.stringify({ Records: [...Records, record] }));
    write('AWSLogs/1/CloudTrail-Aggregated/eu/x.json.gz', gzipSync(JSON.stringify({ Records: [record] })));
    expect(await told()).toEqual(['AWSLogs/1/CloudTrail-Aggregated/eu/x.json.gz: aggregated']);
  });

  test('in an export they are counted by name', async () => {
    const rows = [aggregated, record, network, network].map(each => ({ eventJson: JSON.stringify(each) }));
    const lake = JSON.stringify({ QueryResultRows: rows.map(row => [row]) });
    const { told, texts } = await decode('lake.json', lake);
    expect(texts).toEqual([`{"Records":[${line}]}`]);
    expect(told).toEqual([
      'lake.json: 1 aggregated event in it left out: they are no calls',
      'lake.json: 2 network activity events in it left out: they are no calls',
    ]);
  });

  test('numbers keep their digits, however deep they lie', async () => {
    const exact = `{"eventSource":"s3.amazonaws.com","eventName":"x","eventTime":"2026-09-17T07:01:00Z","n":12345678901234567890,"d":1.0,"e":1e3}`;
    const bridge = `{"detail-type":"AWS API Call via CloudTrail","detail":${exact}}`;
    const { texts } = await decode('bridge.jsonl', `${bridge}\n${bridge}`);
    expect(texts).toEqual([`{"Records":[${exact},\n${exact}]}`]);
  });

  test('an element that is longer than the first look is looked at in full', async () => {
    const long = JSON.stringify({ ...record, requestParameters: { text: 'x'.repeat(200_000) } });
    const dump = JSON.stringify({ Messages: [{ Attributes: {}, Body: long }] });
    expect((await decode('dump.json', dump)).texts).toEqual([`{"Records":[${long}]}`]);
  });

  test('an export that was cut off is told, and what stands before is read', async () => {
    write('cut.jsonl', `${line}\n${line.slice(0, 40)}`);
    const [input] = (await findInputs([folder])).deliver;
    const sentences: string[] = [];
    const logs = input
      ? await Array.fromAsync(decodedLogs(input, { tell: each => sentences.push(each) }))
      : [];
    expect(logs).toHaveLength(1);
    expect(sentences).toEqual([
      `${join(folder, 'cut.jsonl')}: ends in the middle; what stands before that was read`,
    ]);
  });

  test('a log file is stored under a name that says how it is packed', async () => {
    write('saved.json.gz', '{"Records":[]}');
    write('packed.json', gzipSync('{"Records":[]}'));
    write('bare', '{"Records":[]}');
    const { deliver } = await findInputs([folder]);
    expect(deliver.map(({ key }) => key).sort()).toEqual(['bare.json', 'packed.json.gz', 'saved.json']);
  });

  test('a path that is not there, an empty folder and a clash of keys are wrong usage', async () => {
    write('one/log.json');
    write('two/log.json');
    mkdirSync(join(folder, 'empty'));
    const failure = (...paths: string[]) =>
      findInputs(paths.map(path => join(folder, path))).catch(error => error);
    expect(await failure('gone')).toMatchObject({
      exitCode: 2,
      message: `${join(folder, 'gone')} does not exist`,
    });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await failure('pipe')).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('is a pipe'),
    });
    expect(await failure('empty')).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('no files'),
    });
    expect(await failure('one', 'two')).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('stored as log.json'),
    });
  });

  test('a plain log file that is larger than the steps read is packed on its way', async () => {
    write('log.json');
    const [input] = (await findInputs([folder])).deliver;
    const large = { ...(input as Input), size: 100 * 1024 * 1024 };
    expect(gunzipSync(await readLog(large)).toString()).toBe(none);
    expect(String(await readLog(input as Input))).toBe(none);
  });

  test('a .json file larger than any message is a log file, unread', async () => {
    write('large.json', `{"Records":[],"x":"${'k'.repeat(1024 * 1024)}"}`);
    const [input] = (await findInputs([folder])).deliver;
    expect(input && (await readKind(input))).toEqual({ kind: 'log' });
  });
});
