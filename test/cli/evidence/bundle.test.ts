import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { NoSuchKey, S3ServiceException } from '@aws-sdk/client-s3';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Deployment } from '../../../cli/deployment.ts';
import { bundleOf, jsonBytes } from '../../../cli/evidence/bundle.ts';
import type { SessionEvidence } from '../../../cli/evidence/collect.ts';
import { type Manifest, type Report, sha256 } from '../../../cli/evidence/format.ts';
import { collectProofs } from '../../../cli/evidence/proofs.ts';
import { reportPage } from '../../../cli/evidence/report.ts';
import { verifyBundle } from '../../../cli/evidence/verify.ts';
import { provenLines } from '../../../cli/show/proven.ts';
import type { Evidence } from '../../../steps/aws/evidence-item.ts';
import { digestOf } from '../../../steps/cloudtrail/digest.ts';
import { normalize } from '../../../steps/cloudtrail/normalize.ts';
import { AuditedRoles } from '../../../steps/cloudtrail/roles.ts';
import { knownKeys, parsePublicKeys } from '../../../steps/integrity/public-keys.ts';
import { correlate } from '../../../steps/linking/correlate.ts';
import { MemorySessionStore } from '../../../steps/linking/memory-store.ts';
import type { SessionAnswer } from '../../../steps/linking/session-answer.ts';
import { bucket, keysJson, signingKey, Trail } from '../../steps/integrity/chain.ts';
import { answer, delivered, hop } from '../fixtures.ts';

const account = '999999999999';
const role = `arn:aws:iam::${account}:role/Admin`;
const arn = `arn:aws:sts::${account}:assumed-role/Admin/session`;
const key = 'ASIAEXAMPLE000000001';
const at = (second: number) => `2025-03-11T09:00:0${second}Z`;
const base = (eventID: string, second: number) => ({
  eventVersion: '1.11',
  eventID,
  eventTime: at(second),
  awsRegion: 'us-east-1',
  recipientAccountId: account,
  sourceIPAddress: '198.51.100.1',
  userAgent: '<script>\u202e',
});
const issuance = {
  ...base('issue-1', 0),
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  userIdentity: {
    type: 'IAMUser',
    arn: `arn:aws:iam::${account}:user/jo`,
    principalId: 'AIDAEXAMPLE',
    accountId: account,
    userName: 'jo',
    accessKeyId: 'AKIAEXAMPLE',
  },
  requestParameters: { roleArn: role, roleSessionName: 'session' },
  responseElements: {
    credentials: { accessKeyId: key, expiration: 'Mar 11, 2025, 10:00:00 AM' },
    assumedRoleUser: { arn, assumedRoleId: 'AROAEXAMPLE:session' },
  },
};
const call = {
  ...base('call-1', 5),
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  userIdentity: {
    type: 'AssumedRole',
    arn,
    principalId: 'AROAEXAMPLE:session',
    accountId: account,
    accessKeyId: key,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        arn: role,
        principalId: 'AROAEXAMPLE',
        accountId: account,
        userName: 'Admin',
      },
      attributes: { creationDate: at(0), mfaAuthenticated: 'false' },
    },
  },
};

const signing = signingKey();
const keys = parsePublicKeys(keysJson(signing));
const hour = (...records: object[]) =>
  new Trail(signing).hour('2025-03-11T10:00:00Z', [JSON.stringify({ Records: records })]);
const trail = hour(issuance, call);
const source = `s3://${bucket}/${trail.logs[0]?.[0]}`;
const digest = `s3://${bucket}/${trail.digests[0]}`;

/** The trail bucket as the SDK shows it. */
function bucketOf({ objects }: Trail, denied = false): Pick<Deployment, 's3' | 'trailKeys'> {
  const send = async ({ input }: { input: { Key: string } }) => {
    const object = objects.get(input.Key);
    const failure = { $metadata: denied ? { httpStatusCode: 403 } : {}, message: '' };
    if (denied) throw new S3ServiceException({ ...failure, name: 'AccessDenied', $fault: 'client' });
    if (!object) throw new NoSuchKey(failure);
    const body = async function* () {
      yield object.bytes;
    };
    return { Body: body(), Metadata: object.metadata, ETag: '"e"' };
  };
  return { s3: { send } as unknown as Deployment['s3'], trailKeys: knownKeys(keys) };
}

