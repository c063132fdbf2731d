import { statesOf } from '../../cli/quarantine/marks.ts';
import { messagesFor } from '../../cli/quarantine/retry.ts';
import type { Entry } from '../../cli/queries/quarantine-entries.ts';
import { deploymentOf } from './views/console/deployment-fixture.ts';

const notice = JSON.stringify({ s3Bucket: 'trail', s3ObjectKey: ['forged.json.gz'] });
const topic = 'arn:aws:sns:us-east-1:111111111111:roletrail-assume-role';
const entry = (changed: Partial<Entry>): Entry => ({
  id: '0123456789ab',
  key: 'quarantine/2025-03-11/intake-1.ndjson',
  at: '2025-03-11T10:00:00Z',
  execution: 'intake-1',
  step: 'Intake',
  error: 'NoticeOfPartner',
  message: 'no',
  source: 'message 1',
  record: null,
  raw: notice,
  sender: null,
  batch: null,
  count: 1,
  ...changed,
});
const deployment = deploymentOf({
  s3: { ListObjectsV2: () => ({ Contents: [{ Key: 'quarantine-retried/0123456789ab' }] }) },
});

test("what a partner sent goes back to the partners' queue: by the trail's it would announce files", async () => {
  expect(await messagesFor(entry({ sender: '111111111111' }), deployment)).toEqual([
    { queue: 'PartnerQueueUrl', body: notice },
  ]);
  expect(await messagesFor(entry({ sender: 'unknown' }), deployment)).toMatchObject([
    { queue: 'PartnerQueueUrl' },
  ]);
  expect(await messagesFor(entry({}), deployment)).toMatchObject([{ queue: 'TrailQueueUrl' }]);
  const event = entry({ step: 'Normalize', source: topic, raw: '{"eventID":"x"}', sender: '111111111111' });
  expect(await messagesFor(event, deployment)).toMatchObject([{ queue: 'PartnerQueueUrl' }]);
});

test('a partner’s notice is not resolved by a file that was read meanwhile', async () => {
  const one = entry({ sender: '111111111111' });
  expect((await statesOf(deployment, [one])).get(one.id)).toBe('retried');
});
