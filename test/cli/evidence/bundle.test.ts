import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { bundleOf } from '../../../cli/evidence/bundle.ts';
import type { Report } from '../../../cli/evidence/format.ts';
import { reportPage } from '../../../cli/evidence/report.ts';
import { verifyBundle } from '../../../cli/evidence/verify.ts';
import { provenLines } from '../../../cli/views/terminal/proven.ts';
import { parsePublicKeys } from '../../../core/digests/public-keys.ts';
import { sha256 } from '../../../core/hash.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { bucket, keysJson, signingKey, Trail } from '../../core/digests/chain.ts';
import { answer, delivered, hop } from '../fixtures.ts';
import {
  base,
  bucketOf,
  type Change,
  call,
  digest,
  evidence,
  forged,
  hour,
  issuance,
  keys,
  signing,
  source,
  text,
  trail,
  zipOf,
} from './story.ts';

const packed = (by: (text: string) => string) => (bytes: Uint8Array) =>
  gzipSync(by(gunzipSync(Buffer.from(bytes)).toString()));
const problemsOf = async (bytes: Uint8Array, given: typeof keys | null = null) =>
  (await verifyBundle(bytes, 'x.zip', given)).problems;
const pageDiffers = 'report.html has changed since it was written';

describe('an evidence bundle', () => {
  test('is whole as written, with the same bytes each time', async () => {
    const bytes = bundleOf(await evidence());
    expect(await verifyBundle(bytes, 'x.zip')).toMatchObject({
      records: 2,
      files: 7,
      problems: [],
      unchecked: [],
    });
    expect(Buffer.from(bundleOf(await evidence())).equals(Buffer.from(bytes))).toBe(true);
  });

  test('holds the records as delivered and a report that no log can write in', async () => {
    const told = { verdict: 'tampered' as const, reason: 'it was <b>replaced</b>' };
    const files = unzipSync(bundleOf(await evidence(told)));
    const read = (path: string) => strFromU8(files[path] ?? new Uint8Array());
    const [, first = ''] = read('records.ndjson').split('\n');
    expect((JSON.parse(first) as { record: string }).record).toBe(JSON.stringify(issuance));
    expect(read('report.html')).toContain('jo');
    expect(read('report.html')).not.toContain('<script');
    expect(read('report.html')).toContain('<b>tampered</b>');
    expect(read('report.html')).toContain('it was &lt;b&gt;replaced&lt;/b&gt;');
    expect(JSON.parse(read('report.json'))).toMatchObject({
      integrity: [{ source, verdict: 'tampered', digest }],
      calls: ['call-1'],
    });
  });

  test('says what a session is, what each hop cites, and that a record which names its caller is not an open chain', () => {
    const report = { calls: [], integrity: [] };
    const several = {
      ...hop('CrossAccountTest', ['issue-1', 'issue-2'], '2025-03-11T09:00:00Z'),
      grants: ['token-1'],
      issuance: 'ambiguous' as const,
    };
    const page = (of: SessionAnswer) =>
      reportPage({ ...report, answer: of } as unknown as Report, []).toString();
    const agents = page(answer({ kind: 'agent', chain: [several] }));
    expect(agents).toContain('<dt>Kind</dt><dd>AI agent acting for them</dd>');
    expect(agents).toContain('Signed in, or got a token: <code>token-1</code>');
    expect(agents).toContain('which of them is not known');
    const named = page(delivered);
    expect(named).toContain('<b>Named by the record:</b> made by the product provider');
    expect(named).toContain('<dt>Status</dt><dd>delivered</dd>');
    expect(named).toContain('<dt>Kind</dt><dd>product provider with delegated access</dd>');
    expect(named).toContain(
      '<dt>Access approved</dt><dd>by CrossAccountTest/test (role session, account 999999999999)</dd>',
    );
    const run = page(answer({ ci: { system: 'gitlab', repository: 'acme/web', branch: 'main' } }));
    expect(run).toContain('<dt>Run</dt><dd>GitLab CI, repository acme/web, branch main</dd>');
    expect(named).not.toContain('Open:');
  });

  test('the page says what calls touched, which were refused and why, and with which clients, each request once', () => {
    const record = (eventID: string, more: object) => {
      const text = JSON.stringify({
        eventID,
        eventTime: '2025-03-11T09:00:00Z',
        recipientAccountId: '999999999999',
        ...more,
      });
      return {
        eventID,
        recipientAccountId: '999999999999',
        provenance: 'trail',
        source: 's3://b/k',
        digest: 'd',
        record: text,
      };
    };
    const put = {
      eventSource: 's3.amazonaws.com',
      eventName: 'PutObject',
      readOnly: false,
      userAgent: 'aws-cli/2.15.0',
    };
    const records = [
      record('call-1', { ...put, requestParameters: { bucketName: 'b', key: '<k>' }, sharedEventID: 's-1' }),
      record('call-2', { ...put, recipientAccountId: '111111111111', sharedEventID: 's-1' }),
      record('call-3', {
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateUser',
        errorCode: 'AccessDenied',
        errorMessage:
          'User: u is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::999999999999:user/eve with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o/service_control_policy/p-1',
      }),
      record('issue-1', {
        requestParameters: {
          durationSeconds: 900,
          policyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
        },
      }),
    ];
    const report = { answer: answer(), calls: ['call-1', 'call-2', 'call-3'], integrity: [] };
    const page = reportPage(report as unknown as Report, records).toString();
    expect(page).toContain('<b>b/&lt;k&gt;</b>');
    expect(page).toContain('1 write');
    expect(page).toContain(
      'explicit deny in a service control policy arn:aws:organizations::1:policy/o/service_control_policy/p-1',
    );
    expect(page).toContain('<td>eve</td>');
    expect(page).toContain('AWS CLI 2.15.0');
    expect(page).toContain('2 calls, each request once.');
    expect(page).toContain('<code>call-1</code>, also call-2');
    expect(page).toContain('With the session policy arn:aws:iam::aws:policy/ReadOnlyAccess');
    expect(page).not.toMatch(/<script|src=|https?:\/\//);
  });

  test('a style sheet that is not its own is not applied', () => {
    const page = reportPage(
      { answer: answer(), calls: [], integrity: [] } as unknown as Report,
      [],
    ).toString();
    const [, css = ''] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    const hash = createHash('sha256').update(css).digest('base64');
    expect(page.replaceAll('&#39;', "'")).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'"`,
    );
  });

  test('that was changed after it was written is told, file by file', async () => {
    const files = unzipSync(bundleOf(await evidence()));
    const changed = zipOf({ ...files, 'report.html': strToU8('x'), 'more.txt': strToU8('y') });
    expect(await problemsOf(changed)).toEqual([pageDiffers, 'more.txt does not belong in a bundle']);
    const { 'report.html': _, ...fewer } = files;
    expect(await problemsOf(zipOf(fewer))).toEqual(['report.html is missing']);
  });

  test('whose manifest was mended too is told by the records', async () => {
    const bundle = bundleOf(await evidence());
    const problems = (path: string, from: string, to: string) =>
      problemsOf(forged(bundle, { [path]: text(all => all.replaceAll(from, to)) }));
    expect(await problems('records.ndjson', 'ListBuckets', 'PutObject')).toContain(
      'the record call-1 does not match its SHA-256',
    );
    expect(await problems('report.json', 'user/jo', 'user/al')).toEqual([
      'the records lead to another chain',
      'the records lead to another origin',
    ]);
    expect(await problems('report.json', '"call-1"', '"call-2"')).toContain(
      'the record call-2 is cited, but missing',
    );
    expect(await problems('report.html', 'jo', 'al')).toContain(pageDiffers);
    expect(await problems('report.json', '"chain"', '"chains"')).toEqual([
      expect.stringContaining('does not have the expected shape'),
    ]);
  });

  test('is told from other files in one sentence', async () => {
    const file = readFileSync(join(import.meta.dirname, 'bundle.test.ts'));
    await expect(verifyBundle(file, 'x.zip')).rejects.toThrow('x.zip is not the zip file of a bundle');
    await expect(verifyBundle(zipOf({ a: strToU8('b') }), 'x.zip')).rejects.toThrow(
      'x.zip is not an evidence bundle',
    );
    // Bundles up to the second format were packed.
    const manifest = strToU8('{"format":"roletrail-evidence-2","version":"0.1.0","session":"s","files":[]}');
    await expect(verifyBundle(zipSync({ 'manifest.json': manifest, a: manifest }), 'x.zip')).rejects.toThrow(
      'another format: roletrail-evidence-2, not roletrail-evidence-4',
    );
    const next = zipOf({ 'manifest.json': strToU8(strFromU8(manifest).replace('-2', '-5')) });
    await expect(verifyBundle(next, 'x.zip')).rejects.toThrow('another format: roletrail-evidence-5');
  });

  test('written by another version leaves its page to the reader', async () => {
    const bundle = forged(bundleOf(await evidence()), {
      'report.html': text(all => `${all} `),
      'manifest.json': text(all => all.replace(/"version": "[^"]+"/, '"version": "0.0.1"')),
    });
    const { problems, unchecked } = await verifyBundle(bundle, 'x.zip');
    expect([problems, unchecked]).toEqual([
      [],
      ['whether report.html, written by version 0.0.1, says what report.json says'],
    ]);
  });
});

describe('the verdict on a log file is derived anew', () => {
  const linesOf = async (bytes: Uint8Array, given: typeof keys | null = null) =>
    provenLines((await verifyBundle(bytes, 'x.zip', given)).sources, given !== null);
  const log = 'logs/1-999999999999_CloudTrail_us-east-1_20250311T0905Z_6a63247b97190c1f.json.gz';
  const signed =
    'digests/1-999999999999_CloudTrail-Digest_us-east-1_management_events_us-east-1_20250311T100000Z.json.gz';

  test('with the log file: CloudTrail signed its hash, and the records stand in it', async () => {
    const bundle = bundleOf(await evidence());
    expect(await linesOf(bundle)).toEqual([
      'shown: 2 records byte for byte in 1 log file whose SHA-256 CloudTrail signed',
      expect.stringContaining(`the key ${signing.fingerprint}, which comes from the bundle itself`),
    ]);
    expect((await linesOf(bundle, keys)).at(-1)).toBe(
      `signed with the key ${signing.fingerprint}, from --keys`,
    );
  });

  test('without it: only that CloudTrail signed its name and hash', async () => {
    const bundle = bundleOf(await evidence({}, { withLogs: false }));
    expect(await problemsOf(bundle)).toEqual([]);
    expect(await linesOf(bundle)).toEqual([
      'shown: CloudTrail signed the names and SHA-256 of 1 log file',
      expect.stringContaining('taken from the report: that 2 records stood in them'),
      expect.stringContaining('signed with the key'),
    ]);
  });

  test.each<[string, Change, string]>([
    [
      'the log file',
      { [log]: packed(all => all.replace('198.51', '198.52')) },
      'does not match the digest that CloudTrail signed',
    ],
    [
      'the log file, cut',
      { [log]: bytes => bytes.slice(0, -9) },
      'does not match the digest that CloudTrail signed',
    ],
    [
      'the digest',
      { [signed]: packed(all => all.replace('newestEventTime', 'newestEventTimes')) },
      'its signature is not CloudTrail’s',
    ],
    [
      'the signature',
      { 'proofs.json': text(all => all.replace(/"signature": "./, '"signature": "z')) },
      'its signature is not CloudTrail’s',
    ],
    [
      'the digest’s name',
      {
        'proofs.json': text(all => all.replaceAll(/(s3:\S*)T100000Z/g, '$1T110000Z')),
        'report.json': text(all => all.replaceAll(/(s3:\S*)T100000Z/g, '$1T110000Z')),
      },
      'it says it is s3://',
    ],
    ['the keys', { 'keys.json': text(() => '{"PublicKeyList":[]}') }, 'CloudTrail has no public key'],
    [
      'the key’s validity',
      { 'keys.json': text(all => all.replaceAll(/"20\d\d-/g, '"1999-')) },
      'was valid from',
    ],
    [
      'the citation',
      { 'report.json': text(all => all.replace(/"digest": "[^"]+"/, '"digest": null')) },
      'no digest is cited',
    ],
    [
      'the list of digests',
      { 'proofs.json': text(all => all.replace(/"digests": \[[^\]]*\]/, '"digests": []')) },
      'is cited, but not listed',
    ],
  ])('a change of %s shows, though the manifest was mended', async (_, change, sentence) => {
    expect(await problemsOf(forged(bundleOf(await evidence()), change))).toContainEqual(
      expect.stringContaining(sentence),
    );
  });

  test('a record that the log file does not hold shows, also one that stands within another record', async () => {
    const within = hour(issuance, { ...base('other', 7), requestParameters: call });
    const told = {
      source: `s3://${bucket}/${within.logs[0]?.[0]}`,
      digest: `s3://${bucket}/${within.digests[0]}`,
    };
    const made = await evidence(told, { from: bucketOf(within) });
    const records = made.records.map(record => ({ ...record, source: told.source }));
    expect(gunzipSync(Buffer.from(made.proofs.logs?.[0]?.bytes ?? [])).toString()).toContain(
      JSON.stringify(call),
    );
    expect(await problemsOf(bundleOf({ ...made, records }))).toEqual([
      `${told.source} in the bundle does not hold the records that are attributed to it`,
    ]);
  });

  test('a forger’s own key shows only where the keys are given', async () => {
    const other = signingKey();
    const theirs = new Trail(other).hour('2025-03-11T10:00:00Z', [
      JSON.stringify({ Records: [issuance, call] }),
    ]);
    const from = bucketOf(theirs, { publicKeys: parsePublicKeys(keysJson(other)) });
    const bundle = bundleOf(await evidence({}, { from }));
    expect(await problemsOf(bundle)).toEqual([]);
    expect(await problemsOf(bundle, keys)).toEqual([
      expect.stringContaining(`CloudTrail has no public key ${other.fingerprint}`),
    ]);
  });

  test('what is told as tampered is shown where the file in the bundle is not the one that was signed', async () => {
    const changed = hour(issuance, call);
    const name = changed.logs[0]?.[0] ?? '';
    changed.objects.set(name, { bytes: gzipSync('{"Records":[]}'), metadata: {} });
    const told = { verdict: 'tampered' as const, reason: 'its SHA-256 is another' };
    const bundle = bundleOf(await evidence(told, { from: bucketOf(changed) }));
    expect(await problemsOf(bundle)).toEqual([]);
    expect(await linesOf(bundle)).toContain(
      'shown: 1 log file in the bundle, reported as tampered, different from what CloudTrail signed',
    );
  });

  test('what could not be had is said, taken from the report, and not called whole', async () => {
    for (const from of [bucketOf(trail, { denied: true }), bucketOf(new Trail(signing))]) {
      const bundle = bundleOf(await evidence({}, { from }));
      const { problems, unchecked } = await verifyBundle(bundle, 'x.zip');
      expect(problems).toEqual([]);
      expect(unchecked).toEqual([expect.stringContaining(`that ${source} is verified, as the report says`)]);
      const lines = await linesOf(bundle);
      expect(lines[0]).toBe(`taken from the report: verified: ${source}`);
      expect(lines.filter(line => line.startsWith('not in the bundle: the '))).toHaveLength(2);
    }
  });

  test('a record whose digest was mended too is in no log file', async () => {
    const bundle = forged(bundleOf(await evidence()), {
      'records.ndjson': text(all =>
        all.replace(/^.*"call-1".*$/m, line => {
          const one = JSON.parse(line) as { record: string };
          const record = one.record.replace('ListBuckets', 'PutObject');
          return JSON.stringify({ ...one, record, digest: sha256(record) });
        }),
      ),
    });
    expect(await problemsOf(bundle)).toContainEqual(
      expect.stringContaining('does not hold the records that are attributed to it'),
    );
  });
});
