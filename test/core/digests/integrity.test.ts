import { createHash } from 'node:crypto';
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
  const paused: [receipt: string, seconds: number][] = [];
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
    textHash: async () => null,
    pause: async (receipt, seconds) => void paused.push([receipt, seconds]),
    ...change,
  };
  return { deps, told, kept, counts, paused };
}

const created = (name: string, key: string) =>
  JSON.stringify({ 'detail-type': 'Object Created', detail: { bucket: { name }, object: { key } } });
const receivedAgain = (receives: number, ...bodies: string[]) =>
  ({
    Records: bodies.map((body, index) => ({
      messageId: String(index),
      receiptHandle: `receipt-${index}`,
      attributes: { ApproximateReceiveCount: String(receives) },
      body,
    })),
  }) as SQSEvent;
const messages = (...bodies: string[]) => receivedAgain(1, ...bodies);
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

describe('a file whose text was hashed when it was audited', () => {
  const story = async (known: string | null) => {
    const trail = new Trail(key).hour('2025-03-11T10:00:00Z', ['{}']);
    const [[log = ''] = []] = trail.logs;
    const inner = memoryStore(trail.objects);
    const reads: string[] = [];
    const store: IntegrityDependencies['store'] = {
      ...inner,
      open: async (of, name) => {
        const found = await inner.open(of, name);
        if (!found || name !== log) return found;
        async function* body() {
          reads.push(name);
          if (found) yield* found.body;
        }
        return { ...found, etag: 'an-etag', body: body(), discard: () => void reads.push('let go') };
      },
    };
    const asked: string[] = [];
    const { deps, told, counts } = world(trail, {
      store,
      textHash: async file => {
        asked.push(file.etag);
        return known;
      },
    });
    await integrity(messages(created(bucket, trail.digests[0] ?? '')), deps);
    return { reads, asked, told, counts, log };
  };
  const itsHash = createHash('sha256').update('{}').digest('hex');

  test('is not read again', async () => {
    const { reads, asked, told, counts } = await story(itsHash);
    expect({ reads, asked, told, verified: counts.FilesVerified }).toEqual({
      ...{ reads: ['let go'], asked: ['an-etag'], told: [], verified: 1 },
    });
  });

  test.each([
    ['to something else', '0'.repeat(64)],
    ['by nobody', null],
  ])('%s is read, and what is there counts', async (_, known) => {
    const { reads, told, counts, log } = await story(known);
    expect({ reads, told, verified: counts.FilesVerified }).toEqual({ reads: [log], told: [], verified: 1 });
  });
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

test('a message that is none ends at once, by name, and stops no other', async () => {
  const trail = new Trail(key).hour('2025-03-11T10:00:00Z');
  const { deps, kept, told, counts, paused } = world(trail);
  const good = created(bucket, trail.digests[0] ?? '');
  const bad = [
    'no JSON\u202e',
    '{}',
    created(bucket, 'AWSLogs/x.json.gz'),
    created('another', trail.digests[0] ?? ''),
  ];
  // When
  const answer = await integrity(messages(bad[0] ?? '', good, ...bad.slice(1)), deps);
  // Then
  expect(answer).toEqual(failures());
  expect(kept.size).toBe(1);
  expect(paused).toEqual([]);
  expect(counts.DigestsGivenUp).toBe(4);
  expect(told.map(({ detailType, detail }) => [detailType, detail.error])).toEqual([
    ['Digest not checked', 'NotJson'],
    ['Digest not checked', 'UnknownMessage'],
    ['Digest not checked', 'UnknownMessage'],
    ['Digest not checked', 'BucketNotConfigured'],
  ]);
  expect(told[0]?.message).toContain('message: no JSON\\u{202e}');
});

describe('a check that cannot be made', () => {
  const denied = Object.assign(new Error('no permission to use the key'), { name: 'AccessDenied' });
  const closed = () => {
    const trail = new Trail(key).hour('2025-03-11T10:00:00Z', ['{}']);
    const store = { ...memoryStore(trail.objects), open: () => Promise.reject(denied) };
    return { digest: created(bucket, trail.digests[0] ?? ''), ...world(trail, { store }) };
  };

  test('comes again ever later, then is a dead letter that is told by name', async () => {
    const { digest, deps, told, counts, paused } = closed();
    for (let receives = 1; receives <= 5; receives += 1) {
      expect(told).toEqual([]);
      expect(await integrity(receivedAgain(receives, digest), deps)).toEqual(failures('0'));
    }
    const minutes = paused.map(([, seconds]) => seconds / 60);
    expect(minutes).toHaveLength(5);
    expect(minutes.slice(0, 4)).toEqual(minutes.slice(0, 4).sort((a, b) => a - b));
    // The most that SQS takes is twelve hours; after the last receipt it waits for nothing.
    expect([Math.min(...minutes.slice(0, 4)) > 0, Math.max(...minutes) <= 720, minutes[4]]).toEqual([
      true,
      true,
      0,
    ]);
    expect(told).toMatchObject([
      {
        detailType: 'Digest not checked',
        detail: { error: 'AccessDenied', reason: 'no permission to use the key' },
        message: expect.stringContaining('roletrail verify'),
      },
    ]);
    expect(counts.DigestsGivenUp).toBe(1);
  });

  test('comes again also where its pause cannot be asked for', async () => {
    const { digest, deps } = closed();
    const answer = integrity(receivedAgain(1, digest), { ...deps, pause: () => Promise.reject(denied) });
    expect(await answer).toEqual(failures('0'));
  });
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
