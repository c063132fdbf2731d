import { strFromU8, unzipSync, zipSync } from 'fflate';
import { bundleOf, jsonBytes } from '../../../cli/evidence/bundle.ts';
import { storedEntries, storedZip } from '../../../cli/evidence/stored-zip.ts';
import { contentOf, rebuildProblems, unpacked } from '../../../cli/evidence/unpack.ts';
import { verifyBundle } from '../../../cli/evidence/verify.ts';
import { sha256 } from '../../../core/hash.ts';
import { keysJson, signingKey } from '../../core/digests/chain.ts';
import { gzipBomb } from '../../core/digests/gzip-bomb.ts';
import { bucketOf, call, evidence, forged, hour, issuance, keys, source, text, zipOf } from './story.ts';

/** Whatever was found: sentences, what is not shown, or that it is not a bundle. Empty: the bundle passes for whole. */
async function found(bytes: Uint8Array): Promise<string[]> {
  try {
    const { problems, unchecked } = await verifyBundle(bytes, 'x.zip', keys);
    return [...problems, ...unchecked];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** What building it again finds: a part of what `verifyBundle` does, without RSA, for a hundred thousand changes. */
function foundByRebuilding(bytes: Uint8Array): boolean {
  try {
    const bundle = unpacked(bytes, 'x.zip');
    return rebuildProblems(contentOf(bundle), bundle.files, bytes).length > 0;
  } catch {
    return true;
  }
}

const passes = async (bytes: Uint8Array) => !foundByRebuilding(bytes) && (await found(bytes)).length === 0;

/** Every bit and every length where the run is a full one; else one in so many, which ones changes from day to day. */
const stride = process.env.ROLETRAIL_HOSTILE === 'full' ? 1 : 29;
const first = Math.floor(Date.now() / 86_400_000) % stride;

describe('no change of a bundle passes', () => {
  test(`no single flipped bit (from bit ${first}, each ${stride}th)`, async () => {
    const bundle = Buffer.from(bundleOf(await evidence()));
    expect(await found(bundle)).toEqual([]);
    const unseen: number[] = [];
    for (let bit = first; bit < bundle.length * 8; bit += stride) {
      const flip = () => {
        bundle[bit >> 3] = (bundle[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      };
      flip();
      if (await passes(bundle)) unseen.push(bit);
      flip();
    }
    expect(unseen).toEqual([]);
    expect(await found(bundle)).toEqual([]);
  });

  test('no truncation', async () => {
    const bundle = bundleOf(await evidence());
    for (let length = first; length < bundle.length; length += stride)
      if (await passes(bundle.subarray(0, length))) throw new Error(`${length} bytes pass`);
  });

  test('no two files exchanged, repeated or left out, in place or in name', async () => {
    const entries = storedEntries(bundleOf(await evidence())) ?? [];
    const zip = (files: typeof entries) => Buffer.concat(storedZip(files));
    expect(await found(zip(entries))).toEqual([]);
    for (const [one, first] of entries.entries()) {
      expect(await passes(zip(entries.toSpliced(one, 1)))).toBe(false);
      expect(await passes(zip([...entries, first]))).toBe(false);
      expect(await passes(zip(entries.toSpliced(one, 0, first)))).toBe(false);
      for (const [other, second] of entries.entries()) {
        if (other <= one) continue;
        expect(await passes(zip(entries.with(one, second).with(other, first)))).toBe(false);
        const names = entries
          .with(one, { ...first, path: second.path })
          .with(other, { ...second, path: first.path });
        expect(await passes(zip(names))).toBe(false);
      }
    }
  });

  test.each<[string, (bundle: Buffer) => Uint8Array]>([
    ['bytes before it', bundle => Buffer.concat([Buffer.from('#!/bin/sh\n'), bundle])],
    ['bytes after it', bundle => Buffer.concat([bundle, Buffer.from('\n')])],
    ['another bundle after it', bundle => Buffer.concat([bundle, bundle])],
    ['a comment', bundle => Buffer.concat([bundle.subarray(0, -2), Buffer.from([1, 0]), Buffer.from('x')])],
    [
      // The upper half of the external attributes is the mode: 0o120777.
      'a file that is a symbolic link',
      bundle => {
        const at = bundle.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
        const linked = Buffer.from(bundle);
        linked.writeUInt8(3, at + 5);
        linked.writeUInt32LE(0o120777 * 65_536, at + 38);
        return linked;
      },
    ],
    [
      'a file more in the list at the end alone',
      bundle => {
        const at = bundle.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
        const next = bundle.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), at + 4);
        return Buffer.concat([bundle.subarray(0, next), bundle.subarray(at, next), bundle.subarray(next)]);
      },
    ],
    ['files packed anew', bundle => zipSync(unzipSync(bundle))],
    ['files stored by another program', bundle => zipSync(unzipSync(bundle), { level: 0 })],
    ['a hidden file', bundle => zipOf({ ...unzipSync(bundle), '.hidden': Buffer.from('x') })],
    ['a folder', bundle => zipOf({ ...unzipSync(bundle), 'logs/': new Uint8Array() })],
    ['a way out', bundle => zipOf({ ...unzipSync(bundle), '../x': Buffer.from('x') })],
  ])('%s', async (_, change) => {
    const bundle = Buffer.from(bundleOf(await evidence()));
    expect(await found(change(bundle))).not.toEqual([]);
  });

  test.each<[string, string, (all: string) => string]>([
    ['a field beside the answer', 'report.json', all => all.replace('{', '{"note": "trust me",')],
    ['a field in the answer', 'report.json', all => all.replace('"answer": {', '"answer": {"note": "x",')],
    ['a field in a verdict', 'report.json', all => all.replace('"verdict"', '"note": "x", "verdict"')],
    ['a key that stands twice', 'report.json', all => all.replace('"calls"', '"calls": [], "calls"')],
    ['blanks', 'report.json', all => `${all} `],
    ['another order of fields', 'report.json', all => JSON.stringify(JSON.parse(all))],
    ['a field beside a record', 'records.ndjson', all => all.replace('{', '{"note":"x",')],
    ['a record twice', 'records.ndjson', all => all + all],
    [
      'the records in another order',
      'records.ndjson',
      all => `${all.trim().split('\n').reverse().join('\n')}\n`,
    ],
    ['a field beside a digest', 'proofs.json', all => all.replace('"uri"', '"note": "x", "uri"')],
    [
      'a signature in other letters',
      'proofs.json',
      all =>
        all.replace(/"signature": "[^"]+"/, found => found.toUpperCase().replace('SIGNATURE', 'signature')),
    ],
    ['a key more', 'keys.json', all => all.replace(/(\{[^{}]+\})/, '$1, $1')],
    [
      'a key that signed nothing',
      'keys.json',
      all =>
        all.replace(
          /\]\s*\}\s*$/,
          `, ${JSON.stringify(JSON.parse(keysJson(signingKey())).PublicKeyList[0])}]}`,
        ),
    ],
    ['when it was used', 'report.json', all => all.replace('"used": true', '"used": false')],
    ['when it began', 'report.json', all => all.replace(/"began": "20/, '"began": "19')],
  ])('%s, though the sums were mended', async (_, file, change) => {
    const bundle = bundleOf(await evidence());
    const changed = forged(bundle, { [file]: text(change) });
    expect(Buffer.compare(changed, Buffer.from(bundle))).not.toBe(0);
    expect(await found(changed)).not.toEqual([]);
  });
});

/** Another user's call, signed by CloudTrail like any other: its wrapper made it the session's. */
describe('the wrapper says what the record says', () => {
  const stranger = {
    ...call,
    eventID: 'stranger',
    eventName: 'DeleteBucket',
    userIdentity: { ...call.userIdentity, accessKeyId: 'ASIAEXAMPLE000000009' },
  };
  const withStranger = hour(issuance, call, stranger);
  const wrap = (change: (wrapper: Record<string, string>) => object) =>
    text(all =>
      all.replace(/^.*"call-1".*$/m, line =>
        JSON.stringify(change(JSON.parse(line) as Record<string, string>)),
      ),
    );

  test('a stranger’s signed call under the id of one of the session’s', async () => {
    const bundle = bundleOf(await evidence({}, { from: bucketOf(withStranger) }));
    const record = JSON.stringify(stranger);
    const changed = forged(bundle, {
      'records.ndjson': wrap(each => ({ ...each, record, digest: sha256(record) })),
    });
    expect(await found(changed)).toContain('the record listed as call-1 has the event ID stranger');
  });

  test.each([
    ['account', { recipientAccountId: '111111111111' }],
    ['voucher', { provenance: 'partner' }],
    ['voucher of no kind', { provenance: 'trails' }],
    ['log file', { source: `${source}x` }],
  ])('a record under another %s', async (_, other) => {
    const bundle = bundleOf(await evidence());
    expect(
      await found(forged(bundle, { 'records.ndjson': wrap(each => ({ ...each, ...other })) })),
    ).not.toEqual([]);
  });
});

describe('with the log files in it, a bundle shows that no call was left out', () => {
  const second = { ...call, eventID: 'call-2', eventTime: '2025-03-11T09:00:07Z' };
  const both = hour(issuance, call, second);

  test('all are there: it says for which log files and hours', async () => {
    const whole = await evidence({}, { from: bucketOf(both), records: [call, second, issuance] });
    const { complete, problems } = await verifyBundle(bundleOf(whole), 'x.zip', keys);
    expect(problems).toEqual([]);
    expect(complete).toEqual({
      files: 1,
      calls: 2,
      unread: 0,
      hours: [
        {
          account: '999999999999',
          region: 'us-east-1',
          from: '2025-03-11T09:00:00Z',
          to: '2025-03-11T10:00:00Z',
          backfill: false,
          looked: 1,
          delivered: 1,
        },
      ],
    });
  });

  test('one is left out: it is named', async () => {
    const less = await evidence({}, { from: bucketOf(both) });
    expect(await found(bundleOf(less))).toEqual([
      `the call call-2 belongs to this session and is in ${source}, but was left out`,
    ]);
  });

  test('without log files nothing is said', async () => {
    const less = await evidence({}, { from: bucketOf(both), withLogs: false });
    expect(await verifyBundle(bundleOf(less), 'x.zip', keys)).toMatchObject({ problems: [], complete: null });
  });
});

describe('a bundle that would fill memory ends in one sentence', () => {
  const bomb = gzipBomb(300);
  test.each([
    'logs/1-999999999999_CloudTrail_us-east-1_20250311T0905Z_6a63247b97190c1f.json.gz',
    'digests/1-999999999999_CloudTrail-Digest_us-east-1_management_events_us-east-1_20250311T100000Z.json.gz',
  ])('a bomb as %s', async path => {
    const before = process.memoryUsage().rss;
    const all = await found(forged(bundleOf(await evidence()), { [path]: () => bomb }));
    expect(all.length).toBeGreaterThan(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  test('millions of files, or of lines, that are nothing', async () => {
    const nothing = { path: 'a', bytes: new Uint8Array() };
    const manifest = unzipSync(bundleOf(await evidence()))['manifest.json'] ?? new Uint8Array();
    const files = [
      { path: 'manifest.json', bytes: manifest },
      ...Array.from({ length: 40_000 }, () => nothing),
    ];
    const zip = storedZip(files);
    const twice = Buffer.concat([...zip.slice(0, files.length * 3), ...zip]);
    await expect(verifyBundle(twice, 'x.zip')).rejects.toThrow('x.zip is not the zip file of a bundle');
    const lines = () => Buffer.from('{"record":"x"}\n'.repeat(1_000_000));
    expect(await found(forged(bundleOf(await evidence()), { 'records.ndjson': lines }))).toEqual([
      expect.stringContaining('records.ndjson has a line that is not a record'),
    ]);
  });

  test('one file named as two', async () => {
    const twice = forged(bundleOf(await evidence()), {
      'proofs.json': text(all =>
        all.replace(
          'logs/1-999999999999_CloudTrail_us-east-1_20250311T0905Z_6a63247b97190c1f.json.gz',
          'digests/1-999999999999_CloudTrail-Digest_us-east-1_management_events_us-east-1_20250311T100000Z.json.gz',
        ),
      ),
    });
    expect(await found(twice)).toEqual([expect.stringContaining('proofs.json names a file twice')]);
  });

  test('a packed manifest that is a bomb, and one that is nested without end', async () => {
    const endless = Buffer.alloc(10_000_000, ' ');
    await expect(verifyBundle(zipSync({ 'manifest.json': endless }), 'x.zip')).rejects.toThrow(
      'x.zip is not the zip file of a bundle',
    );
    const nested = Buffer.from('['.repeat(1_000_000));
    await expect(verifyBundle(zipOf({ 'manifest.json': nested }), 'x.zip')).rejects.toThrow(
      'x.zip is not an evidence bundle',
    );
    const deep = forged(bundleOf(await evidence()), {
      'report.json': text(all =>
        all.replace('"calls"', `"deep": ${'['.repeat(1e5)}${']'.repeat(1e5)}, "calls"`),
      ),
    });
    expect((await found(deep)).length).toBeGreaterThan(0);
  });
});

test('any program reads a bundle, and finds its files stored', async () => {
  const bundle = bundleOf(await evidence());
  const files = unzipSync(bundle);
  expect(Object.keys(files)).toEqual([
    ...['manifest.json', 'records.ndjson', 'report.html', 'report.json', 'proofs.json', 'keys.json'],
    ...[
      'digests/1-999999999999_CloudTrail-Digest_us-east-1_management_events_us-east-1_20250311T100000Z.json.gz',
      'logs/1-999999999999_CloudTrail_us-east-1_20250311T0905Z_6a63247b97190c1f.json.gz',
    ],
  ]);
  const manifest = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())) as unknown;
  expect(Buffer.from(jsonBytes(manifest)).equals(Buffer.from(files['manifest.json'] ?? []))).toBe(true);
});
