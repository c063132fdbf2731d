import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { digestLocation } from '../../../core/digests/digest-key.ts';
import { keptKeys, knownKeys, type PublicKey, parsePublicKeys } from '../../../core/digests/public-keys.ts';
import { sha256Of } from '../../../core/digests/uncompressed.ts';
import { type DigestResult, faultsOf } from '../../../core/digests/verdicts.ts';
import { verifyDigest } from '../../../core/digests/verify-digest.ts';
import { bucket, type Content, keysJson, rewrite, sign, signingKey, Trail } from './chain.ts';
import { gzipBomb } from './gzip-bomb.ts';
import { memoryStore } from './memory-store.ts';

const key = signingKey();
const otherKey = signingKey();
const times = [
  '2025-03-11T09:00:00Z',
  '2025-03-11T10:00:00Z',
  '2025-03-11T11:00:00Z',
  '2025-03-11T12:00:00Z',
];
const records = ['{"Records":[{"eventName":"AssumeRole"}]}', '{"Records":[{"eventName":"ListBuckets"}]}'];

function trailOf(change?: (content: Content) => void): Trail {
  const trail = new Trail(key);
  for (const time of times) trail.hour(time, records, change);
  return trail;
}

async function check(trail: Trail, at = 2, keys = keysJson(key)): Promise<DigestResult> {
  const name = trail.digests[at] ?? '';
  const location = digestLocation(name);
  if (!location) throw new Error(`${name} is not the key of a digest`);
  const tools = { store: memoryStore(trail.objects), keys: knownKeys(parsePublicKeys(keys)) };
  return verifyDigest(bucket, name, location, tools);
}

const own = (trail: Trail, at = 2) => trail.digests[at] ?? '';
const log = (trail: Trail, at = 2) => trail.logs[at]?.[0] ?? '';
const flip = (text: Buffer) => {
  const flipped = Buffer.from(text);
  flipped[20] = (flipped[20] ?? 0) ^ 1;
  return flipped;
};
const contentOf = (trail: Trail, at: number): Content => {
  let text = '';
  rewrite(trail.objects, own(trail, at), bytes => {
    text = bytes.toString();
    return bytes;
  });
  return JSON.parse(text);
};

describe('a chain as CloudTrail left it', () => {
  test('each digest is signed and linked, each log file is what it was', async () => {
    const trail = trailOf();
    for (const [at, state] of ['start', 'whole', 'whole', 'whole'].entries()) {
      const result = await check(trail, at);
      expect(faultsOf(result)).toEqual([]);
      expect(result.chain.state).toBe(state);
      expect(result.files.map(file => [file.key, file.verdict])).toEqual(
        trail.logs[at]?.map(name => [name, 'verified']),
      );
      expect(result.files.every(({ etag }) => /^[0-9a-f]{32}$/.test(etag ?? ''))).toBe(true);
    }
  });

  test('an hour in which nothing was delivered has a digest too', async () => {
    const trail = new Trail(key).hour(times[0] ?? '').hour(times[1] ?? '', []);
    expect(await check(trail, 1)).toMatchObject({ problem: null, chain: { state: 'whole' }, files: [] });
  });

  test('two trails in one bucket are two chains', async () => {
    const one = trailOf();
    const two = new Trail(key, one.objects, 'data_events_us-east-1')
      .hour(times[2] ?? '', records)
      .hour(times[3] ?? '', records);
    expect((await check(two, 0)).chain).toEqual({ state: 'start', problem: null });
    expect((await check(two, 1)).chain).toEqual({ state: 'whole', problem: null });
    expect((await check(one, 3)).chain).toEqual({ state: 'whole', problem: null });
  });

  test('where a lifecycle rule took all that is older, the chain is open, not broken', async () => {
    const trail = trailOf();
    for (const gone of trail.digests.slice(0, 2)) trail.objects.delete(gone);
    const result = await check(trail);
    expect(faultsOf(result)).toEqual([]);
    expect(result.chain.state).toBe('open');
  });

  test('a file in a bucket that is not ours is counted, not judged', async () => {
    const trail = trailOf(content => {
      const [first] = content.logFiles;
      if (first) first.s3Bucket = 'another';
    });
    expect(await check(trail)).toMatchObject({
      problem: null,
      elsewhere: 1,
      files: [{ verdict: 'verified' }],
    });
  });
});

