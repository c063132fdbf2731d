import fc from 'fast-check';
import type { Json } from '../../../core/records/read.ts';
import { sessionTerms } from '../../../core/records/session-terms.ts';
import { doingOf } from '../../../core/resources/doing.ts';
import { tabled } from '../../../core/resources/tables/index.ts';
import { touchedBy } from '../../../core/resources/touched.ts';
import { cases, type TouchedCase } from './touched.cases.ts';

const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };

function recordOf({ call, request = null, response = null, record = {} }: TouchedCase, at = place): Json {
  const [source, eventName] = call.split(' ');
  return {
    userIdentity: { type: 'AssumedRole', arn: `arn:${at.partition}:sts::${at.account}:assumed-role/Ops/jo` },
    eventSource: `${source}.amazonaws.com${at.partition === 'aws-cn' ? '.cn' : ''}`,
    eventName,
    awsRegion: at.region,
    eventID: 'e',
    recipientAccountId: at.account,
    requestParameters: request,
    responseElements: response,
    ...record,
  };
}

test.each(cases.map(each => [each.call, each] as const))('%s', (_, each) => {
  const { access, resources, more } = touchedBy(recordOf(each));
  expect({ access, more, touched: resources.map(({ type, id, name }) => [type, id, name]) }).toEqual({
    access: each.access,
    more: 0,
    touched: each.touched,
  });
});

test.each([
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-eusc', 'eusc-de-east-1'],
])('ARNs are made in the partition and Region of the record: %s', (partition, region) => {
  const user = { call: 'iam DeleteUser', request: { userName: 'jo' } } as TouchedCase;
  const queue = { call: 'dynamodb DeleteTable', request: { tableName: 'T' } } as TouchedCase;
  const at = { partition, region, account: '444455556666' };
  expect(touchedBy(recordOf(user, at)).resources[0]?.id).toBe(`arn:${partition}:iam::444455556666:user/jo`);
  // Without an ARN of the caller the Region tells.
  const unnamed = { ...recordOf(queue, at), userIdentity: { type: 'AWSAccount', accountId: '444455556666' } };
  expect(touchedBy(unnamed).resources[0]?.id).toBe(
    `arn:${partition}:dynamodb:${region}:444455556666:table/T`,
  );
});

test('says whose a resource is: of the ARN, of the record, of `resources`, or that nothing tells', () => {
  const accounts = (each: Partial<TouchedCase>) =>
    touchedBy(recordOf(each as TouchedCase)).resources.map(({ account }) => account);
  expect(
    accounts({ call: 'sns Publish', request: { topicArn: 'arn:aws:sns:eu-west-1:444455556666:t' } }),
  ).toEqual(['444455556666']);
  expect(accounts({ call: 'cloudformation DeleteStack', request: { stackName: 's' } })).toEqual([
    '111122223333',
  ]);
  expect(accounts({ call: 's3 CreateBucket', request: { bucketName: 'b' } })).toEqual([null]);
  const bucket = { ARN: 'arn:aws:s3:::b', type: 'AWS::S3::Bucket', accountId: '444455556666' };
  expect(
    accounts({ call: 's3 DeleteBucket', request: { bucketName: 'b' }, record: { resources: [bucket] } }),
  ).toEqual(['444455556666']);
  expect(
    accounts({ call: 'iam GetPolicy', request: { policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' } }),
  ).toEqual([null]);
});

test('says where each stands in the record', () => {
  const from = (each: Partial<TouchedCase>) =>
    touchedBy(recordOf(each as TouchedCase)).resources.map(({ from }) => from);
  const trail = { call: 'cloudtrail CreateTrail', request: { name: 't', s3BucketName: 'b' } };
  expect(from(trail)).toEqual(['request', 'request']);
  expect(
    from({ ...trail, response: { trailARN: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/t' } }),
  ).toEqual(['response', 'request']);
  const key = { ARN: 'arn:aws:kms:eu-west-1:111122223333:key/k', type: 'AWS::KMS::Key' };
  expect(from({ call: 'kms Decrypt', record: { resources: [key] } })).toEqual(['resources']);
});

test('lists fifty resources of a call and counts the rest', () => {
  const items = Array.from({ length: 72 }, (_, index) => ({ instanceId: `i-${index}` }));
  const each = { call: 'ec2 StopInstances', request: { instancesSet: { items: [...items, ...items] } } };
  const { resources, more } = touchedBy(recordOf(each as TouchedCase));
  expect([resources.length, more]).toEqual([50, 22]);
});

test.each([
  ['no fields', {}],
  [
    'parts that are texts',
    { eventSource: 's3.amazonaws.com', requestParameters: 'x', responseElements: [], resources: {} },
  ],
  [
    'fields of other types',
    { eventSource: 7, eventName: null, requestParameters: { bucketName: { a: [] } } },
  ],
  [
    'a member called __proto__',
    JSON.parse('{"eventSource":"iam.amazonaws.com","requestParameters":{"__proto__":{"userName":"x"}}}'),
  ],
])('a record of any shape has an answer: %s', (_, record) => {
  expect(touchedBy(record as Json)).toEqual({ access: 'unknown', resources: [], more: 0 });
});

test('whatever a record holds, its resources have an id, a type and a name', () => {
  const any = fc.jsonValue({ maxDepth: 4 });
  const record = fc.record({
    eventSource: fc.constantFrom(...tabled.map(source => `${source}.amazonaws.com`), 'other.amazonaws.com'),
    eventName: fc.constantFrom('CreateThing', 'DeleteTags', 'PutRule', 'Invoke20150331', 'x'),
    requestParameters: fc.oneof(
      any,
      fc.dictionary(
        fc.constantFrom(
          'name',
          'userName',
          'policyArns',
          'durationSeconds',
          'keyId',
          'arn',
          'resourceArn',
          'key',
          'tags',
        ),
        any,
      ),
    ),
    responseElements: any,
    resources: any,
    errorMessage: any,
    userIdentity: any,
    userAgent: any,
    additionalEventData: fc.dictionary(fc.constantFrom('success', 'MFAUsed'), any),
    readOnly: any,
  });
  fc.assert(
    fc.property(record, each => {
      const { access, resources } = doingOf(each as Json);
      expect(() => sessionTerms(each as Json)).not.toThrow();
      expect(['read', 'write', 'permission', 'unknown']).toContain(access);
      for (const { id, type, name } of resources)
        expect([id, type, name].every(text => text.length > 0)).toBe(true);
      expect(new Set(resources.map(({ id }) => id)).size).toBe(resources.length);
    }),
    { numRuns: 2_000 },
  );
});

test('work on a record is bounded', () => {
  const deep = JSON.parse(`${'{"a":['.repeat(2_000)}1${']}'.repeat(2_000)}`);
  const wide = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`m${index}`, { instanceId: `i-${index}` }]),
  );
  for (const requestParameters of [deep, wide]) {
    const record = { ...recordOf({ call: 'ec2 StopInstances' } as TouchedCase), requestParameters };
    expect(touchedBy(record).resources.length).toBeLessThanOrEqual(50);
  }
});
