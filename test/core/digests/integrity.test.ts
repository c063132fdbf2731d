import type { SQSEvent } from 'aws-lambda';
import { knownKeys, parsePublicKeys } from '../../../core/digests/public-keys.ts';
import { findingsName } from '../../../core/digests/records.ts';
import { type IntegrityDependencies, integrity } from '../../../steps/integrity.ts';
import type { Announcement } from '../../../steps/runtime/announcer.ts';
import { bucket, keysJson, signingKey, Trail } from './chain.ts';
import { memoryStore } from './memory-store.ts';

const key = signingKey();

function world(trail: Trail, change: Partial<IntegrityDependencies> = {}) {
  const told: Announcement[] = [];
  const kept = new Set<string>();
  const counts: Record<string, number> = {};
  const deps: IntegrityDependencies = {
    store: memoryStore(trail.objects),
    keys: knownKeys(parsePublicKeys(keysJson(key))),
    table: {
      knows: async result => kept.has(`${result.key} ${findingsName(result)}`),
      keep: async result => void kept.add(`${result.key} ${findingsName(result)}`),
      seen: async () => false,
    },
    announcer: { tell: async announcement => void told.push(announcement) },
    log: { info: () => {}, error: () => {} },
    count: (metric, value) => {
      counts[metric] = (counts[metric] ?? 0) + value;
    },
    now: () => new Date('2025-03-11T10:05:00Z'),
    ...change,
  };
  return { deps, told, kept, counts };
}

const created = (name: string, key: string) =>
  JSON.stringify({ 'detail-type': 'Object Created', detail: { bucket: { name }, object: { key } } });
const messages = (...bodies: string[]) =>
  ({ Records: bodies.map((body, index) => ({ messageId: String(index), body })) }) as SQSEvent;
const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map(itemIdentifier => ({ itemIdentifier })),
});

test('a digest is checked, kept, and tells nobody when all is well', async () => {
  const trail = new Trail(key).hour('2025-03-11T10:00:00Z', ['{}', '[]']);
  const { deps, told, kept, counts } = world(trail);
  expect(await integrity(messages(created(bucket, trail.digests[0] ?? '')), deps)).toEqual(failures());
  expect([told, kept.size]).toEqual([[], 1]);
  expect(counts).toEqual({ DigestsChecked: 1, FilesVerified: 2, IntegrityFindings: 0 });
});

test('a finding is told once, however often the digest comes; another finding is told again', async () => {
  const trail = new Trail(key).hour('2025-03-11T10:00:00Z', ['{}', '[]']);
  const { deps, told } = world(trail);
  const announced = messages(created(bucket, trail.digests[0] ?? ''));
  const [[first = '', second = ''] = []] = trail.logs;
  trail.objects.delete(first);
  for (let times = 0; times < 2; times += 1) expect(await integrity(announced, deps)).toEqual(failures());
  expect(told).toMatchObject([
    {
      detailType: 'Log integrity',
      detail: { count: 1, findings: [{ object: `s3://${bucket}/${first}`, code: 'deleted' }] },
      message: expect.stringContaining(`${first}: deleted`),
    },
  ]);
  trail.objects.delete(second);
  await integrity(announced, deps);
  expect(told.map(({ detail }) => detail.count)).toEqual([1, 2]);
  expect(new Set(told.map(({ detail }) => detail.id)).size).toBe(2);
});

test('what could not be told is not kept as told: the message comes again', async () => {
  const trail = new Trail(key).hour('2025-03-11T10:00:00Z', ['{}']);
  trail.objects.delete(trail.logs[0]?.[0] ?? '');
  const tell = () => Promise.reject(new Error('SNS is away'));
  const { deps, kept } = world(trail, { announcer: { tell } });
  expect(await integrity(messages(created(bucket, trail.digests[0] ?? '')), deps)).toEqual(failures('0'));
  expect(kept.size).toBe(0);
});

test('a message that is none fails alone', async () => {
  const trail = new Trail(key).hour('2025-03-11T10:00:00Z');
  const { deps, kept } = world(trail);
  const good = created(bucket, trail.digests[0] ?? '');
  const bad = [
    'no JSON',
    '{}',
    created(bucket, 'AWSLogs/x.json.gz'),
    created('another', trail.digests[0] ?? ''),
  ];
  expect(await integrity(messages(bad[0] ?? '', good, ...bad.slice(1)), deps)).toEqual(
    failures('0', '2', '3', '4'),
  );
  expect(kept.size).toBe(1);
});

test('the subject and the message of an alert are printable, whatever the keys hold', async () => {
  const trail = new Trail(key).hour('2025-03-11T10:00:00Z', ['{}'], content => {
    const [file] = content.logFiles;
    if (file) file.s3Object = 'AWSLogs/\u001b[2J\nall is well';
  });
  const { deps, told } = world(trail);
  await integrity(messages(created(bucket, trail.digests[0] ?? '')), deps);
  expect(told[0]?.message).toContain('AWSLogs/?[2J?all is well: deleted');
  expect(told[0]?.subject).toMatch(/^[ -~]{1,100}$/);
});
