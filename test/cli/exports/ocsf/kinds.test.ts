import { existsSync } from 'node:fs';
import { kinds } from '../../../../cli/exports/ocsf/classes.ts';
import { ocsfEvent } from '../../../../cli/exports/ocsf/event.ts';
import type { Json } from '../../../../core/records/read.ts';
import { recordsIn, samples, trails } from '../../../core/resources/real-sets.ts';
import { cases } from '../../../core/resources/touched.cases.ts';
import { answer } from '../../fixtures.ts';
import { problemsOf } from './conforms.ts';

const event = (record: Json, part: 'call' | 'issuance' = 'call') =>
  ocsfEvent({
    evidence: {
      eventID: 'e-1',
      recipientAccountId: '999999999999',
      provenance: 'trail',
      digest: 'd'.repeat(64),
      source: 's3://trail/one',
      execution: 'x',
      record: JSON.stringify(record),
    },
    answer: answer(),
    part,
    status: 'linked',
    reason: null,
  });

const base = {
  eventVersion: '1.11',
  eventTime: '2025-03-11T09:00:00Z',
  awsRegion: 'us-east-1',
  recipientAccountId: '999999999999',
  sourceIPAddress: '198.51.100.1',
  userAgent: 'aws-cli/2.15.0',
};
const callers: Json[] = [
  {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::999999999999:assumed-role/A/b',
    accountId: '999999999999',
    accessKeyId: 'ASIAONE',
  },
  { type: 'IAMUser', arn: 'arn:aws:iam::999999999999:user/jo', userName: 'jo', principalId: 'AIDA1' },
  { type: 'Root', arn: 'arn:aws:iam::999999999999:root', accountId: '999999999999' },
  { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
  { type: 'AWSAccount', principalId: 'AROA1:x', accountId: '111111111111' },
  {},
];
const ends: Json[] = [
  {},
  { errorCode: 'NoSuchBucket', errorMessage: 'The specified bucket does not exist' },
  {
    errorCode: 'AccessDenied',
    errorMessage:
      'User: arn:aws:iam::999999999999:user/jo is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/service_control_policy/p-1',
  },
  { errorCode: 'Client.UnauthorizedOperation', errorMessage: 'Encoded authorization failure message: abc' },
];
const parts: Json[] = [
  {},
  {
    requestParameters: {
      userName: 'jo',
      policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      roleArn: 'arn:aws:iam::9:role/R',
    },
  },
  { vpcEndpointId: 'vpce-1', vpcEndpointAccountId: '111111111111', sourceIPAddress: 'AWS Internal' },
  {
    tlsDetails: { clientProvidedHostHeader: 's3.us-east-1.amazonaws.com' },
    sourceIPAddress: '2001:db8::1',
    apiVersion: '2015-03-31',
  },
  { readOnly: true, requestParameters: { bucketName: 'b', key: 'k' } },
];

test.each(kinds)(
  '%s %s is an event that the schema allows, whoever calls and whatever came of it',
  (source, eventName) => {
    const records = callers.flatMap(userIdentity =>
      ends.flatMap(end =>
        parts.map(part => ({ ...base, eventSource: source, eventName, userIdentity, ...end, ...part })),
      ),
    );
    const found = records.map(record => [
      record,
      [...problemsOf(event(record)), ...problemsOf(event(record, 'issuance'))],
    ]);
    expect(found.filter(([, problems]) => (problems as string[]).length > 0)).toEqual([]);
  },
);

test.each(cases.map(each => [each.call, each] as const))(
  'what %s touched is allowed',
  (_, { call, request, response, record }) => {
    const [source, eventName] = call.split(' ');
    const whole = {
      ...base,
      eventSource: `${source}.amazonaws.com`,
      eventName,
      requestParameters: request,
      responseElements: response,
      ...record,
    };
    expect(problemsOf(event(whole))).toEqual([]);
  },
);

test('the kinds are of every class, and of every activity of each', () => {
  const types = kinds.map(
    ([eventSource, eventName]) =>
      event({ ...base, eventSource, eventName, requestParameters: { userName: 'x' } }).type_uid,
  );
  expect(new Set(types)).toEqual(
    new Set([
      300101, 300103, 300104, 300106, 300107, 300108, 300110, 300111, 300199, 300201, 300207, 600301, 600302,
      600303, 600304, 600399,
    ]),
  );
});

const real = [samples, ...(existsSync(trails) ? [trails] : [])];

test.each(real)('every record of %s is an event that the schema allows', folder => {
  const records = [...recordsIn(folder)].filter(({ eventTime }) => typeof eventTime === 'string');
  const found = records.map(record => [record.eventID, problemsOf(event(record))] as const);
  expect(found.filter(([, problems]) => problems.length > 0)).toEqual([]);
  expect(records.length).toBeGreaterThan(100);
});