/** Backfills come days later, beside the chain of the hours (CloudTrail guide, digest file structure; aws-cli#10055). */
describe('a backfill digest', () => {
  const backfilled = (generated: string | null, end = times[0] ?? '', name = 'management_events') => {
    const trail = new Trail(otherKey, new Map(), name).hour(end, records);
    const stored = trail.objects.get(own(trail, 0));
    const at = own(trail, 0).replace('.json.gz', '_backfill.json.gz');
    const signed = sign(
      trail.objects,
      at,
      { ...contentOf(trail, 0), digestS3Object: at },
      otherKey.privateKey,
    );
    trail.objects.delete(own(trail, 0));
    trail.digests[0] = at;
    const metadata = {
      ...stored?.metadata,
      signature: signed.signature,
      ...(generated ? { 'backfill-generation-timestamp': generated } : {}),
    };
    trail.objects.set(at, { bytes: trail.objects.get(at)?.bytes ?? Buffer.alloc(0), metadata });
    return trail;
  };
  const next = keysJson(otherKey, '2025-03-13T00:00:00Z', '2025-06-01T00:00:00Z');

  test('is signed with a key of the time it was made, two hours to both sides', async () => {
    for (const made of ['2025-03-14T09:12:00Z', '2025-03-12T22:00:00Z']) {
      const result = await check(backfilled(made), 0, next);
      expect(faultsOf(result)).toEqual([]);
      expect(result.files.map(({ verdict }) => verdict)).toEqual(['verified', 'verified']);
    }
    expect(faultsOf(await check(backfilled('2025-03-12T21:59:59Z'), 0, next))).toMatchObject([
      { code: 'key-not-valid' },
    ]);
  });

  test.each([null, 'soon'])('that says %s of when it was made proves nothing', async generated => {
    expect(faultsOf(await check(backfilled(generated), 0, next))).toMatchObject([
      { code: 'unreadable', reason: expect.stringContaining('backfill-generation-timestamp') },
    ]);
  });

  test('is not an older link of the hours: the first of them starts its chain', async () => {
    const trail = backfilled('2025-03-14T09:12:00Z');
    const hours = new Trail(key, trail.objects).hour(times[2] ?? '', records);
    expect((await check(hours, 0)).chain).toEqual({ state: 'start', problem: null });
  });
});

describe('keys near their ends (aws-cli#10073)', () => {
  test.each([
    ['begins after the hour that a digest covers', '2025-03-11T11:00:30Z', '2026-01-01T00:00:00Z'],
    ['begins two hours after it', '2025-03-11T13:00:00Z', '2026-01-01T00:00:00Z'],
    ['ended two hours before it', '2025-01-01T00:00:00Z', '2025-03-11T08:00:00Z'],
  ])('a key that %s is taken', async (_, from, to) => {
    expect(faultsOf(await check(trailOf(), 2, keysJson(key, from, to)))).toEqual([]);
  });

  test('keys are asked for with the same two hours to both sides', async () => {
    const trail = trailOf();
    const location = digestLocation(own(trail));
    if (!location) throw new Error('no digest');
    const asked: string[] = [];
    const keys = async (_: string, region: string, from: number, to: number) => {
      asked.push(region, ...[from, to].map(time => new Date(time).toISOString()));
      return parsePublicKeys(keysJson(key));
    };
    await verifyDigest(bucket, own(trail), location, { store: memoryStore(trail.objects), keys });
    expect(asked).toEqual(['us-east-1', '2025-03-11T08:00:00.000Z', '2025-03-11T13:00:00.000Z']);
  });
});

