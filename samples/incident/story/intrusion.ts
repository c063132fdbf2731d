import { userArn } from '../../building/identity.ts';
import { type CloudTrailRecord, call } from '../../building/record.ts';
import { createdAccessKey } from '../../building/sts.ts';
import { at, backdoor, byMaintenance, production } from './cast.ts';
import { decryptOf, denied, iam, ledger, onBucket, onObject } from './targets.ts';

/** 09:21 to 09:33: with DataAdmin the ledger is read, a snapshot shared, and a way back in is tried. */

const dataAdminArn = `arn:aws:sts::${production}:assumed-role/DataAdmin/db-maintenance`;
const notAllowed = (action: string, resource: string) =>
  `User: ${dataAdminArn} is not authorized to perform: ${action} on resource: ${resource}`;
const step = (name: string, time: string, service: string, event: string, options = {}) =>
  call(`intrusion: ${name}`, at(time), byMaintenance, service, event, options);

const months = ['2024/10', '2024/11', '2024/12', '2025/01', '2025/02'];

/** The first seconds and the ledger. The very first call carries the second of its issuance. */
export const ledgerCalls: CloudTrailRecord[] = [
  step('who am I', '09:21:40', 'sts', 'GetCallerIdentity'),
  step('list ledger', '09:21:55', 's3', 'ListObjects', {
    ...onBucket(ledger, { 'list-type': '2' }),
    data: true,
  }),
  ...months.flatMap((month, i) => [
    step(
      `read ledger ${month}`,
      `09:22:${10 + 7 * i}`,
      's3',
      'GetObject',
      onObject(ledger, `${month}.parquet`),
    ),
    step(`decrypt ledger ${month}`, `09:22:${10 + 7 * i}`, 'kms', 'Decrypt', decryptOf(`${month}.parquet`)),
  ]),
  step('secrets', '09:23:41', 'secretsmanager', 'ListSecrets'),
  step('ledger secret', '09:23:58', 'secretsmanager', 'GetSecretValue', {
    request: { secretId: 'prod/ledger/reader' },
  }),
];

export const persistenceCalls: CloudTrailRecord[] = [
  step(
    'create user',
    '09:25:12',
    'iam',
    'CreateUser',
    iam(
      { userName: backdoor.name },
      { user: { path: '/', userName: backdoor.name, userId: backdoor.id, arn: userArn(backdoor) } },
    ),
  ),
  step(
    'create access key',
    '09:25:20',
    'iam',
    'CreateAccessKey',
    iam({ userName: backdoor.name }, createdAccessKey(backdoor, at('09:25:20'))),
  ),
  step(
    'attach administrator',
    '09:25:33',
    'iam',
    'AttachUserPolicy',
    denied(
      iam({ userName: backdoor.name, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
      'AccessDenied',
      notAllowed('iam:AttachUserPolicy', userArn(backdoor)),
    ),
  ),
  step(
    'open trust policy',
    '09:26:02',
    'iam',
    'UpdateAssumeRolePolicy',
    denied(
      iam({ roleName: 'DataAdmin', policyDocument: '{"Version":"2012-10-17","Statement":[]}' }),
      'AccessDenied',
      notAllowed('iam:UpdateAssumeRolePolicy', `arn:aws:iam::${production}:role/DataAdmin`),
    ),
  ),
  step(
    'stop the trail',
    '09:27:19',
    'cloudtrail',
    'StopLogging',
    denied(
      { request: { name: 'production-trail' } },
      'AccessDenied',
      notAllowed(
        'cloudtrail:StopLogging',
        `arn:aws:cloudtrail:us-east-1:${production}:trail/production-trail`,
      ),
    ),
  ),
];

export const snapshotCalls: CloudTrailRecord[] = [
  step('find snapshot', '09:28:05', 'rds', 'DescribeDBSnapshots', {
    region: 'eu-west-1',
    request: { dBInstanceIdentifier: 'ledger-replica' },
  }),
  step('share snapshot', '09:28:31', 'rds', 'ModifyDBSnapshotAttribute', {
    region: 'eu-west-1',
    request: {
      dBSnapshotIdentifier: 'ledger-replica-2025-03-10',
      attributeName: 'restore',
      valuesToAdd: ['all'],
    },
  }),
];
