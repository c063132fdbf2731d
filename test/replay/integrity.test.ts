import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readPublished } from '@roletrail/local';
import { zipSync } from 'fflate';
import { keysJson, rewrite, signingKey, Trail } from '../core/digests/chain.ts';
import { callRecord, issuanceRecord } from '../steps/watch-story.ts';
import { inProcess } from './in-process.ts';
import { type Ran, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const key = signingKey();
const keys = join(folder, 'keys.json');
writeFileSync(keys, keysJson(key));

const call = callRecord() as { eventID: string };
const issuance = issuanceRecord() as { eventID: string };
const log = (...records: object[]) => JSON.stringify({ Records: records });

/** Three hours: nothing, the issuance and the call, nothing. The last digest's signature lies beside it. */
function copyOf(name: string, change: (trail: Trail) => void = () => {}): string {
  const trail = new Trail(key)
    .hour('2025-06-02T10:00:00Z', [log()])
    .hour('2025-06-02T11:00:00Z', [log(issuance), log(call)])
    .hour('2025-06-02T12:00:00Z', [log()]);
  const last = trail.digests[2] ?? '';
  const Metadata = trail.objects.get(last)?.metadata;
  change(trail);
  const at = join(folder, name);
  for (const [path, { bytes }] of trail.objects) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), bytes);
  }
  writeFileSync(join(at, `${last}.head`), JSON.stringify({ ContentLength: 1, Metadata }));
  return at;
}

const replay = (copy: string, state: string, ...more: string[]): Promise<Ran> =>
  inProcess(['replay', copy, '--roles', '*', '--state', join(folder, state), ...more]);
const who = async (eventID: string, state: string): Promise<{ evidence: { integrity: object }[] }> =>
  JSON.parse((await inProcess(['who', eventID, '--json', '--state', join(folder, state)])).out);

describe('logs as CloudTrail left them', () => {
  const copy = copyOf('good');

  test('are verified while they are replayed, and each record says so', async () => {
    const ran = await replay(copy, 'good-state', '--digest-keys', keys);
    expect(ran).toMatchObject({
      status: 0,
      out: expect.stringContaining('3 digests checked, 4 log files verified'),
    });
    for (const { eventID } of [call, issuance]) {
      expect((await who(eventID, 'good-state')).evidence).toMatchObject([
        {
          integrity: {
            verdict: 'verified',
            reason: null,
            digest: expect.stringContaining('20250602T110000Z'),
          },
        },
      ]);
    }
    expect(readPublished(join(folder, 'good-state'))).toEqual([]);
  });

  test('are verified where they lie, and in the folder', async () => {
    const there = await inProcess(['verify', '--state', join(folder, 'good-state')]);
    const sentence = '3 of 3 digests signed by CloudTrail, 4 log files verified, no findings\n';
    expect(there).toMatchObject({ status: 0, out: sentence });
    expect(await inProcess(['verify', copy, '--keys', keys])).toMatchObject({ status: 0, out: sentence });
    const words = [
      'verify',
      '--state',
      join(folder, 'good-state'),
      '--from',
      '2025-06-02T11:30:00Z',
      '--to',
      '2025-06-03',
    ];
    expect((await inProcess(words)).out).toContain('1 of 1 digest signed');
  });

  test('are shown again offline, from a bundle with keys from elsewhere', async () => {
    const at = ['--state', join(folder, 'good-state')];
    const told = await inProcess(['who', call.eventID, '--json', ...at]);
    const { session } = (JSON.parse(told.out) as { call: { session: string } }).call;
    const bundle = join(folder, 'case.zip');
    const made = await inProcess(['evidence', session, '--out', bundle, '--with-logs', ...at]);
    expect(made.out).toContain('with 1 digest, 1 public key, 2 log files\n');
    const verified = await inProcess(['evidence', 'verify', bundle, '--keys', keys]);
    expect(verified).toMatchObject({ status: 0, err: '' });
    expect(verified.out).toContain(
      'shown: 2 records byte for byte in 2 log files whose SHA-256 CloudTrail signed\n',
    );
    expect(verified.out).toContain(`signed with the key ${key.fingerprint}, from --keys\n`);
  });

  test('are verified in an archive as in a folder', async () => {
    const archive = join(folder, 'copy.zip');
    const names = readdirSync(copy, { recursive: true, encoding: 'utf8' });
    const files = names.filter(name => statSync(join(copy, name)).isFile());
    writeFileSync(
      archive,
      zipSync(Object.fromEntries(files.map(name => [name, readFileSync(join(copy, name))]))),
    );
    expect(await replay(archive, 'archive-state', '--digest-keys', keys)).toMatchObject({
      status: 0,
      out: expect.stringContaining('3 digests checked, 4 log files verified'),
    });
  });

  test('without keys nothing is said of them', async () => {
    const ran = await replay(copy, 'keyless');
    expect(ran).toMatchObject({ status: 0, out: expect.stringContaining('3 digests not checked') });
    expect((await who(call.eventID, 'keyless')).evidence).toMatchObject([
      { integrity: { verdict: 'not covered' } },
    ]);
  });
});

