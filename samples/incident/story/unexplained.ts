import { type CloudTrailRecord, call } from '../../building/record.ts';
import { deniedAssumeRole } from '../../building/sts.ts';
import {
  at,
  byHelpdesk,
  byOnCallElsewhere,
  byUnexplained,
  crossAccountTest2,
  dataAdmin,
  mspOperations,
} from './cast.ts';
import { denied, iam, ledger, onBucket, onObject } from './targets.ts';

/** 14:03 to 14:20: a credential of CrossAccountTest that no record hands out; and attempts that were refused. */

const step = (name: string, time: string, service: string, event: string, options = {}) =>
  call(`unexplained: ${name}`, at(time), byUnexplained, service, event, options);

export const unexplainedCalls: CloudTrailRecord[] = [
  step('who am I', '14:03:13', 'sts', 'GetCallerIdentity'),
  step('buckets', '14:03:40', 's3', 'ListBuckets', {
    host: 's3.amazonaws.com',
    request: { Host: 's3.amazonaws.com' },
  }),
  step('list ledger', '14:04:02', 's3', 'ListObjects', {
    ...onBucket(ledger, { 'list-type': '2' }),
    data: true,
  }),
  step('read ledger', '14:04:19', 's3', 'GetObject', onObject(ledger, '2025/02.parquet')),
  step('open ledger', '14:05:44', 's3', 'PutBucketPolicy', {
    ...denied(onBucket(ledger, { policy: '' }), 'AccessDenied', 'Access Denied'),
  }),
  step('backdoor key', '14:06:30', 'iam', 'ListAccessKeys', iam({ userName: 'svc-backup-sync' })),
];
export const unexplainedIreland: CloudTrailRecord[] = [
  step('snapshots in Ireland', '14:07:12', 'rds', 'DescribeDBSnapshots', {
    region: 'eu-west-1',
    request: { snapshotType: 'public', includePublic: true },
  }),
  step('copy snapshot', '14:07:50', 'rds', 'CopyDBSnapshot', {
    region: 'eu-west-1',
    request: {
      sourceDBSnapshotIdentifier: 'ledger-replica-2025-03-10',
      targetDBSnapshotIdentifier: 'ledger-copy',
    },
    error: ['AccessDenied', 'User is not authorized to perform: rds:CopyDBSnapshot'],
  }),
];

/** A refused attempt at an audited role, and a call under an audited role: both at once. */
export const unexplainedDenied = deniedAssumeRole(
  'unexplained: DataAdmin refused',
  at('14:05:10'),
  byUnexplained,
  dataAdmin,
);
/** A user of production without the right. (A refused cross-account attempt is logged in the caller's account only.) */
export const helpdeskDenied = deniedAssumeRole(
  'helpdesk: MspOperations refused',
  at('14:11:37'),
  byHelpdesk,
  mspOperations,
);
/** Refused too, but the role is not audited. */
export const helpdeskDeniedElsewhere = deniedAssumeRole(
  'helpdesk: CrossAccountTest2 refused',
  at('14:12:02'),
  byHelpdesk,
  crossAccountTest2,
);

/** AWS refuses a credential that has expired: a record of its use, an hour and a half later, cannot be. */
export const impossibleCall = call(
  'impossible: backdoor key',
  at('15:31:07'),
  byOnCallElsewhere,
  'iam',
  'CreateAccessKey',
  iam({ userName: 'svc-backup-sync' }),
);
