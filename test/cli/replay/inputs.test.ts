import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findInputs, readKind } from '../../../cli/replay/inputs.ts';
import { kindOf } from '../../../cli/replay/kind.ts';

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
  const write = (path: string, text = '{}') => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roletrail-inputs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const log = (account: string, region: string, time: string) =>
    `AWSLogs/${account}/CloudTrail/${region}/2025/03/11/${account}_CloudTrail_${region}_${time}_Abc.json.gz`;

  test('log files come by the time in their names, all else by path', () => {
    // Given
    const late = log('111111111111', 'eu-west-1', '20250311T0900Z');
    const early = log('999999999999', 'us-east-1', '20250311T0800Z');
    for (const path of ['messages/02.json', late, 'messages/01.json', early, '0.json']) write(path);
    // When
    const { deliver } = findInputs([folder]);
    // Then
    expect(deliver.map(input => input.key)).toEqual([
      '0.json',
      early,
      late,
      'messages/01.json',
      'messages/02.json',
    ]);
  });

  test('a single file is stored under its own name', () => {
    write('deep/down/log.json.gz');
    const { deliver } = findInputs([join(folder, 'deep/down/log.json.gz')]);
    expect(deliver.map(input => input.key)).toEqual(['log.json.gz']);
  });

  test('what is neither .json nor .json.gz is told apart, not left out', () => {
    for (const path of ['a.json', 'NOTICE', 'b.txt', 'c.jsonl.gz']) write(path);
    const { deliver, others } = findInputs([folder]);
    expect(deliver.map(input => input.key)).toEqual(['a.json']);
    expect(others.map(input => input.key).sort()).toEqual(['NOTICE', 'b.txt', 'c.jsonl.gz']);
  });

  test('a path that is not there, an empty folder and a clash of keys are wrong usage', () => {
    write('one/log.json');
    write('two/log.json');
    mkdirSync(join(folder, 'empty'));
    const failure = (...paths: string[]) => {
      try {
        return findInputs(paths.map(path => join(folder, path)));
      } catch (error) {
        return error;
      }
    };
    expect(failure('gone')).toMatchObject({ exitCode: 2, message: `${join(folder, 'gone')} does not exist` });
    expect(failure('empty')).toMatchObject({ exitCode: 2, message: expect.stringContaining('no files') });
    expect(failure('one', 'two')).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('stored as log.json'),
    });
  });

  test('a .json file larger than any message is a log file, unread', () => {
    write('large.json', `{"s3Bucket":"b","s3ObjectKey":["${'k'.repeat(1024 * 1024)}"]}`);
    const [input] = findInputs([folder]).deliver;
    expect(input && readKind(input)).toEqual({ kind: 'log' });
  });
});
