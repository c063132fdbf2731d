import type { S3Client } from '@aws-sdk/client-s3';
import { Awaited } from '../../../cli/replay/awaited.ts';
import type { Outcome } from '../../../cli/replay/outcome.ts';
import { writeSources } from '../../../steps/transport/frames.ts';
import type { AuditInput } from '../../../steps/transport/payloads.ts';
import { WorkData } from '../../../steps/transport/work-data.ts';

const workData = new WorkData({} as S3Client, 'work', 'test');
const of = (file: string) => ({ file, key: file, size: 1 });
const ended = (input: Partial<AuditInput> | null, sentAgain = 0) => ({ input, sentAgain }) as Outcome;
const event = JSON.stringify({
  'detail-type': 'AWS API Call via CloudTrail',
  account: '111111111111',
  region: 'us-east-1',
  time: '2025-03-11T09:00:00Z',
  detail: {},
});

test('a file is awaited until an execution was started with it, whatever else that had', async () => {
  const awaited = new Awaited(workData);
  awaited.addFile('trail', 'a.json.gz', of('a'));
  awaited.addFile('trail', 'b.json.gz', of('b'));
  const sources = ['a.json.gz', 'c.json.gz'].map(key => ({ bucket: 'trail', key }));
  await awaited.started(ended({ entry: 'objects', sources }));
  await awaited.started(ended({ entry: 'objects', sources: [{ bucket: 'other', key: 'b.json.gz' }] }));
  await awaited.started(ended(null));
  // A batch that died: its files come again, each in an execution of its own.
  await awaited.started(ended({ entry: 'objects', sources: [{ bucket: 'trail', key: 'b.json.gz' }] }, 2));
  expect(awaited.files).toEqual(['b']);
});

test('a message is awaited until an execution shows its ID, or the quarantine does', async () => {
  const awaited = new Awaited(workData);
  awaited.addMessage('1', event, of('one'));
  awaited.addMessage('2', event, of('two'));
  awaited.addMessage('3', 'no json', of('three'));
  awaited.addMessage('4', '{"Event":"s3:TestEvent"}', of('says nothing'));
  expect(awaited.files).toEqual(['one', 'two', 'three']);
  const writer = workData.writer('arrived');
  writeSources(writer, [{ source: 'topic', account: '111111111111', message: '1' }]);
  await awaited.started(ended({ entry: 'events', data: await writer.finish() }));
  awaited.refused([{ step: 'Intake', error: 'NotJson', message: '', source: 'message 3' }]);
  expect(awaited.files).toEqual(['two']);
});

test('a notice is awaited by each of the log files it names', async () => {
  const awaited = new Awaited(workData);
  awaited.addMessage(
    '1',
    JSON.stringify({ s3Bucket: 'trail', s3ObjectKey: ['a.json.gz', 'b.json.gz'] }),
    of('n'),
  );
  await awaited.started(ended({ entry: 'objects', sources: [{ bucket: 'trail', key: 'a.json.gz' }] }));
  expect(awaited.size).toBe(1);
});
