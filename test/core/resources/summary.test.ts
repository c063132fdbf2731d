import type { Json } from '../../../core/records/read.ts';
import { doingOf } from '../../../core/resources/doing.ts';
import { type DoneCall, summaryOf } from '../../../core/resources/summary.ts';

let second = 0;

function call(name: string, record: Json = {}): DoneCall {
  const [source, eventName = ''] = name.split(' ');
  second += 1;
  const whole = {
    eventSource: `${source}.amazonaws.com`,
    eventName,
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    userAgent: 'aws-cli/2.15.0',
    ...record,
  };
  return {
    eventID: `e-${second}`,
    eventTime: `2025-03-11T09:00:${String(second).padStart(2, '0')}Z`,
    eventSource: whole.eventSource,
    eventName,
    errorCode: (record.errorCode as string) ?? null,
    sourceIPAddress: (record.sourceIPAddress as string) ?? '192.0.2.1',
    doing: doingOf(whole),
  };
}

const reads = Array.from({ length: 3 }, () =>
  call('s3 GetObject', { readOnly: true, requestParameters: { bucketName: 'b', key: 'k' } }),
);
const write = call('dynamodb PutItem', { readOnly: false, requestParameters: { tableName: 'T' } });
const change = call('iam AttachRolePolicy', {
  readOnly: false,
  requestParameters: { roleName: 'Admin', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
});
const refused = Array.from({ length: 7 }, (_, index) =>
  call('iam DeleteUser', {
    readOnly: false,
    errorCode: 'AccessDenied',
    errorMessage:
      'User: arn:aws:iam::111122223333:user/eve is not authorized to perform: iam:DeleteUser on resource: user x with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o/service_control_policy/p-1',
    requestParameters: { userName: `u${index}` },
    userAgent: index > 4 ? 'Boto3/1.36.3' : 'aws-cli/2.15.0',
    sourceIPAddress: `192.0.2.${index}`,
  }),
);
const failed = call('s3 GetObject', {
  errorCode: 'NoSuchKey',
  requestParameters: { bucketName: 'b', key: 'k' },
});
const sum = summaryOf([...reads, write, change, ...refused, failed]);

test('permission changes come first, then writes, reads, and what was only tried', () => {
  expect(
    sum.resources.slice(0, 6).map(({ name, counts, refused, failed }) => [name, counts, refused, failed]),
  ).toEqual([
    ['Admin', { permission: 1, write: 0, read: 0, unknown: 0 }, 0, 0],
    ['AdministratorAccess', { permission: 1, write: 0, read: 0, unknown: 0 }, 0, 0],
    ['T', { permission: 0, write: 1, read: 0, unknown: 0 }, 0, 0],
    ['b', { permission: 0, write: 0, read: 3, unknown: 0 }, 0, 1],
    ['b/k', { permission: 0, write: 0, read: 3, unknown: 0 }, 0, 1],
    ['u0', { permission: 0, write: 0, read: 0, unknown: 0 }, 1, 0],
  ]);
  expect(sum.resources).toHaveLength(12);
  const object = sum.resources.find(({ name }) => name === 'b/k');
  expect([object?.first, object?.last]).toEqual([reads[0]?.eventTime, failed.eventTime]);
});

test('refused calls stand together by call and reason, with the first names and events, and how many more', () => {
  expect(sum.refused).toEqual([
    {
      eventSource: 'iam.amazonaws.com',
      eventName: 'DeleteUser',
      errorCode: 'AccessDenied',
      denial: {
        policy: 'service control policy',
        policyArn: 'arn:aws:organizations::1:policy/o/service_control_policy/p-1',
        deny: 'explicit',
        encoded: false,
      },
      calls: 7,
      resources: ['u0', 'u1', 'u2', 'u3', 'u4'],
      moreResources: 2,
      first: refused[0]?.eventTime,
      last: refused[6]?.eventTime,
      eventIDs: refused.slice(0, 5).map(({ eventID }) => eventID),
    },
  ]);
  expect(sum.failed).toBe(1);
});

test('clients have their first and last use and addresses', () => {
  expect(
    sum.clients.map(({ client, calls, addresses, firstUsed, lastUsed }) => [
      client?.name,
      calls,
      addresses.length,
      firstUsed,
      lastUsed,
    ]),
  ).toEqual([
    ['AWS CLI', 11, 5, reads[0]?.eventTime, failed.eventTime],
    ['AWS SDK for Python (Boto3)', 2, 2, refused[5]?.eventTime, refused[6]?.eventTime],
  ]);
});

test('objects of a bucket do not hide what else was read', () => {
  const objects = Array.from({ length: 40 }, (_, index) =>
    call('s3 GetObject', { readOnly: true, requestParameters: { bucketName: 'b', key: `k${index}` } }),
  );
  const secret = call('secretsmanager GetSecretValue', {
    readOnly: true,
    requestParameters: { secretId: 'prod/db' },
  });
  const found = summaryOf([...objects, ...objects, secret]).resources.map(({ name }) => name);
  expect(found.slice(0, 3)).toEqual(['b', 'prod/db', 'b/k0']);
  expect(found).toHaveLength(42);
});

test('of no calls there is nothing to say', () => {
  expect(summaryOf([])).toEqual({ resources: [], refused: [], failed: 0, clients: [] });
});
