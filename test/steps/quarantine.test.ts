import { S3Client } from '@aws-sdk/client-s3';
import { type QuarantineDependencies, type QuarantineInput, quarantine } from '../../steps/quarantine.ts';
import { writeSources } from '../../steps/transport/frames.ts';
import { type LedgerFile, writeFiles } from '../../steps/transport/ledger-files.ts';
import { type DataRef, noCounts, type TrailObject } from '../../steps/transport/payloads.ts';
import { WorkData } from '../../steps/transport/work-data.ts';

const s3 = new S3Client({ region: 'us-east-1' });
const work = new WorkData(s3, 'work', 'run');
const topic = 'arn:aws:sns:us-east-1:111111111111:partner';
const failure = { Error: 'States.Timeout', Cause: 'took too long' };

/** Input of a batch of messages that failed after Filter. */
function failed(data: DataRef, rest: Partial<QuarantineInput> = {}): QuarantineInput {
  return {
    step: 'Filter',
    provenance: 'partner',
    receivedAt: '2025-06-02T10:00:00Z',
    deliveredAt: '2025-06-02T10:00:00Z',
    counts: { ...noCounts, sources: 2, read: 2 },
    refused: { count: 0 },
    data,
    failure,
    ...rest,
  };
}

async function arrivedData(): Promise<DataRef> {
  const writer = work.writer('arrived');
  writeSources(writer, [
    { source: topic, account: '111111111111' },
    { source: 'eventbridge:us-east-1:999999999999', account: '999999999999' },
  ]);
  writer.writeFrame(0, '{"eventID":"one"}');
  writer.writeFrame(1, '{"eventID":"two"}');
  return writer.finish();
}

let sentAlone: { bucket: string; key: string }[] = [];

async function keptOf(input: QuarantineInput): Promise<Record<string, unknown>[]> {
  sentAlone = [];
  const sent = jest.spyOn(s3, 'send').mockImplementation(async () => ({}));
  const senders = { allot: async () => ({ kept: 100, withheld: 0 }) };
  const sendAlone: QuarantineDependencies['sendAlone'] = async files => {
    sentAlone.push(...files);
  };
  const now = () => new Date(0);
  await quarantine(input, 'events-1', { s3, bucket: 'work', work, senders, sendAlone, now });
  const stored = sent.mock.lastCall?.[0] as { input: { Body: string } } | undefined;
  sent.mockRestore();
  return (stored?.input.Body ?? '')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
}

test('of a failed batch of messages every record is kept, with where it came from', async () => {
  const [header, ...kept] = await keptOf(failed(await arrivedData()));
  expect(header).toMatchObject({ count: 2, failure: { error: 'States.Timeout', message: 'took too long' } });
  expect(kept).toEqual([
    { arrived: { source: topic, account: '111111111111', text: '{"eventID":"one"}' } },
    {
      arrived: {
        source: 'eventbridge:us-east-1:999999999999',
        account: '999999999999',
        text: '{"eventID":"two"}',
      },
    },
  ]);
});

test('log files are read again: their records are not kept twice', async () => {
  const data = await arrivedData();
  expect(await keptOf(failed(data, { files: data }))).toHaveLength(1);
});

test('a batch whose data cannot be read is kept all the same, and says so', async () => {
  const data = { ...(await arrivedData()), sha256: '0' };
  const [header, ...kept] = await keptOf(failed(data));
  expect(header?.failure).toEqual({
    error: 'States.Timeout',
    message:
      'took too long; its records could not be kept: the data between two steps is not what was written',
  });
  expect(kept).toEqual([]);
});

describe('a batch that its function died of', () => {
  const [one, two] = ['one', 'two'].map(name => ({ bucket: 'trail', key: `${name}.json.gz` }));
  const killed = {
    Error: 'Runtime.ExitError',
    Cause: '{"errorMessage":"RequestId: 1 Error: Runtime exited with error: signal: killed"}',
  };
  const held = (failure: { Error: string; Cause: string }, sources = [one, two] as TrailObject[]) => {
    const { data: _, ...input } = failed({ inline: '', bytes: 0, sha256: '' });
    return { ...input, failure, sources };
  };

  test.each([
    'Runtime.ExitError',
    'Runtime.OutOfMemory',
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'States.Timeout',
  ])('%s: is kept, and its files are sent again one by one', async error => {
    const [header] = await keptOf(held({ ...killed, Error: error }));
    expect(sentAlone).toEqual([one, two]);
    expect(header).toMatchObject({
      alone: 2,
      failure: {
        error,
        message: expect.stringContaining('; its 2 log files are processed again, one by one'),
      },
    });
  });

  test('after Decompress its files are those that were read', async () => {
    const files = await writeFiles(work, 'files', [
      { ...one, source: 0 },
      { ...two, source: 1 },
    ] as LedgerFile[]);
    const { sources: _, ...input } = held(killed);
    await keptOf({ ...input, files });
    expect(sentAlone).toMatchObject([one, two]);
  });

  test('a file that was alone is not sent again: it is in quarantine by name', async () => {
    const [header] = await keptOf(held(killed, [one] as TrailObject[]));
    expect([sentAlone, header?.alone]).toEqual([[], undefined]);
    expect(header?.failure).toEqual({
      error: 'Runtime.ExitError',
      message:
        'RequestId: 1 Error: Runtime exited with error: signal: killed; its log file is s3://trail/one.json.gz',
    });
  });

  test.each(['TransientError', 'ObjectNotFound'])('%s is no death: nothing is sent again', async error => {
    await keptOf(held({ Error: error, Cause: 'no' }));
    expect(sentAlone).toEqual([]);
  });
});