async function evidence(
  told: Partial<SessionEvidence['integrity'][number]> = {},
  { from = bucketOf(trail), withLogs = true } = {},
): Promise<SessionEvidence> {
  const events = [issuance, call].map(record =>
    normalize(record, { source, provenance: 'trail', account }, new AuditedRoles([role])),
  );
  const store = new MemorySessionStore();
  await correlate(events, store);
  const answer = (await store.read(key)).answers[0];
  if (!answer) throw new Error('no answer');
  const records = [issuance, call].map(
    (record, index): Evidence => ({
      eventID: record.eventID,
      recipientAccountId: account,
      provenance: 'trail',
      source,
      execution: 'x',
      digest: events[index]?.digest ?? '',
      record: JSON.stringify(record),
    }),
  );
  const integrity = [{ source, verdict: 'verified' as const, reason: null, digest, ...told }];
  return {
    answer,
    records,
    calls: ['call-1'],
    integrity,
    proofs: await collectProofs(integrity, from, withLogs),
  };
}

type Change = Record<string, (bytes: Uint8Array) => Uint8Array>;

/** A bundle with files changed by somebody who mends the manifest as well. */
function forged(bundle: Uint8Array, change: Change): Uint8Array {
  const files: Record<string, Uint8Array> = unzipSync(bundle);
  for (const [path, by] of Object.entries(change)) files[path] = by(files[path] ?? new Uint8Array());
  const manifest = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())) as Manifest;
  for (const each of manifest.files) {
    const bytes = files[each.path] ?? new Uint8Array();
    Object.assign(each, { bytes: bytes.length, sha256: sha256(bytes) });
  }
  return zipSync({ ...files, 'manifest.json': jsonBytes(manifest) });
}
const text = (by: (text: string) => string) => (bytes: Uint8Array) => strToU8(by(strFromU8(bytes)));
const packed = (by: (text: string) => string) => (bytes: Uint8Array) =>
  gzipSync(by(gunzipSync(Buffer.from(bytes)).toString()));
const problemsOf = async (bytes: Uint8Array, given: typeof keys | null = null) =>
  (await verifyBundle(bytes, 'x.zip', given)).problems;
const pageDiffers = 'report.html does not say what report.json says';

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
    const [first = ''] = read('records.ndjson').split('\n');
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

  test('says what a session is, what each hop cites, and that a record which names its caller is no open chain', () => {
    const report = { calls: [], integrity: [] };
    const several = {
      ...hop('CrossAccountTest', ['issue-1', 'issue-2'], '2025-03-11T09:00:00Z'),
      grants: ['token-1'],
      issuance: 'ambiguous' as const,
    };
    const page = (of: SessionAnswer) =>
      reportPage({ ...report, answer: of } as unknown as Report, []).toString();
    const agents = page(answer({ kind: 'agent', chain: [several] }));
    expect(agents).toContain('Kind: AI agent acting for them.');
    expect(agents).toContain('Signed in, or got a token: <code>token-1</code>');
    expect(agents).toContain('which of them is not known');
    const named = page(delivered);
    expect(named).toContain('<b>Named by the record:</b> made by the product provider');
    expect(named).toContain(
      'delivered. Kind: product provider with delegated access. Access approved by CrossAccountTest/test (role session, account 999999999999).',
    );
    const run = page(answer({ ci: { system: 'gitlab', repository: 'acme/web', branch: 'main' } }));
    expect(run).toContain('Run: GitLab CI, repository acme/web, branch main.');
    expect(named).not.toContain('Open:');
  });

  test('that was changed after it was written is told, file by file', async () => {
    const files = unzipSync(bundleOf(await evidence()));
    const changed = zipSync({ ...files, 'report.html': strToU8('x'), 'more.txt': strToU8('y') });
    expect(await problemsOf(changed)).toEqual([
      'more.txt is not in the manifest',
      'report.html is not what the manifest says',
      pageDiffers,
    ]);
    const { 'report.html': _, ...fewer } = files;
    expect(await problemsOf(zipSync(fewer))).toEqual(['report.html is missing', pageDiffers]);
  });

  test('shows one flipped byte, whichever it is', async () => {
    const files = unzipSync(bundleOf(await evidence()));
    for (const [path, bytes] of Object.entries(files)) {
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 15)) {
        const flipped = Uint8Array.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ 0x21;
        const found = await problemsOf(zipSync({ ...files, [path]: flipped })).catch(error => [
          (error as Error).message,
        ]);
        expect([path, at, found.length > 0]).toEqual([path, at, true]);
      }
    }
  });

  test('whose manifest was mended too is told by the records', async () => {
    const bundle = bundleOf(await evidence());
    const problems = (path: string, from: string, to: string) =>
      problemsOf(forged(bundle, { [path]: text(all => all.replaceAll(from, to)) }));
    expect(await problems('records.ndjson', 'ListBuckets', 'PutObject')).toContain(
      'the record call-1 is not what its digest says',
    );
    expect(await problems('report.json', 'user/jo', 'user/al')).toEqual([
      'the records lead to another chain',
      'the records lead to another origin',
    ]);
    expect(await problems('report.json', '"call-1"', '"call-2"')).toContain(
      'the record call-2 is cited and not there',
    );
    expect(await problems('report.html', 'jo', 'al')).toEqual([pageDiffers]);
    expect(await problems('report.json', '"chain"', '"chains"')).toEqual([
      expect.stringContaining('not of the shape it was written in'),
    ]);
  });

  test('is told from other files in one sentence', async () => {
    const file = readFileSync(join(import.meta.dirname, 'bundle.test.ts'));
    await expect(verifyBundle(file, 'x.zip')).rejects.toThrow('x.zip is no zip file');
    await expect(verifyBundle(zipSync({ a: strToU8('b') }), 'x.zip')).rejects.toThrow(
      'x.zip is no evidence bundle',
    );
    const old = forged(bundleOf(await evidence()), {
      'manifest.json': text(all => all.replace('evidence-2', 'evidence-1')),
    });
    await expect(verifyBundle(old, 'x.zip')).rejects.toThrow('another format: roletrail-evidence-1');
  });

  test('written by another version leaves its page to the reader', async () => {
    const bundle = forged(bundleOf(await evidence()), {
      'report.html': text(all => `${all} `),
      'manifest.json': text(all => all.replace(/"version": "[^"]+"/, '"version": "0.0.1"')),
    });
    const { problems, unchecked } = await verifyBundle(bundle, 'x.zip');
    expect([problems, unchecked]).toEqual([[], ['report.html, written by version 0.0.1']]);
  });
});

