import { digestLocation } from '../../../../core/digests/digest-key.ts';
import { knownKeys, type PublicKey } from '../../../../core/digests/public-keys.ts';
import type { DigestResult } from '../../../../core/digests/verdicts.ts';
import { verifyDigest } from '../../../../core/digests/verify-digest.ts';
import { AuditedRoles } from '../../../../core/identities/roles.ts';
import type { RefusedAttempt } from '../../../../core/linking/refused.ts';
import type { SessionAnswer } from '../../../../core/linking/session-answer.ts';
import { normalize } from '../../../../core/reading/normalize.ts';
import type { Provenance } from '../../../../core/records/event.ts';
import type { NewEvidence } from '../../../../steps/store/evidence-item.ts';
import type { Refusal } from '../../../../steps/transport/payloads.ts';
import type { QuarantineHeader } from '../../../../steps/transport/set-aside.ts';
import { bucket, type Objects, rewrite, Trail } from '../../../core/digests/chain.ts';
import { memoryStore as digestStore } from '../../../core/digests/memory-store.ts';
import { linkingCases } from '../../../core/linking/linking-case.ts';
import { call, issuance, key, keys, signing } from '../../evidence/story.ts';
import type { HeldFile } from '../memory-store.ts';
import { alice, crowd, dataAdmin, sessions } from './given-sessions.ts';

/** What a store is filled with before the contract is held against it. */
export interface Given {
  records: NewEvidence[];
  /** each under its own credential */
  sessions: SessionAnswer[];
  /** answers of a console session under its keys, too */
  repeated: Record<string, SessionAnswer>;
  /** sessions that were alerted at a time; `explained`: and withdrawn at another */
  alerts: { session: SessionAnswer; alerted: string; explained?: string }[];
  attempts: RefusedAttempt[];
  files: HeldFile[];
  digests: DigestResult[];
  objects: Objects;
  publicKeys: PublicKey[];
  /** in the order in which they ran; those that fail do so in their first state, by the error Broken */
  executions: { name: string; input: object; fails?: true }[];
  quarantined: { header: QuarantineHeader; refusals: Refusal[] }[];
  retried: string[];
}

export { bucket, key };

const roles = new AuditedRoles(['*']);

function evidenceOf(record: object, provenance: Provenance = 'trail'): NewEvidence {
  const account = provenance === 'partner' ? '111111111111' : null;
  return {
    event: normalize(record, { source: 's3://trail/x', provenance, account }, roles),
    text: JSON.stringify(record),
  };
}

/** Six calls of one key, two of them within a second; the first has another account's record, and an addendum. */
const second = (n: number) => `2025-03-11T09:00:${String(n).padStart(2, '0')}Z`;
const shared = { sharedEventID: 'shared-1' };
const calls = [
  { ...call, ...shared, eventID: 'call0001-own', eventTime: second(1), userAgent: '[aws-cli/2.15.0]' },
  { ...call, eventID: 'call0002', eventTime: second(2), errorCode: 'AccessDenied' },
  { ...call, eventID: 'call0004-later-by-name', eventTime: second(3) },
  { ...call, eventID: 'call0003-sooner-by-name', eventTime: second(3) },
  { ...call, eventID: 'call0005', eventTime: second(5) },
  { ...call, eventID: 'call0006-more', eventTime: second(6), addendum: { originalEventID: 'call0001-own' } },
];
const copy = {
  ...call,
  ...shared,
  eventID: 'copy0001',
  eventTime: second(1),
  recipientAccountId: '777788889999',
  userIdentity: { type: 'AWSAccount', principalId: call.userIdentity.principalId, accountId: '999999999999' },
};
/** One issuance as our own trail and its caller's account tell it. */
const told = {
  ...issuance,
  sharedEventID: 'shared-2',
  resources: [{ ARN: 'arn:aws:iam::999999999999:role/team/Admin', accountId: '999999999999' }],
  userIdentity: {
    ...issuance.userIdentity,
    arn: 'arn:aws:iam::111111111111:user/jo',
    accountId: '111111111111',
  },
};
const atConsole = linkingCases().find(({ file }) => file === 'console-two-sessions.json')?.records ?? [];

/** Calls that touch an object, some days later: one in other words of the same bucket. */
const objectCall = (eventID: string, eventName: string, Key: string, sourceIPAddress: string) => ({
  ...call,
  ...{
    eventID,
    eventName,
    sourceIPAddress,
    eventTime: '2025-03-15T23:59:59Z',
    readOnly: eventName === 'GetObject',
  },
  requestParameters: { bucketName: 'ledger-2025', key: Key },
});
const objectCalls = [
  objectCall('write-1', 'PutObject', 'March/a b.csv', '203.0.113.77'),
  objectCall('read-1', 'GetObject', 'april.csv', 'cloudformation.amazonaws.com'),
];

const otherKey = { ...call.userIdentity, accessKeyId: 'ASIAOBJECTS000000001' };

