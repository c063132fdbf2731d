import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Cloud, type Published, readPublished } from '@roletrail/local';
import { zipSync } from 'fflate';
import { openState } from '../../cli/deployment/local-cloud.ts';
import { keysJson, rewrite, signingKey, Trail } from '../core/digests/chain.ts';
import { callRecord, issuanceRecord, account as known } from '../steps/watch-story.ts';
import { inProcess } from './in-process.ts';
import { type Ran, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const key = signingKey();
const keys = join(folder, 'keys.json');
writeFileSync(keys, keysJson(key));

const log = (...records: object[]) => JSON.stringify({ Records: records });

interface Copy {
  at: string;
  call: string;
  issuance: string;
}

/**
 * Three hours of an account: nothing, the issuance and the call, nothing. The last digest's signature lies beside it. What a replay
 * takes along with others has an account, and records, of its own.
 */
function copyOf(name: string, account: string, change: (trail: Trail) => void = () => {}): Copy {
  const own = (record: object): { eventID: string } =>
    JSON.parse(
      JSON.stringify(record)
        .replaceAll(known, account)
        .replaceAll('EXAMPLEWATCHED', `EXAMPLE${name.toUpperCase()}`)
        .replaceAll('0000-4000-8000-000000000001', `0000-4000-8000-${account}`),
    );
  const [call, issuance] = [own(callRecord()), own(issuanceRecord())];
  const trail = new Trail(key, new Map(), undefined, account)
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
  return { at, call: call.eventID, issuance: issuance.eventID };
}
function archiveOf({ at }: Copy): string {
  const files = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter(name =>
    statSync(join(at, name)).isFile(),
  );
  const archive = `${at}.zip`;
  writeFileSync(
    archive,
    zipSync(Object.fromEntries(files.map(name => [name, readFileSync(join(at, name))]))),
  );
  return archive;
}

const replay = (state: string, ...words: string[]): Promise<Ran> =>
  inProcess(['replay', ...words, '--roles', '*', '--state', state]);

/** A state that is replayed into once, and then asked by way of one cloud: each command would start its own. */
function asked(name: string, replays: (state: string) => Promise<void>) {
  const state = join(folder, name);
  let cloud: Cloud | undefined;
  beforeAll(async () => {
    await replays(state);
    cloud = await openState(state);
  });
  afterAll(() => cloud?.close());
  const ask = (...words: string[]) => inProcess([...words, '--state', state]);
  const evidenceOf = async (eventID: string): Promise<{ integrity: object }[]> =>
    JSON.parse((await ask('who', eventID, '--json')).out).evidence;
  return { state, ask, evidenceOf };
}

describe('logs as CloudTrail left them', () => {
  const good = copyOf('good', '999999999999');
  const archived = copyOf('archived', '888888888888');
  let ran: Ran;
  const { state, ask, evidenceOf } = asked('good-state', async at => {
    ran = await replay(at, good.at, archiveOf(archived), '--digest-keys', keys);
  });

  test('are verified while they are replayed', () => {
    expect(ran).toMatchObject({
      status: 0,
      out: expect.stringContaining('6 digests checked, 8 log files verified'),
    });
    expect(readPublished(state)).toEqual([]);
  });

  test.each([
    ['a folder', good],
    ['an archive', archived],
  ])('are verified in %s, and each record says so', async (_, { call, issuance }) => {
    for (const eventID of [call, issuance]) {
      expect(await evidenceOf(eventID)).toMatchObject([
        {
          integrity: {
            verdict: 'verified',
            reason: null,
            digest: expect.stringContaining('20250602T110000Z'),
          },
        },
      ]);
    }
  });

  test('are verified where they lie, and in the folder', async () => {
    const sentence = '3 of 3 digests signed by CloudTrail, 4 log files verified, no findings\n';
    for (const account of ['999999999999', '888888888888'])
      expect(await ask('verify', '--account', account)).toMatchObject({ status: 0, out: sentence });
    expect(await inProcess(['verify', good.at, '--keys', keys])).toMatchObject({ status: 0, out: sentence });
    expect((await ask('verify')).out).toBe(
      '6 of 6 digests signed by CloudTrail, 8 log files verified, no findings\n',
    );
    const { out } = await ask('verify', '--from', '2025-06-02T11:30:00Z', '--to', '2025-06-03');
    expect(out).toContain('2 of 2 digests signed');
  });

  test('are shown again offline, from a bundle with keys from elsewhere', async () => {
    const told = await ask('who', good.call, '--json');
    const { session } = (JSON.parse(told.out) as { call: { session: string } }).call;
    const bundle = join(folder, 'case.zip');
    const made = await ask('evidence', session, '--out', bundle, '--with-logs');
    expect(made.out).toContain('with 1 digest, 1 public key, 2 log files\n');
    const verified = await inProcess(['evidence', 'verify', bundle, '--keys', keys]);
    expect(verified).toMatchObject({ status: 0, err: '' });
    expect(verified.out).toContain(
      'shown: 2 records byte for byte in 2 log files whose SHA-256 CloudTrail signed\n',
    );
    expect(verified.out).toContain(`signed with the key ${key.fingerprint}, from --keys\n`);
  });
});

describe('logs that were changed, beside others without keys', () => {
  let changed = '';
  const flipped = copyOf('flipped', '999999999999', trail => {
    changed = trail.logs[1]?.[1] ?? '';
    rewrite(trail.objects, changed, text =>
      Buffer.from(text.toString().replace('198.51.100.7', '198.51.100.8')),
    );
  });
  // The second hour’s digest no longer names the call.
  const forged = copyOf('forged', '888888888888', trail => {
    rewrite(trail.objects, trail.digests[1] ?? '', text => {
      const content = JSON.parse(text.toString());
      content.logFiles.pop();
      return Buffer.from(JSON.stringify(content));
    });
  });
  const unchecked = copyOf('unchecked', '777777777777');
  let [keyless, ran, again] = [{}, {}, {}] as [Ran, Ran, Ran];
  let [published, publishedAgain]: [Published[], Published[]] = [[], []];

  const { ask, evidenceOf } = asked('changed-state', async at => {
    keyless = await replay(at, unchecked.at);
    ran = await replay(at, flipped.at, forged.at, '--digest-keys', keys);
    published = readPublished(at);
    again = await replay(at, flipped.at, '--digest-keys', keys);
    publishedAgain = readPublished(at);
  });

  test('a flipped byte shows at the record, in the exit status, and in one alert', async () => {
    expect(ran).toMatchObject({ status: 3, out: expect.stringContaining('1 log file not matching it') });
    const { out } = await ask('who', flipped.call);
    expect(out).toContain(`proof ${flipped.issuance} (verified)`);
    expect(out).toMatch(/integrity tampered: its SHA-256 is/);
    expect(await evidenceOf(flipped.issuance)).toMatchObject([{ integrity: { verdict: 'verified' } }]);
    expect(await evidenceOf(flipped.call)).toMatchObject([
      { integrity: { verdict: 'tampered', reason: expect.stringContaining('SHA-256') } },
    ]);
    expect(published.filter(each => JSON.stringify(each).includes('AWSLogs/999999999999/'))).toMatchObject([
      {
        service: 'events',
        event: { 'detail-type': 'Log integrity', detail: { findings: [{ code: 'hash-differs' }] } },
      },
      { service: 'sns', subject: 'roletrail: 1 log integrity findings in account 999999999999' },
    ]);
  });

  test('replayed again, it is not told again', () => {
    expect(again).toMatchObject({ status: 3, out: expect.not.stringContaining('signature-differs') });
    expect(publishedAgain).toEqual(published);
  });

  test.each([
    ['in the bucket', () => ask('verify', '--account', '999999999999')],
    ['in the folder', () => inProcess(['verify', flipped.at, '--keys', keys])],
  ])('is named by verify %s', async (_, verify) => {
    const { status, out } = await verify();
    expect(status).toBe(3);
    expect(out).toContain(`/${changed}: hash-differs: its SHA-256 is `);
    expect(out).toContain('3 of 3 digests signed by CloudTrail, 3 log files verified, 1 finding');
  });

  test('a digest that was changed shows, at the next one too; its files are not trusted', async () => {
    expect(ran.status).toBe(3);
    expect(ran.out).toContain('signature-differs');
    expect(ran.out).toContain('previous-differs');
    for (const eventID of [forged.call, forged.issuance])
      expect(await evidenceOf(eventID)).toMatchObject([{ integrity: { verdict: 'tampered' } }]);
  });

  test('without keys nothing is said of them', async () => {
    expect(keyless).toMatchObject({ status: 0, out: expect.stringContaining('3 digests not checked') });
    expect(await evidenceOf(unchecked.call)).toMatchObject([{ integrity: { verdict: 'not covered' } }]);
  });
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
