import { messagesFor } from '../../cli/quarantine/retry.ts';
import type { Entry } from '../../cli/queries/quarantine-entries.ts';
import { statesOf } from '../../cli/queries/quarantine-states.ts';
import { memoryStore } from './queries/memory-store.ts';

const notice = JSON.stringify({ s3Bucket: 'trail', s3ObjectKey: ['forged.json.gz'] });
const topic = 'arn:aws:sns:us-east-1:111111111111:roletrail-assume-role';
const entry = (changed: Partial<Entry>): Entry => ({
  id: '0123456789ab',
  key: 'quarantine/2025-03-11/intake-1.ndjson',
  at: '2025-03-11T10:00:00Z',
  execution: 'intake-1',
  sentAgain: false,
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
const store = memoryStore({ retried: ['0123456789ab'] });

test("what a partner sent goes back to the partners' queue: by the trail's it would announce files", async () => {
  expect(await messagesFor(entry({ sender: '111111111111' }), store)).toEqual([
    { queue: 'PartnerQueueUrl', body: notice },
  ]);
  expect(await messagesFor(entry({ sender: 'unknown' }), store)).toMatchObject([
    { queue: 'PartnerQueueUrl' },
  ]);
  expect(await messagesFor(entry({}), store)).toMatchObject([{ queue: 'TrailQueueUrl' }]);
  const event = entry({ step: 'Normalize', source: topic, raw: '{"eventID":"x"}', sender: '111111111111' });
  expect(await messagesFor(event, store)).toMatchObject([{ queue: 'PartnerQueueUrl' }]);
});

test('a partner’s notice is not resolved by a file that was read meanwhile', async () => {
  const one = entry({ sender: '111111111111' });
  expect((await statesOf(store, [one])).get(one.id)).toBe('retried');
});
