import { roleArn } from '../../building/identity.ts';
import { type CloudTrailRecord, call } from '../../building/record.ts';
import { assumeRole, deniedAssumeRole } from '../../building/sts.ts';
import {
  at,
  byDecoy,
  byMreyes,
  byMreyesSession,
  crossAccountTest,
  crossAccountTest2,
  dataAdmin,
  decoySession,
  development,
  foreign,
  maintenanceSession,
  mreyesSession,
} from './cast.ts';
import { denied, iam, ledger, onBucket } from './targets.ts';

/** 09:05 to 09:21: a leaked key of mreyes looks around in production and finds the way to DataAdmin. */

const entry = {
  session: mreyesSession,
  externalId: '3414',
  sharedEventID: '5d7c1f0e-0b0a-4b5e-8a43-6f1d2e3c4b07',
  host: 'sts.amazonaws.com',
};
export const mreyesOwnersCopy = assumeRole({
  ...entry,
  name: 'CrossAccountTest for mreyes, our copy',
  caller: foreign.mreyes,
});
export const mreyesPartnersCopy = assumeRole({
  ...entry,
  name: "CrossAccountTest for mreyes, development's copy",
  caller: byMreyes,
  recipient: development,
});

const s3Host = { host: 's3.amazonaws.com', request: { Host: 's3.amazonaws.com' } };
const recon = (name: string, time: string, service: string, event: string, options = {}) =>
  call(`recon: ${name}`, at(time), byMreyesSession, service, event, options);

export const reconCalls: CloudTrailRecord[] = [
  recon('who am I', '09:12:09', 'sts', 'GetCallerIdentity'),
  recon('buckets', '09:12:31', 's3', 'ListBuckets', s3Host),
  recon('users', '09:12:50', 'iam', 'ListUsers', iam()),
  recon('roles', '09:13:02', 'iam', 'ListRoles', iam({ maxItems: 1000 })),
  recon(
    'everything',
    '09:13:20',
    'iam',
    'GetAccountAuthorizationDetails',
    denied(
      iam(),
      'AccessDenied',
      'User: arn:aws:sts::999999999999:assumed-role/CrossAccountTest/mreyes is not authorized to perform: iam:GetAccountAuthorizationDetails on resource: *',
    ),
  ),
  recon('trails', '09:14:11', 'cloudtrail', 'DescribeTrails', { request: { includeShadowTrails: true } }),
  recon('ledger policy', '09:15:03', 's3', 'GetBucketPolicy', onBucket(ledger, { policy: '' })),
  recon('ledger encryption', '09:15:09', 's3', 'GetBucketEncryption', onBucket(ledger, { encryption: '' })),
  recon('keys', '09:15:40', 'kms', 'ListAliases'),
  recon('DataAdmin trust', '09:18:22', 'iam', 'GetRole', iam({ roleName: dataAdmin.name })),
];
/** The role is not audited, but the call is made under one that is. */
export const reconDenied = deniedAssumeRole(
  'recon: CrossAccountTest2 refused',
  at('09:17:05'),
  byMreyesSession,
  crossAccountTest2,
);
export const reconIreland: CloudTrailRecord[] = [
  recon('instances in Ireland', '09:16:12', 'ec2', 'DescribeInstances', {
    region: 'eu-west-1',
    request: { maxResults: 1000, instancesSet: {}, filterSet: {} },
  }),
  recon('snapshots in Ireland', '09:16:30', 'rds', 'DescribeDBSnapshots', {
    region: 'eu-west-1',
    request: { includeShared: false },
  }),
];

/** The second hop, within production: one copy, made with the first hop's credentials. */
export const secondHop = assumeRole({
  name: 'mreyes session assumes DataAdmin',
  caller: byMreyesSession,
  session: maintenanceSession,
  host: 'sts.amazonaws.com',
});

/** A decoy: the role's name begins like the audited one, its session is called like it, a request names it. */
export const decoyIssued = assumeRole({
  name: 'CrossAccountTest2 for tlee, our copy',
  caller: foreign.tlee,
  session: decoySession,
  sharedEventID: '5d7c1f0e-0b0a-4b5e-8a43-6f1d2e3c4b08',
  host: 'sts.amazonaws.com',
});
export const decoyCalls: CloudTrailRecord[] = [
  call('decoy: buckets', at('09:06:01'), byDecoy, 's3', 'ListBuckets', s3Host),
  call(
    'decoy: role',
    at('09:06:20'),
    byDecoy,
    'iam',
    'GetRole',
    iam(
      { roleName: crossAccountTest.name },
      { role: { roleName: crossAccountTest.name, arn: roleArn(crossAccountTest) } },
    ),
  ),
  call('decoy: own policies', at('09:06:48'), byDecoy, 'iam', 'ListAttachedRolePolicies', {
    ...iam({ roleName: crossAccountTest2.name }),
  }),
];
