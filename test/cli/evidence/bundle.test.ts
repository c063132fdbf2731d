import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { bundleOf, type Manifest, sha256 } from '../../../cli/evidence/bundle.ts';
import type { SessionEvidence } from '../../../cli/evidence/collect.ts';
import { verifyBundle } from '../../../cli/evidence/verify.ts';
import type { Evidence } from '../../../steps/aws/evidence-item.ts';
import { normalize } from '../../../steps/cloudtrail/normalize.ts';
import { AuditedRoles } from '../../../steps/cloudtrail/roles.ts';
import { correlate } from '../../../steps/linking/correlate.ts';
import { MemorySessionStore } from '../../../steps/linking/memory-store.ts';

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

async function evidence(): Promise<SessionEvidence> {
  const events = [issuance, call].map(record =>
    normalize(record, { source: 's3://trail/one', provenance: 'trail', account }, new AuditedRoles([role])),
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
      source: 's3://trail/one',
      execution: 'x',
      digest: events[index]?.digest ?? '',
      record: JSON.stringify(record),
    }),
  );
  const integrity = [
    {
      source: 's3://trail/one',
      verdict: 'tampered' as const,
      reason: 'it was <b>replaced</b>',
      digest: 's3://trail/digest',
    },
  ];
  return { answer, records, calls: ['call-1'], integrity };
}

/** The bundle with one file changed by somebody who mends the manifest as well. */
async function forged(path: string, change: (text: string) => string): Promise<Uint8Array> {
  const files = unzipSync(bundleOf(await evidence()));
  files[path] = strToU8(change(strFromU8(files[path] ?? new Uint8Array())));
  const manifest = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())) as Manifest;
  for (const each of manifest.files) each.sha256 = sha256(files[each.path] ?? new Uint8Array());
  return zipSync({ ...files, 'manifest.json': strToU8(JSON.stringify(manifest)) });
}
const problemsOf = async (bytes: Uint8Array) => (await verifyBundle(bytes, 'x.zip')).problems;

describe('an evidence bundle', () => {
  test('is whole as written, with the same bytes each time', async () => {
    const bytes = bundleOf(await evidence());
    expect(await verifyBundle(bytes, 'x.zip')).toMatchObject({ records: 2, files: 3, problems: [] });
    expect(Buffer.from(bundleOf(await evidence())).equals(Buffer.from(bytes))).toBe(true);
  });

  test('holds the records as delivered and a report that no log can write in', async () => {
    const files = unzipSync(bundleOf(await evidence()));
    const read = (path: string) => strFromU8(files[path] ?? new Uint8Array());
    const [first = ''] = read('records.ndjson').split('\n');
    expect((JSON.parse(first) as { record: string }).record).toBe(JSON.stringify(issuance));
    expect(read('report.html')).toContain('jo');
    expect(read('report.html')).not.toContain('<script');
    expect(read('report.html')).toContain('<b>tampered</b>');
    expect(read('report.html')).toContain('it was &lt;b&gt;replaced&lt;/b&gt;');
    expect(JSON.parse(read('report.json'))).toMatchObject({
      integrity: [{ source: 's3://trail/one', verdict: 'tampered', digest: 's3://trail/digest' }],
      calls: ['call-1'],
    });
  });

  test('that was changed after it was written is told, file by file', async () => {
    const files = unzipSync(bundleOf(await evidence()));
    const changed = zipSync({ ...files, 'report.html': strToU8('x'), 'more.txt': strToU8('y') });
    expect(await problemsOf(changed)).toEqual([
      'more.txt is not in the manifest',
      'report.html is not what the manifest says',
    ]);
    const { 'report.html': _, ...fewer } = files;
    expect(await problemsOf(zipSync(fewer))).toEqual(['report.html is missing']);
  });

  test('whose manifest was mended too is told by the records', async () => {
    expect(
      await problemsOf(await forged('records.ndjson', text => text.replace('ListBuckets', 'PutObject'))),
    ).toEqual(['the record call-1 is not what its digest says']);
    expect(
      await problemsOf(await forged('report.json', text => text.replaceAll('user/jo', 'user/al'))),
    ).toEqual(['the records lead to another chain', 'the records lead to another origin']);
    expect(
      await problemsOf(await forged('report.json', text => text.replaceAll('"call-1"', '"call-2"'))),
    ).toEqual(['the record call-2 is cited and not there']);
  });

  test('is told from other files in one sentence', async () => {
    const file = readFileSync(join(import.meta.dirname, 'bundle.test.ts'));
    await expect(verifyBundle(file, 'x.zip')).rejects.toThrow('x.zip is no zip file');
    await expect(verifyBundle(zipSync({ a: strToU8('b') }), 'x.zip')).rejects.toThrow(
      'x.zip is no evidence bundle',
    );
  });
});
