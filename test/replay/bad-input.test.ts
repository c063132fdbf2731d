import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { inProcess } from './in-process.ts';
import { type CallLine, type Ran, readJson, readLines, type Summary, temporaryFolder } from './roletrail.ts';

/** Of the bad ones, what nothing could deliver: the long event; and what is no input: other JSON, and the notes. */
const undelivered = 3;

const folder = temporaryFolder();
const input = join(folder, 'input');
const bucket = 'roletrail-bad-input';

const call = (eventID: string) => ({
  eventVersion: '1.08',
  eventID,
  eventTime: '2025-03-11T09:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  awsRegion: 'us-east-1',
  recipientAccountId: '999999999999',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:me',
    arn: 'arn:aws:sts::999999999999:assumed-role/Some/me',
    accountId: '999999999999',
    accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
    sessionContext: { attributes: { creationDate: '2025-03-11T08:00:00Z', mfaAuthenticated: 'false' } },
  },
});
const partnerEvent = (detail: object) =>
  JSON.stringify({
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sts',
    account: '111111111111',
    region: 'us-east-1',
    detail,
  });
const log = (...records: unknown[]) => gzipSync(JSON.stringify({ Records: records }));
const whole = log(call('in-half-a-file'));

/** Its directory says that it unpacks to a gigabyte (APPNOTE 4.3.12). */
const bomb = Buffer.from(zipSync({ 'zeros.json': Buffer.from('{}') }));
bomb.writeUInt32LE(2 ** 30, bomb.indexOf('PK\x01\x02') + 24);

/** Each bad file beside its neighbour, and what is to be said of it. */
const bad: Record<string, { content: Buffer | string; names: string }> = {
  'no-gzip.json.gz': { content: 'plainly no gzip', names: 'no-gzip.json.gz' },
  'half.json.gz': { content: whole.subarray(0, whole.length / 2), names: 'half.json.gz' },
  'no-json.json.gz': { content: gzipSync('hello'), names: 'no-json.json.gz' },
  'broken.json': { content: '{"Records": [', names: 'broken.json' },
  // Named by CloudTrail, so that nothing else can be meant.
  '999999999999_CloudTrail_us-east-1_20250311T0900Z_Abc.json.gz': {
    content: gzipSync('{"records": []}'),
    names: '20250311T0900Z_Abc.json.gz',
  },
  'odd-record.json.gz': { content: log(17, call('beside-the-odd-one')), names: 'odd-record.json.gz' },
  'missing-key.json': {
    content: JSON.stringify({ s3Bucket: bucket, s3ObjectKey: ['not/there.json.gz'] }),
    names: 'not/there.json.gz',
  },
  'unknown-message.json': { content: '{"Event": "s3:Unheard"}', names: 'unknown-message.json' },
  // Of no known shape.
  'truth.json': { content: '{"hello": "world"}', names: 'truth.json' },
  // Of no known shape, and no longer than a queue takes (SQS quotas: 1 MiB).
  'long-message.json': {
    content: JSON.stringify({ Event: 'x'.repeat(1_000_000) }),
    names: 'long-message.json',
  },
  // No longer than a partner's topic takes.
  'large-event.json': { content: partnerEvent({ text: 'x'.repeat(1_000_000) }), names: 'large-event.json' },
  // As long as an event may be; the envelope of its topic escapes each quote, and no queue takes that.
  'long-event.json': { content: partnerEvent({ quotes: '"'.repeat(400_000) }), names: 'long-event.json' },
  'bomb.zip': { content: bomb, names: 'bomb.zip: ArchiveBomb' },
  'notes.txt': { content: 'what to look at', names: 'notes.txt' },
};

describe('a replay of bad inputs among good ones', () => {
  let ran: Ran;

  beforeAll(async () => {
    mkdirSync(input);
    for (const [name, { content }] of Object.entries(bad)) writeFileSync(join(input, name), content);
    writeFileSync(join(input, 'good.json.gz'), log(call('good')));
    writeFileSync(join(input, 'good.json'), JSON.stringify({ Records: [call('plain')] }));
    writeFileSync(
      join(input, 'good.zip'),
      zipSync({ '../log.json': Buffer.from(JSON.stringify({ Records: [call('zipped')] })) }),
    );
    ran = await inProcess([
      'replay',
      input,
      '--roles',
      '*',
      '--state',
      join(folder, 'state'),
      '--out',
      join(folder, 'out'),
    ]);
  });

  test('ends with 3', () => {
    expect(ran).toMatchObject({ status: 3 });
  });

  test.each(Object.entries(bad))('%s is named', (_, { names }) => {
    expect(ran.out.split('\n').filter(line => line.includes(names))).not.toEqual([]);
  });

  test('each has the name of its error and a reason', () => {
    const errors = [...ran.out.matchAll(/^ {2}✕ .*?: ([A-Za-z]+): .+ \((\w+)\)$/gm)].map(
      ([, error]) => error,
    );
    expect(errors).toHaveLength(Object.keys(bad).length - undelivered);
    expect(errors).toEqual(expect.arrayContaining(['NotJson', 'NoRecords', 'NotAnObject', 'UnknownMessage']));
  });

  test('the good ones are reported, a good record beside a bad one too', () => {
    const calls = readLines<CallLine>(folder, 'out', 'calls.ndjson').map(each => each.eventID);
    expect(calls.sort()).toEqual(['beside-the-odd-one', 'good', 'plain', 'zipped']);
  });

  test('the summary counts what is in quarantine', () => {
    const summary = readJson<Summary>(folder, 'out', 'summary.json');
    expect(summary.quarantined).toBe(Object.keys(bad).length - undelivered);
  });

  test('a retry tells what became of it', async () => {
    const retry = ['quarantine', 'retry', '--all', '--error', 'UnknownMessage'];
    const again = await inProcess([...retry, '--state', join(folder, 'state')]);
    expect(again).toMatchObject({
      status: 0,
      out: '2 entries sent through the front door again\n  2 failed again\n',
    });
  });
});

describe('wrong usage', () => {
  test.each([
    [['replay', '/no/such/folder'], 'roletrail: /no/such/folder does not exist\n'],
    [['replay', '.', '--frobnicate'], "roletrail: unknown option '--frobnicate'\n"],
    [['frobnicate'], "roletrail: unknown command 'frobnicate'\n"],
    [
      ['executions', '--target', 'aws', '--outputs', '/no/outputs.json'],
      'roletrail: cannot read /no/outputs.json',
    ],
  ])('%j ends with 2 and one sentence', async (words, sentence) => {
    const { status, out, err } = await inProcess(words);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