describe('the verdict on a log file is derived anew', () => {
  const linesOf = async (bytes: Uint8Array, given: typeof keys | null = null) =>
    provenLines((await verifyBundle(bytes, 'x.zip', given)).sources, given !== null);
  const log = 'logs/1.json.gz';
  const signed = 'digests/1.json.gz';

  test('with the log file: CloudTrail signed its hash, and the records stand in it', async () => {
    const bundle = bundleOf(await evidence());
    expect(await linesOf(bundle)).toEqual([
      'shown: 2 records byte for byte in 1 log file whose SHA-256 CloudTrail signed',
      expect.stringContaining(`the key ${signing.fingerprint}, which is the bundle's own`),
    ]);
    expect((await linesOf(bundle, keys)).at(-1)).toBe(
      `signed with the key ${signing.fingerprint}, which was given`,
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
      'is not the file that CloudTrail signed',
    ],
    ['the log file, cut', { [log]: bytes => bytes.slice(0, -9) }, 'is not the file that CloudTrail signed'],
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
        'proofs.json': text(all => all.replaceAll('T100000Z', 'T110000Z')),
        'report.json': text(all => all.replaceAll('T100000Z', 'T110000Z')),
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
      'is cited and not listed',
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
      `${told.source} in the bundle does not hold the records that are said to be from it`,
    ]);
  });

  test('a forger’s own key shows only where the keys are given', async () => {
    const other = signingKey();
    const theirs = new Trail(other).hour('2025-03-11T10:00:00Z', [
      JSON.stringify({ Records: [issuance, call] }),
    ]);
    const from = { ...bucketOf(theirs), trailKeys: knownKeys(parsePublicKeys(keysJson(other))) };
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
      'shown: 1 log file in the bundle, told as tampered, not what CloudTrail signed',
    );
  });

  test('what could not be had is said, and taken from the report', async () => {
    for (const from of [bucketOf(trail, true), bucketOf(new Trail(signing))]) {
      const bundle = bundleOf(await evidence({}, { from }));
      expect(await problemsOf(bundle)).toEqual([]);
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
          return JSON.stringify({ ...one, record, digest: digestOf(record) });
        }),
      ),
    });
    expect(await problemsOf(bundle)).toContainEqual(
      expect.stringContaining('does not hold the records that are said to be from it'),
    );
  });
});
