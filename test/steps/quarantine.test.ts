import { S3Client } from '@aws-sdk/client-s3';
import { type QuarantineInput, quarantine } from '../../steps/quarantine.ts';
import { writeSources } from '../../steps/transport/frames.ts';
import { type DataRef, noCounts } from '../../steps/transport/payloads.ts';
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

async function keptOf(input: QuarantineInput): Promise<Record<string, unknown>[]> {
  const sent = jest.spyOn(s3, 'send').mockImplementation(async () => ({}));
  const senders = { allot: async () => ({ kept: 100, withheld: 0 }) };
  await quarantine(input, 'events-1', { s3, bucket: 'work', work, senders, now: () => new Date(0) });
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