test('a trail that came from another bucket is open there, and says where it goes on', async () => {
  const before = { previousDigestS3Bucket: 'old-bucket', previousDigestS3Object: 'old/key' };
  const trail = new Trail(key)
    .hour(times[0] ?? '')
    .hour(times[1] ?? '')
    .hour(times[2] ?? '', records, content => Object.assign(content, before));
  const result = await check(trail);
  expect(faultsOf(result)).toEqual([]);
  expect(result.chain).toEqual({ state: 'open', elsewhere: 's3://old-bucket/old/key', problem: null });
});

describe('what somebody changed shows', () => {
  const cases: [what: string, change: (trail: Trail) => void, code: string, at: 'digest' | 'log'][] = [
    [
      'one flipped byte in a log file',
      trail => rewrite(trail.objects, log(trail), flip),
      'hash-differs',
      'log',
    ],
    ['a deleted log file', trail => trail.objects.delete(log(trail)), 'deleted', 'log'],
    [
      'a log file that is not gzip any more',
      trail => trail.objects.set(log(trail), { bytes: Buffer.from('no'), metadata: {} }),
      'hash-differs',
      'log',
    ],
    [
      'a log file cut short',
      trail => {
        const stored = trail.objects.get(log(trail));
        if (stored) trail.objects.set(log(trail), { ...stored, bytes: stored.bytes.subarray(0, -9) });
      },
      'hash-differs',
      'log',
    ],
    ...[
      ['another gzip member', gzipSync('{"Records":[]}')],
      ['bytes that are not gzip', Buffer.from('PK')],
      ['one zero byte', Buffer.alloc(1)],
    ].map(([what, more]): [string, (trail: Trail) => void, string, 'log'] => [
      `a log file with ${what} after its first member`,
      trail => {
        const stored = trail.objects.get(log(trail));
        if (stored)
          trail.objects.set(log(trail), { ...stored, bytes: Buffer.concat([stored.bytes, more as Buffer]) });
      },
      'hash-differs',
      'log',
    ]),
    [
      'a log file whose check sum is another',
      trail => {
        const stored = trail.objects.get(log(trail));
        const bytes = Buffer.from(stored?.bytes ?? []);
        bytes[bytes.length - 8] = (bytes[bytes.length - 8] ?? 0) ^ 1;
        if (stored) trail.objects.set(log(trail), { ...stored, bytes });
      },
      'hash-differs',
      'log',
    ],
    [
      'a digest with bytes after its first member',
      trail => {
        const stored = trail.objects.get(own(trail));
        if (stored)
          trail.objects.set(own(trail), {
            ...stored,
            bytes: Buffer.concat([stored.bytes, Buffer.from('x')]),
          });
      },
      'unreadable',
      'digest',
    ],
    [
      'one flipped byte in a digest',
      trail =>
        rewrite(trail.objects, own(trail), text =>
          Buffer.from(text.toString().replace(/("newestEventTime":"202)5/, '$14')),
        ),
      'signature-differs',
      'digest',
    ],
    [
      'a log file struck off a digest',
      trail =>
        rewrite(trail.objects, own(trail), text => {
          const content = JSON.parse(text.toString()) as Content;
          content.logFiles.pop();
          return Buffer.from(JSON.stringify(content));
        }),
      'signature-differs',
      'digest',
    ],
    [
      'a signature that is forged with another key',
      trail => sign(trail.objects, own(trail), contentOf(trail, 2), otherKey.privateKey),
      'signature-differs',
      'digest',
    ],
    [
      'a digest signed by, and naming, a key that is not CloudTrail’s',
      trail =>
        sign(
          trail.objects,
          own(trail),
          { ...contentOf(trail, 2), digestPublicKeyFingerprint: otherKey.fingerprint },
          otherKey.privateKey,
        ),
      'unknown-key',
      'digest',
    ],
    [
      'a signature that is not hexadecimal',
      trail => {
        const stored = trail.objects.get(own(trail));
        if (stored) trail.objects.set(own(trail), { ...stored, metadata: { signature: 'zz' } });
      },
      'signature-differs',
      'digest',
    ],
    [
      'a digest without a signature',
      trail => {
        const stored = trail.objects.get(own(trail));
        if (stored) trail.objects.set(own(trail), { ...stored, metadata: {} });
      },
      'no-signature',
      'digest',
    ],
    [
      'the digest of another hour in its place',
      trail => {
        const stored = trail.objects.get(own(trail, 1));
        if (stored) trail.objects.set(own(trail), stored);
      },
      'moved',
      'digest',
    ],
    [
      'a digest that says it lies in another bucket',
      trail =>
        sign(
          trail.objects,
          own(trail),
          { ...contentOf(trail, 2), digestS3Bucket: 'another' },
          key.privateKey,
        ),
      'moved',
      'digest',
    ],
    [
      'a digest of another account',
      trail =>
        sign(
          trail.objects,
          own(trail),
          { ...contentOf(trail, 2), awsAccountId: '111111111111' },
          key.privateKey,
        ),
      'moved',
      'digest',
    ],
    [
      'a digest of another time than its name has',
      trail =>
        sign(
          trail.objects,
          own(trail),
          { ...contentOf(trail, 2), digestEndTime: '2025-03-11T11:30:00Z' },
          key.privateKey,
        ),
      'moved',
      'digest',
    ],
    [
      'a digest that is not JSON',
      trail => rewrite(trail.objects, own(trail), () => Buffer.from('{"awsAccountId":')),
      'unreadable',
      'digest',
    ],
    [
      'a digest that is cut short',
      trail => {
        const stored = trail.objects.get(own(trail));
        if (stored) trail.objects.set(own(trail), { ...stored, bytes: stored.bytes.subarray(0, 40) });
      },
      'unreadable',
      'digest',
    ],
    [
      'a digest that says nothing of the one before, and names its signature',
      trail =>
        sign(
          trail.objects,
          own(trail),
          { ...contentOf(trail, 2), previousDigestS3Object: null },
          key.privateKey,
        ),
      'unreadable',
      'digest',
    ],
    [
      'a hash by another algorithm',
      trail =>
        rewrite(trail.objects, own(trail), text => Buffer.from(text.toString().replaceAll('SHA-256', 'MD5'))),
      'unreadable',
      'digest',
    ],
    ['a digest that is gone', trail => trail.objects.delete(own(trail)), 'missing', 'digest'],
    [
      'a gap: the digest before is gone',
      trail => trail.objects.delete(own(trail, 1)),
      'previous-missing',
      'digest',
    ],
    [
      'the digest before, changed',
      trail => rewrite(trail.objects, own(trail, 1), flip),
      'previous-differs',
      'digest',
    ],
    [
      'the digest before, with another signature',
      trail => {
        const stored = trail.objects.get(own(trail, 1));
        const other = trail.objects.get(own(trail, 0));
        if (stored && other) trail.objects.set(own(trail, 1), { ...stored, metadata: other.metadata });
      },
      'previous-differs',
      'digest',
    ],
    [
      'the hash of the digest before by another algorithm',
      trail =>
        sign(
          trail.objects,
          own(trail),
          { ...contentOf(trail, 2), previousDigestHashAlgorithm: 'MD5' },
          key.privateKey,
        ),
      'unreadable',
      'digest',
    ],
    [
      'the digest before, signed anew',
      trail =>
        sign(trail.objects, own(trail, 1), { ...contentOf(trail, 1), logFiles: [] }, otherKey.privateKey),
      'previous-differs',
      'digest',
    ],
    [
      'the hours in another order',
      trail => {
        const [one, two] = [trail.objects.get(own(trail, 1)), trail.objects.get(own(trail, 2))];
        if (one && two) trail.objects.set(own(trail, 1), two).set(own(trail, 2), one);
      },
      'moved',
      'digest',
    ],
  ];

  test.each(cases)('%s', async (_, change, code, at) => {
    // Given
    const trail = trailOf();
    change(trail);
    // When
    const faults = faultsOf(await check(trail));
    // Then
    const object = `s3://${bucket}/${at === 'digest' ? own(trail) : log(trail)}`;
    expect(faults).toEqual([{ object, code, reason: expect.any(String) }]);
  });

  test('a chain that begins anew', async () => {
    const trail = new Trail(key)
      .hour(times[0] ?? '')
      .restart()
      .hour(times[3] ?? '', records);
    const result = await check(trail, 1);
    expect(faultsOf(result)).toMatchObject([{ code: 'restarted' }]);
    expect(result.files.map(({ verdict }) => verdict)).toEqual(['verified', 'verified']);
  });

  test('a digest before that was checked once, and is gone with all that is older', async () => {
    const trail = trailOf();
    for (const gone of trail.digests.slice(0, 2)) trail.objects.delete(gone);
    const name = own(trail);
    const location = digestLocation(name);
    if (!location) throw new Error('no digest');
    const tools = { store: memoryStore(trail.objects), keys: knownKeys(parsePublicKeys(keysJson(key))) };
    const result = await verifyDigest(bucket, name, location, {
      ...tools,
      seen: async (_, before) => before === own(trail, 1),
    });
    expect(faultsOf(result)).toMatchObject([{ code: 'previous-missing' }]);
  });

  test.each([
    ['more than two hours before', '2025-03-11T13:00:01Z', '2025-06-01T00:00:00Z'],
    ['more than two hours after', '2025-01-01T00:00:00Z', '2025-03-11T07:59:59Z'],
  ])('a digest that ends or begins %s its key was valid', async (_, from, to) => {
    expect(faultsOf(await check(trailOf(), 2, keysJson(key, from, to)))).toMatchObject([
      { code: 'key-not-valid' },
    ]);
  });

  test('a digest that is not trusted says nothing of its files, and a file stays where one is', async () => {
    // Given
    const trail = trailOf();
    rewrite(trail.objects, log(trail), flip);
    sign(trail.objects, own(trail), contentOf(trail, 2), otherKey.privateKey);
    // Then
    expect((await check(trail)).files.map(({ verdict }) => verdict)).toEqual(['untrusted', 'untrusted']);
  });

  test('a log file that unpacks without end is cut off', async () => {
    // Given: a gzip of 256 mebibytes of nothing, a kibibyte at a time
    let read = 0;
    const bomb = gzipBomb(256);
    const endless = (function* () {
      for (; read < bomb.length; read += 1024) yield bomb.subarray(read, read + 1024);
    })();
    // When
    await expect(sha256Of(Readable.from(endless), 8 * 1024 * 1024)).rejects.toThrow(
      'more than 8388608 bytes',
    );
    // Then
    expect(read).toBeLessThan(bomb.length / 2);
  });
});

test('a store that fails is no finding: the check fails', async () => {
  const trail = trailOf();
  const location = digestLocation(own(trail));
  if (!location) throw new Error('no digest');
  const store = memoryStore(trail.objects);
  const failing = {
    ...store,
    open: async (name: string, object: string) => {
      if (object === log(trail)) throw new Error('S3 is away');
      return store.open(name, object);
    },
  };
  const tools = { store: failing, keys: knownKeys(parsePublicKeys(keysJson(key))) };
  await expect(verifyDigest(bucket, own(trail), location, tools)).rejects.toThrow('S3 is away');
});

describe('public keys as the AWS CLI prints them', () => {
  test('times are seconds or ISO 8601', () => {
    const { PublicKeyList } = JSON.parse(keysJson(key)) as { PublicKeyList: object[] };
    const seconds = {
      ...PublicKeyList[0],
      ValidityStartTime: 1_735_689_600.0,
      ValidityEndTime: 1_767_225_600,
    };
    expect(parsePublicKeys(JSON.stringify({ PublicKeyList: [seconds] }))).toEqual(
      parsePublicKeys(keysJson(key)),
    );
  });

  test.each([
    ['no list', '{}', /PublicKeyList/],
    ['another key’s fingerprint', keysJson({ ...key, fingerprint: otherKey.fingerprint }), /fingerprint/],
    ['no validity', keysJson(key, 'soon'), /when it was valid/],
  ])('%s is refused', (_, text, sentence) => {
    expect(() => parsePublicKeys(text)).toThrow(sentence);
  });

  test('the fingerprint is that of AWS’s own sample', () => {
    // Given: the answer in the AWS CLI's reference, list-public-keys
    const Value =
      'MIIBCgKCAQEAlSS3cl92HDycr/MTj0moOhas8habjrraXw+KzlWF0axSI2tcF+3iJ9BKQAVSKxGwxwu3m0wG3J+kUl1xboEcEPHYoIYMbgfSw7KGnuDKwkLzsQWhUJ0cIbOHASox1vv/5fNXkrHhGbDCHeVXm804c83nvHUEFYThr1PfyP/8HwrCtR3FX5OANtQCP61C1nJtSSkC8JSQUOrIP4CuwJjc+4WGDk+BGH5m9iuiAKkipEHWmUl8/P7XpfpWQuk4h8g3pXZOrNXr08lbh4d39svj7UqdhvOXoBISp9t/EXYuePGEtBdrKD9Dz+VHwyUPtBQvYr9BnkF88qBnaPNhS44rzwIDAQAB';
    const sample = {
      ...{ Value, Fingerprint: '7f3f401420072e50a65a141430817ab3' },
      ...{ ValidityStartTime: 1453076702.0, ValidityEndTime: 1455668702.0 },
    };
    expect(parsePublicKeys(JSON.stringify({ PublicKeyList: [sample] }))).toMatchObject([
      { fingerprint: sample.Fingerprint, validFrom: Date.parse('2016-01-18T00:25:02Z') },
    ]);
  });
});

describe('keys that are asked for', () => {
  const [one, two] = [key, otherKey].flatMap(each => parsePublicKeys(keysJson(each))) as [
    PublicKey,
    PublicKey,
  ];
  const at = Date.parse('2025-03-11T10:00:00Z');

  test('are listed once per region and day, and once more for one that is new', async () => {
    // Given
    const asked: string[] = [];
    let valid = [one];
    const keys = keptKeys(async (region, from, to) => {
      asked.push([region, new Date(from).toISOString(), new Date(to).toISOString()].join(' '));
      return valid;
    });
    // When
    await keys(one.fingerprint, 'us-east-1', at, at + 3_600_000);
    await keys(one.fingerprint, 'us-east-1', at + 3_600_000, at + 7_200_000);
    valid = [one, two];
    const found = await keys(two.fingerprint, 'us-east-1', at, at + 3_600_000);
    await keys(one.fingerprint, 'eu-west-1', at, at + 3_600_000);
    // Then
    const day = '2025-03-11T00:00:00.000Z 2025-03-12T00:00:00.000Z';
    expect(asked).toEqual([`us-east-1 ${day}`, `us-east-1 ${day}`, `eu-west-1 ${day}`]);
    expect(found).toEqual([one, two]);
  });

  test('after a failure are asked for again', async () => {
    let failed = false;
    const keys = keptKeys(async () => {
      if (failed) return [one];
      failed = true;
      throw new Error('CloudTrail is away');
    });
    await expect(keys(one.fingerprint, 'us-east-1', at, at)).rejects.toThrow('CloudTrail is away');
    expect(await keys(one.fingerprint, 'us-east-1', at, at)).toEqual([one]);
  });
});