describe('one flipped byte', () => {
  let changed = '';
  const copy = copyOf('flipped', trail => {
    changed = trail.logs[1]?.[1] ?? '';
    rewrite(trail.objects, changed, text =>
      Buffer.from(text.toString().replace('198.51.100.7', '198.51.100.8')),
    );
  });

  test('shows at the record, in the exit status, and in one alert', async () => {
    const ran = await replay(copy, 'flipped-state', '--digest-keys', keys);
    expect(ran).toMatchObject({ status: 3, out: expect.stringContaining('1 log file not matching it') });
    const [untouched, touched] = [
      await who(issuance.eventID, 'flipped-state'),
      await who(call.eventID, 'flipped-state'),
    ];
    const told = await inProcess(['who', call.eventID, '--state', join(folder, 'flipped-state')]);
    expect(told.out).toContain(`proof ${issuance.eventID} (verified)`);
    expect(told.out).toMatch(/integrity tampered: its SHA-256 is/);
    expect(untouched.evidence).toMatchObject([{ integrity: { verdict: 'verified' } }]);
    expect(touched.evidence).toMatchObject([
      { integrity: { verdict: 'tampered', reason: expect.stringContaining('SHA-256') } },
    ]);
    expect(readPublished(join(folder, 'flipped-state'))).toMatchObject([
      {
        service: 'events',
        event: { 'detail-type': 'Log integrity', detail: { findings: [{ code: 'hash-differs' }] } },
      },
      { service: 'sns', subject: 'roletrail: 1 log integrity findings in account 999999999999' },
    ]);
  });

  test('replayed again, it is not told again', async () => {
    expect(await replay(copy, 'flipped-state', '--digest-keys', keys)).toMatchObject({ status: 3 });
    expect(readPublished(join(folder, 'flipped-state'))).toHaveLength(2);
  });

  test.each([
    ['in the bucket', () => ['--state', join(folder, 'flipped-state')]],
    ['in the folder', () => [copy, '--keys', keys]],
  ])('is named by verify %s', async (_, words) => {
    const ran = await inProcess(['verify', ...words()]);
    expect(ran.status).toBe(3);
    expect(ran.out).toContain(`/${changed}: hash-differs: its SHA-256 is `);
    expect(ran.out).toContain('3 of 3 digests signed by CloudTrail, 3 log files verified, 1 finding');
  });
});

test('a digest that was changed shows, at the next one too; its files are not trusted', async () => {
  // Given: the second hour’s digest no longer names the call
  const copy = copyOf('forged', trail => {
    rewrite(trail.objects, trail.digests[1] ?? '', text => {
      const content = JSON.parse(text.toString());
      content.logFiles.pop();
      return Buffer.from(JSON.stringify(content));
    });
  });
  // When
  const ran = await replay(copy, 'forged-state', '--digest-keys', keys);
  // Then
  expect(ran.status).toBe(3);
  expect(ran.out).toContain('signature-differs');
  expect(ran.out).toContain('previous-differs');
  for (const { eventID } of [call, issuance]) {
    expect((await who(eventID, 'forged-state')).evidence).toMatchObject([
      { integrity: { verdict: 'tampered' } },
    ]);
  }
});

test.each([
  ['no keys', ['verify', '.'], 2, /--keys/],
  ['a file that holds no keys', ['verify', '.', '--keys', 'package.json'], 2, /package\.json.*PublicKeyList/],
  ['no digests', ['verify', 'samples/article/input', '--keys', keys], 1, /no digests in samples/],
  ['an account that is none', ['verify', '--account', '1'], 2, /an account ID of 12 digits/],
  [
    'times in the wrong order',
    ['verify', '--from', '2025-03-12', '--to', '2025-03-11'],
    2,
    /--from is later/,
  ],
])('verify with %s says what is wrong in one sentence', async (_, words, status, sentence) => {
  const ran = await inProcess(words);
  expect(ran).toMatchObject({ status, out: '', err: expect.stringMatching(sentence) });
  expect(ran.err.trim().split('\n')).toHaveLength(1);
});