const attempt = (eventID: string, eventTime: string, recipientAccountId: string): RefusedAttempt => ({
  eventID,
  recipientAccountId,
  provenance: 'trail',
  eventTime,
  eventName: 'AssumeRole',
  role: dataAdmin,
  caller: alice.arn,
  account: '111111111111',
  credential: null,
  errorCode: 'AccessDenied',
  sourceIPAddress: '198.51.100.1',
});

/** The key of a log file that CloudTrail would have written. */
export function logKey(account: string, region: string, time: string, unique: string): string {
  const day = `${time.slice(0, 4)}/${time.slice(4, 6)}/${time.slice(6, 8)}`;
  return `AWSLogs/${account}/CloudTrail/${region}/${day}/${account}_CloudTrail_${region}_${time}_${unique}.json.gz`;
}
const file = (key: string, etag: string, more: Partial<HeldFile> = {}): HeldFile => ({
  ...{
    bucket,
    key,
    etag,
    execution: `logs-${etag}`,
    at: '2025-03-11T12:00:00Z',
    earliest: null,
    reads: false,
  },
  ...more,
});

/** Two hours with a log file each: the second was changed after its digest was signed. */
const trail = new Trail(signing)
  .hour('2025-03-11T10:00:00Z', ['{"Records":[1]}'])
  .hour('2025-03-11T11:00:00Z', ['{"Records":[2]}']);
export const [whole = '', changed = ''] = trail.logs.flat();
export const digestKeys = trail.digests;
rewrite(trail.objects, changed, () => Buffer.from('{"Records":[3]}'));

const header = (execution: string, at: string): QuarantineHeader => ({
  execution,
  at,
  count: 1,
  failure: null,
  input: null,
});
const refusal: Refusal = {
  step: 'Fetch',
  error: 'AccessDenied',
  message: 'no',
  source: 's3://trail/one.json.gz',
};

export async function given(): Promise<Given> {
  const tools = { store: digestStore(trail.objects), keys: knownKeys(keys) };
  const digests = trail.digests.map(key => {
    const place = digestLocation(key);
    if (!place) throw new Error(`${key} names no digest`);
    return verifyDigest(bucket, key, place, tools);
  });
  return {
    records: [
      ...[...calls].reverse().map(record => evidenceOf(record)),
      evidenceOf(copy),
      evidenceOf(told),
      evidenceOf({ ...told, recipientAccountId: '111111111111' }, 'partner'),
      ...objectCalls.map(record => evidenceOf({ ...record, userIdentity: otherKey })),
      ...atConsole.map(record => evidenceOf(record)),
    ],
    sessions: [...Object.values(sessions), ...crowd].reverse(),
    repeated: { ASIACONSOLEKEY000001: sessions.console },
    alerts: [
      { session: sessions.unlinkedLater, alerted: '2025-03-11T12:06:00Z' },
      { session: sessions.unlinked, alerted: '2025-03-11T12:05:00Z' },
      { session: sessions.ambiguous, alerted: '2025-03-11T12:05:30Z', explained: '2025-03-11T13:00:00Z' },
    ],
    attempts: [
      attempt('refused-2', '2025-03-11T10:00:00Z', '111111111111'),
      attempt('refused-1', '2025-03-11T09:00:00Z', '999999999999'),
      attempt('refused-2', '2025-03-11T10:00:00Z', '999999999999'),
      attempt('refused-3', '2025-03-11T11:00:00Z', '999999999999'),
    ],
    files: [
      file(logKey('999999999999', 'us-east-1', '20250311T0905Z', 'b'), 'e2', {
        earliest: '2025-03-11T08:58:00Z',
      }),
      file(logKey('999999999999', 'us-east-1', '20250311T0905Z', 'a'), 'e1', {
        earliest: '2025-03-11T08:55:00Z',
        reads: true,
      }),
      file(logKey('999999999999', 'us-east-1', '20250311T1005Z', 'c'), 'e3'),
      file(logKey('999999999999', 'us-east-1', '20250311T1005Z', 'c'), 'e4', { execution: 'logs-again' }),
      file(logKey('999999999999', 'eu-west-1', '20250311T0910Z', 'd'), 'e5'),
      file(logKey('111111111111', 'us-east-1', '20250310T0905Z', 'e'), 'e6'),
      file('copied/logs.json', 'e7'),
    ],
    digests: await Promise.all(digests),
    objects: trail.objects,
    publicKeys: keys,
    executions: [
      { name: 'logs-one', input: { sources: [{ key: 'one' }] } },
      { name: 'logs-two', input: { sources: [{ key: 'two' }] }, fails: true },
      { name: 'logs-three', input: { sources: [] } },
    ],
    quarantined: [
      { header: header('logs-two', '2025-03-11T09:00:00.000Z'), refusals: [refusal] },
      {
        header: header('intake-one', '2025-03-10T09:00:00.000Z'),
        refusals: [refusal, { ...refusal, record: 4 }],
      },
      { header: header('logs-three', '2025-03-12T09:00:00.000Z'), refusals: [refusal] },
    ],
    retried: ['0123456789ab', 'ba9876543210'],
  };
}
