import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { account, keysJson, region, signingKey, Trail } from '../core/digests/chain.ts';
import { gzipBomb } from '../core/digests/gzip-bomb.ts';
import { inProcess } from './in-process.ts';
import { temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const key = signingKey();
const keys = join(folder, 'keys.json');
writeFileSync(keys, keysJson(key));
let copies = 0;

/** A copy of three hours, as `aws s3 sync` leaves it, with the last digest's metadata beside it. */
function copyOf(change: (trail: Trail) => void = () => {}): string {
  const trail = new Trail(key)
    .hour('2025-06-02T10:00:00Z')
    .hour('2025-06-02T11:00:00Z')
    .hour('2025-06-02T12:00:00Z');
  const last = trail.digests[2] ?? '';
  const Metadata = trail.objects.get(last)?.metadata;
  change(trail);
  copies += 1;
  const at = join(folder, String(copies));
  for (const [path, { bytes }] of trail.objects) write(at, path, bytes);
  write(at, `${last}.head`, Buffer.from(JSON.stringify({ Metadata })));
  return at;
}
function write(at: string, path: string, bytes: Buffer): string {
  mkdirSync(dirname(join(at, path)), { recursive: true });
  writeFileSync(join(at, path), bytes);
  return join(at, path);
}
const logAt = (time: string, name = `${account}_CloudTrail_${region}_${time}_PLANTED`) =>
  `AWSLogs/${account}/CloudTrail/${region}/2025/06/02/${name}.json.gz`;
const empty = { bytes: gzipSync('{"Records":[]}'), metadata: {} };
const verify = (copy: string, ...more: string[]) => inProcess(['verify', copy, '--keys', keys, ...more]);

test('a copy as CloudTrail left it', async () => {
  expect(await verify(copyOf())).toMatchObject({
    status: 0,
    out: '3 of 3 digests signed by CloudTrail, 3 log files verified, no findings\n',
  });
});

test.each([
  ['planted among the hours', '20250602T0930Z', 3, 'unnamed'],
  ['more than two hours younger than the newest digest', '20250602T1430Z', 3, 'cut-end'],
  ['younger, but not by two hours', '20250602T1330Z', 0, 'pending'],
])('a log file %s is told by name', async (_, time, status, code) => {
  const copy = copyOf(trail => trail.objects.set(logAt(time), empty));
  for (const more of [[], ['--from', '2025-06-02T09:00:00Z'], ['--region', region, '--account', account]]) {
    const ran = await verify(copy, ...more);
    expect(ran.status).toBe(status);
    expect(ran.out).toContain(`${logAt(time)}: ${code}: `);
  }
  expect((await verify(copy, '--region', region, '--to', '2025-06-02T09:20:00Z')).out).not.toContain(
    'PLANTED',
  );
  const asJson = await verify(copy, '--json');
  expect([asJson.status, JSON.parse(asJson.out)]).toEqual([status, expect.any(Array)]);
  expect(asJson.err).toContain(code);
});

test('the last digests cut off show by the log files they named', async () => {
  const copy = copyOf(trail => {
    for (const gone of trail.digests.slice(1)) trail.objects.delete(gone);
    trail.objects.set(logAt('20250602T1201Z'), empty);
    trail.objects.delete(trail.digests[0] ?? '');
  });
  const first = await verify(copy);
  expect(first).toMatchObject({ status: 1, err: expect.stringContaining('no digests in') });
  const cut = copyOf(trail => {
    trail.objects.delete(trail.digests[2] ?? '');
    trail.objects.set(logAt('20250602T1301Z'), empty);
  });
  expect(await verify(cut)).toMatchObject({ status: 3, out: expect.stringContaining('cut-end') });
});

test('bytes after the first gzip member of a log file are a difference', async () => {
  const copy = copyOf(trail => {
    const name = trail.logs[1]?.[0] ?? '';
    const stored = trail.objects.get(name);
    if (stored) trail.objects.set(name, { ...stored, bytes: Buffer.concat([stored.bytes, empty.bytes]) });
  });
  expect(await verify(copy)).toMatchObject({
    status: 3,
    out: expect.stringContaining('hash-differs: bytes follow its first gzip member'),
  });
});

test('without any signature that is known nothing is called whole', async () => {
  const copy = copyOf(trail => {
    const [one] = trail.digests;
    for (const gone of trail.digests.slice(1)) trail.objects.delete(gone);
    if (!one) throw new Error('no digest');
  });
  // The first digest's signature stands in the second, which is gone.
  expect(await verify(copy)).toMatchObject({ status: 3, err: expect.stringContaining('can be checked') });
});

describe('what would fool or fill the machine ends in one sentence', () => {
  test('a symbolic link, to a file or to a folder above', async () => {
    for (const to of ['/etc/passwd', '..']) {
      const copy = copyOf();
      symlinkSync(to, join(copy, 'AWSLogs', 'linked.json.gz'));
      const ran = await verify(copy);
      expect(ran).toMatchObject({ status: 2, out: '', err: expect.stringContaining('is a symbolic link') });
      expect(ran.err.trim().split('\n')).toHaveLength(1);
    }
  });

  test('a digest of eight gigabytes, one that is a bomb, a log file that is one', async () => {
    const before = process.memoryUsage().rss;
    let digest = '';
    const copy = copyOf(trail => {
      digest = trail.digests[1] ?? '';
    });
    truncateSync(join(copy, digest), 8_000_000_000);
    expect(await verify(copy)).toMatchObject({ status: 3, out: expect.stringContaining('unreadable') });
    const bomb = { bytes: gzipBomb(300), metadata: {} };
    const bombs = copyOf(trail => {
      const at = trail.objects.get(trail.digests[1] ?? '');
      trail.objects.set(trail.digests[1] ?? '', { ...bomb, metadata: at?.metadata ?? {} });
      trail.objects.set(trail.logs[2]?.[0] ?? '', bomb);
    });
    const ran = await verify(bombs);
    expect(ran.status).toBe(3);
    expect(ran.out).toMatch(/unreadable.*more than 33554432 bytes/);
    expect(ran.out).toMatch(/hash-differs.*more than 268435456 bytes/);
    expect(process.memoryUsage().rss - before).toBeLessThan(1_000_000_000);
  });

  test('names with control characters are shown, not obeyed', async () => {
    const name = logAt('20250602T0930Z', 'x\u001b[2J\u202ey');
    const ran = await verify(copyOf(trail => trail.objects.set(name, empty)));
    expect(ran.status).toBe(3);
    expect(ran.out).toContain('x\\u{1b}[2J\\u{202e}y');
    expect(['\u001b', '\u202e'].filter(each => ran.out.includes(each))).toEqual([]);
  });

  test('a bundle that is not a file, and one that is larger than any', async () => {
    const large = write(folder, 'large.zip', Buffer.from('PK'));
    truncateSync(large, 3_000_000_000);
    for (const path of [folder, '/dev/zero', large]) {
      const ran = await inProcess(['evidence', 'verify', path]);
      expect(ran).toMatchObject({
        status: 2,
        out: '',
        err: expect.stringContaining('is not an evidence bundle'),
      });
      expect(ran.err.trim().split('\n')).toHaveLength(1);
    }
  });
});
