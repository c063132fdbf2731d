import { strFromU8, unzipSync } from 'fflate';
import { jsonBytes } from '../../../cli/evidence/bundle.ts';
import type { SessionEvidence } from '../../../cli/evidence/collect.ts';
import type { Manifest } from '../../../cli/evidence/format.ts';
import { collectProofs } from '../../../cli/evidence/proofs.ts';
import { storedZip } from '../../../cli/evidence/stored-zip.ts';
import { parsePublicKeys } from '../../../core/digests/public-keys.ts';
import { sha256 } from '../../../core/hash.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import type { Evidence } from '../../../core/records/evidence.ts';
import { bucket, keysJson, signingKey, Trail } from '../../core/digests/chain.ts';
import { memoryStore } from '../queries/memory-store.ts';

export const account = '999999999999';
export const role = `arn:aws:iam::${account}:role/Admin`;
export const arn = `arn:aws:sts::${account}:assumed-role/Admin/session`;
export const key = 'ASIAEXAMPLE000000001';
const at = (second: number) => `2025-03-11T09:00:0${second}Z`;
export const base = (eventID: string, second: number) => ({
  eventVersion: '1.11',
  eventID,
  eventTime: at(second),
  awsRegion: 'us-east-1',
  recipientAccountId: account,
  sourceIPAddress: '198.51.100.1',
  userAgent: '<script>\u202e',
});
export const issuance = {
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
export const call = {
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

export const signing = signingKey();
export const keys = parsePublicKeys(keysJson(signing));
export const hour = (...records: object[]) =>
  new Trail(signing).hour('2025-03-11T10:00:00Z', [JSON.stringify({ Records: records })]);
export const trail = hour(issuance, call);
export const source = `s3://${bucket}/${trail.logs[0]?.[0]}`;
export const digest = `s3://${bucket}/${trail.digests[0]}`;

/** A store with this trail bucket, whose digests are signed with these keys. */
export function bucketOf({ objects }: Trail, { denied = false, publicKeys = keys } = {}) {
  return memoryStore({ objects, denied, publicKeys });
}

/** A record of these tests; event ids of calls begin with `call`. */
export type Recorded = { eventID: string } & object;

/** What a bundle of these records is made of. */
export async function evidence(
  told: Partial<SessionEvidence['integrity'][number]> = {},
  { from = bucketOf(trail), withLogs = true, records: given = [call, issuance] as Recorded[] } = {},
): Promise<SessionEvidence> {
  const events = given.map(record =>
    normalize(record, { source, provenance: 'trail', account }, new AuditedRoles([role])),
  );
  const store = new MemorySessionStore();
  await correlate(events, store);
  const answer = (await store.read(key)).answers[0];
  if (!answer) throw new Error('no answer');
  const records = given.map(
    (record, index): Evidence => ({
      eventID: record.eventID,
      recipientAccountId: account,
      provenance: 'trail',
      source,
      execution: 'x',
      digest: events[index]?.hash ?? '',
      record: JSON.stringify(record),
    }),
  );
  const integrity = [{ source, verdict: 'verified' as const, reason: null, digest, ...told }];
  return {
    answer,
    records,
    calls: given.map(({ eventID }) => eventID).filter(id => id.startsWith('call')),
    integrity,
    lack: null,
    proofs: await collectProofs(integrity, from, withLogs),
  };
}

export type Change = Record<string, (bytes: Uint8Array) => Uint8Array>;

/** A bundle with files changed by somebody who mends the manifest as well. */
export function forged(bundle: Uint8Array, change: Change): Uint8Array {
  const files: Record<string, Uint8Array> = unzipSync(bundle);
  for (const [path, by] of Object.entries(change)) files[path] = by(files[path] ?? new Uint8Array());
  const manifest = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())) as Manifest;
  for (const each of manifest.files) {
    const bytes = files[each.path] ?? new Uint8Array();
    Object.assign(each, { bytes: bytes.length, sha256: sha256(bytes) });
  }
  return zipOf({ ...files, 'manifest.json': jsonBytes(manifest) });
}
/** A zip as bundles are, of any files. */
export const zipOf = (files: Record<string, Uint8Array>): Uint8Array =>
  Buffer.concat(storedZip(Object.entries(files).map(([path, bytes]) => ({ path, bytes }))));
export const text = (by: (text: string) => string) => (bytes: Uint8Array) =>
  Buffer.from(by(strFromU8(bytes)));
