import { byService } from '../../building/identity.ts';
import { type CloudTrailRecord, call } from '../../building/record.ts';
import { assumeRole } from '../../building/sts.ts';
import { at, byExport, byInstance, byReport, exportSession, instanceSession, reportSession } from './cast.ts';
import { exportsBucket, ledger, ledgerKey, onBucket, onObject } from './targets.ts';

/** 02:00 to 03:40: services at work. Lambda assumes an audited role; an instance's job walks two roles. */

export const lambdaAssumes = assumeRole({
  name: 'Lambda assumes NightlyExport',
  caller: byService('lambda.amazonaws.com'),
  session: exportSession,
  sharedEventID: '5d7c1f0e-0b0a-4b5e-8a43-6f1d2e3c4b01',
  host: false,
});

export const exportCalls: CloudTrailRecord[] = [
  call('export: list ledger', at('02:00:03'), byExport, 's3', 'ListObjects', {
    ...onBucket(ledger, { 'list-type': '2', prefix: '2025/03/' }),
    data: true,
  }),
  call(
    'export: read ledger',
    at('02:00:04'),
    byExport,
    's3',
    'GetObject',
    onObject(ledger, '2025/03/10.parquet'),
  ),
  call('export: data key', at('02:00:09'), byExport, 'kms', 'GenerateDataKey', {
    request: { keyId: ledgerKey, keySpec: 'AES_256' },
  }),
  call(
    'export: write export',
    at('02:00:10'),
    byExport,
    's3',
    'PutObject',
    onObject(exportsBucket, 'daily/2025-03-10.csv'),
  ),
];

/** WebTier is not audited, but its credentials are a hop towards DataAdmin: the issuance is kept, its other calls are not. */
export const instanceAssumes = assumeRole({
  name: 'EC2 assumes WebTier',
  caller: byService('ec2.amazonaws.com'),
  session: instanceSession,
  sharedEventID: '5d7c1f0e-0b0a-4b5e-8a43-6f1d2e3c4b02',
  host: false,
  withoutAssumedRoleUser: true,
});

export const instanceCalls: CloudTrailRecord[] = [
  call('instance: tags', at('03:01:12'), byInstance, 'ec2', 'DescribeTags', {
    request: { maxResults: 50, filterSet: {} },
  }),
  call('instance: parameter', at('03:01:15'), byInstance, 'ssm', 'GetParameter', {
    request: { name: '/web/config', withDecryption: false },
  }),
];

export const instanceHop = assumeRole({
  name: 'WebTier instance assumes DataAdmin',
  caller: byInstance,
  session: reportSession,
});

export const reportCalls: CloudTrailRecord[] = [
  call('report: workgroup', at('03:30:04'), byReport, 'athena', 'GetWorkGroup', {
    request: { workGroup: 'reports' },
  }),
  call('report: query', at('03:30:05'), byReport, 'athena', 'StartQueryExecution', {
    request: { queryString: 'HIDDEN_DUE_TO_SECURITY_REASONS', workGroup: 'reports' },
    response: { queryExecutionId: '7a6b5c4d-3e2f-4a1b-9c8d-exampleqry01' },
  }),
  call(
    'report: result',
    at('03:30:41'),
    byReport,
    's3',
    'GetObject',
    onObject(exportsBucket, 'athena/report.csv'),
  ),
];
