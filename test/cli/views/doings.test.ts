import { foundLines } from '../../../cli/commands/who.ts';
import { lookUp } from '../../../cli/queries/lookup.ts';
import { refusalText, typeText } from '../../../cli/views/terminal/doings.ts';
import { termTexts } from '../../../cli/views/terminal/terms.ts';
import { paintFor } from '../../../cli/views/text/paint.ts';
import type { Json } from '../../../core/records/read.ts';
import { answer, hop } from '../fixtures.ts';
import { memoryStore } from '../queries/memory-store.ts';
import { page } from './console/deployment-fixture.ts';

const scp = 'arn:aws:organizations::1:policy/o-1/service_control_policy/p-1';
const common = {
  eventVersion: '1.11',
  eventType: 'AwsApiCall',
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/one',
    principalId: 'AROAEXAMPLE:one',
    accountId: '999999999999',
    accessKeyId: 'ASIAONE',
  },
  awsRegion: 'eu-west-1',
  recipientAccountId: '999999999999',
  sourceIPAddress: '198.51.100.1',
  userAgent: 'aws-cli/2.15.0 Python/3.11 Linux/5.10',
};
const made: Json[] = [
  {
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    readOnly: true,
    requestParameters: { bucketName: 'ledger', key: 'march.csv' },
  },
  {
    eventSource: 'iam.amazonaws.com',
    eventName: 'AttachUserPolicy',
    readOnly: false,
    requestParameters: { userName: 'eve', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    userAgent: 'Boto3/1.36.3',
    sourceIPAddress: '203.0.113.9',
  },
  {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    readOnly: false,
    errorCode: 'AccessDenied',
    errorMessage: `User: arn:aws:sts::999999999999:assumed-role/A/b is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::999999999999:user/mallory with an explicit deny in a service control policy: ${scp}`,
  },
  {
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    errorCode: 'NoSuchKey',
    requestParameters: { bucketName: 'ledger', key: 'gone' },
  },
].map((each, index) => ({
  ...common,
  eventID: `call-${index}`,
  eventTime: `2025-03-11T09:00:0${index}Z`,
  ...each,
}));

const evidence = (record: Json) => ({
  eventID: String(record.eventID),
  recipientAccountId: '999999999999',
  provenance: 'trail' as const,
  digest: 'd'.repeat(64),
  source: 's3://trail/one',
  execution: 'x',
  record: JSON.stringify(record),
});
const issuing = {
  eventID: 'issue-1',
  eventTime: '2025-03-11T08:59:00Z',
  requestParameters: {
    durationSeconds: 900,
    policyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  },
};
const held = {
  answers: [answer({ chain: [hop('CrossAccountTest', ['issue-1'], '2025-03-11T08:59:00Z')] })],
  evidence: [...made, issuing].map(evidence),
  calls: made.map(
    ({ eventID, eventTime, eventName, eventSource, awsRegion, errorCode = null, sourceIPAddress }) => ({
      credential: 'ASIAONE',
      recipientAccountId: '999999999999',
      provenance: 'trail' as const,
      agent: 'the agent that a list has',
      use: 'use-1',
      request: null,
      amends: null,
      ...({ eventID, eventTime, eventName, eventSource, awsRegion, errorCode, sourceIPAddress } as Record<
        string,
        string
      >),
    }),
  ) as never,
};
const plain = paintFor({}, false);
const shown = async (subject: string) => {
  const found = await lookUp(subject, memoryStore(held));
  if (!found) throw new Error('not found');
  return foundLines(found, plain, false);
};

test('who KEY says what was touched, changes first; refused calls apart with the policy; clients with their use', async () => {
  const lines = (await shown('ASIAONE')).map(line => line.trim());
  const from = lines.indexOf('touched');
  expect(lines.slice(from, from + 6)).toEqual([
    'touched',
    'eve  IAM User of 999999999999  1 permission change',
    'AdministratorAccess  IAM ManagedPolicy  1 permission change',
    'ledger  S3 Bucket  1 read, 1 failed',
    'ledger/march.csv  S3 Object  1 read',
    '',
  ]);
  expect(lines.slice(lines.indexOf('refused'), lines.indexOf('refused') + 2)).toEqual([
    'refused',
    `2025-03-11 09:00:02  iam CreateUser  mallory  explicit deny in a service control policy ${scp}`,
  ]);
  expect(lines).toContain('1 call failed for a reason other than permission');
  expect(lines).toContain('clients: more than one was used');
  expect(lines).toContain(
    '2025-03-11 09:00:00 – 2025-03-11 09:00:03  AWS CLI 2.15.0 on Linux from 198.51.100.1 (3 calls)',
  );
  expect(lines).toContain('2025-03-11 09:00:01  AWS SDK for Python (Boto3) 1.36.3 from 203.0.113.9 (1 call)');
  expect(lines).toContain('2025-03-11 09:00:00  s3 GetObject  ledger/march.csv, ledger  eu-west-1  call-0');
  expect(lines).toContain('with  the session policy arn:aws:iam::aws:policy/ReadOnlyAccess');
  expect(lines).toContain('with  a duration of 900 seconds');
});

test('who EVENT says its access, resources with their ids, why it was refused, and with which client', async () => {
  const lines = (await shown('call-2')).map(line => line.trim().replace(/ {2,}/g, ' '));
  expect(lines).toEqual(
    expect.arrayContaining([
      'access write, refused',
      'touched mallory IAM User arn:aws:iam::999999999999:user/mallory',
      `refused explicit deny in a service control policy ${scp}`,
      'client AWS CLI 2.15.0 on Linux',
    ]),
  );
});

test('the JSON has them whole', async () => {
  const found = await lookUp('ASIAONE', memoryStore(held));
  expect(found).toMatchObject({
    doings: {
      calls: 4,
      all: true,
      failed: 1,
      refused: [{ calls: 1, denial: { policy: 'service control policy', policyArn: scp } }],
    },
    calls: [
      {
        eventID: 'call-0',
        doing: {
          access: 'read',
          outcome: 'done',
          resources: [{ name: 'ledger/march.csv' }, { name: 'ledger' }],
        },
      },
      { eventID: 'call-1', doing: { access: 'permission' } },
      { eventID: 'call-2', doing: { outcome: 'refused' } },
      { eventID: 'call-3', doing: { outcome: 'failed' } },
    ],
  });
});

test('the console shows the same, and nothing that a record says as markup', async () => {
  const text = await page(held, '/session?id=ASIAONE.00000000');
  for (const part of [
    'What it touched',
    'ledger/march.csv',
    'permission change',
    '<span class="badge bad">refused</span>',
    '<span class="badge dull">failed</span> NoSuchKey',
    scp,
    'AWS CLI 2.15.0 on Linux',
    'The address or the client changed',
  ])
    expect(text).toContain(part);
  const evil = {
    ...made[0],
    requestParameters: { bucketName: '<img src=x>', key: '<script>' },
    userAgent: '<b>',
  };
  const attacked = await page(
    { ...held, evidence: [evil, issuing].map(evidence) },
    '/session?id=ASIAONE.00000000',
  );
  expect(attacked).not.toMatch(/<img|<script>|<b>"/);
  expect(attacked).toContain('&lt;img src=x&gt;/&lt;script&gt;');
});

test('lists say how many more there are', async () => {
  const many = Array.from({ length: 30 }, (_, index) => ({
    ...made[0],
    eventID: `m-${index}`,
    requestParameters: { bucketName: `b-${index}` },
  }));
  const calls = (held.calls as object[])
    .slice(0, 1)
    .flatMap(call => many.map(({ eventID }) => ({ ...call, eventID })));
  const found = await lookUp(
    'ASIAONE',
    memoryStore({ ...held, evidence: many.map(evidence), calls: calls as never }),
  );
  const lines = found ? foundLines(found, plain, false) : [];
  expect(lines).toContain('    and 18 more resources');
});

test.each([
  [
    { policy: 'identity-based policy', deny: 'implicit' },
    'AccessDenied',
    'no identity-based policy allows it',
  ],
  [
    { policy: 'identity-based policy', deny: 'explicit' },
    'AccessDenied',
    'explicit deny in an identity-based policy',
  ],
  [
    { policy: 'S3 Block Public Access', deny: 'explicit' },
    'AccessDenied',
    'blocked by S3 Block Public Access',
  ],
  [
    { encoded: true },
    'Client.UnauthorizedOperation',
    'the reason is encoded in the message: aws sts decode-authorization-message reads it',
  ],
  [{}, 'AccessDenied', 'AccessDenied: the message names no policy'],
  [{}, 'ExpiredToken', 'ExpiredToken: AWS did not accept the credential'],
])('%j of %s reads: %s', (denial, code, text) => {
  const none = { policy: null, policyArn: null, deny: null, encoded: false };
  expect(refusalText({ ...none, ...denial } as never, code)).toBe(text);
});

test('kinds in words, and a long policy shortened with what is left', () => {
  expect(['AWS::IAM::Role', 'glue:devendpoint', 'AWS::::Account', 'newservice:a+b'].map(typeText)).toEqual([
    'IAM Role',
    'glue devendpoint',
    'Account',
    'newservice a+b',
  ]);
  const terms = { externalId: null, policy: 'x'.repeat(1_500), policyArns: [], durationSeconds: null };
  expect(termTexts(terms)[0]).toMatch(/x\.\.\. and 1,300 characters more$/);
});
