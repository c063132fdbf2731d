import { isCalled, placeOfResource, placesAsked } from '../../../core/resources/filed.ts';
import { touchedBy } from '../../../core/resources/touched.ts';

const record = (eventSource: string, eventName: string, requestParameters: object, more: object = {}) => ({
  ...{ eventSource, eventName, requestParameters, eventID: 'e', awsRegion: 'eu-west-1' },
  ...{ recipientAccountId: '999999999999', readOnly: true, ...more },
});

/** Calls to things of every form of id and name: ARNs, names within others, names without an ARN. */
const records = [
  record('s3.amazonaws.com', 'GetObject', { bucketName: 'Ledger', key: 'March/a b:c.csv' }),
  record('iam.amazonaws.com', 'GetUser', { userName: 'JSmith' }),
  record('iam.amazonaws.com', 'GetAccessKeyLastUsed', { accessKeyId: 'AKIAEXAMPLE0000000001' }),
  record('secretsmanager.amazonaws.com', 'GetSecretValue', {
    secretId: 'arn:aws:secretsmanager:eu-west-1:999999999999:secret:prod/Db-AbCdEf',
  }),
  record('ssm.amazonaws.com', 'GetParameter', { name: '/prod/db/password' }),
  record('logs.amazonaws.com', 'CreateLogStream', {
    logGroupName: '/aws/lambda/a',
    logStreamName: '2026/03/04/[$LATEST]x y',
  }),
  record('ec2.amazonaws.com', 'DescribeInstances', { instancesSet: { items: [{ instanceId: 'i-0abc' }] } }),
  record('dynamodb.amazonaws.com', 'DescribeTable', { tableName: 'orders' }),
  record('kms.amazonaws.com', 'Decrypt', { keyId: 'alias/ledger' }),
];

test.each(records.map(each => [each.eventName, each] as const))(
  'what %s touches is found by its id and its name, in any case',
  (_, each) => {
    const { resources } = touchedBy(each);
    expect(resources.length).toBeGreaterThan(0);
    for (const resource of resources) {
      for (const asked of [resource.id, resource.name, resource.name.toUpperCase(), ` ${resource.id} `]) {
        expect(isCalled(resource, asked)).toBe(true);
        expect(placesAsked(asked)).toContain(placeOfResource(resource));
      }
    }
  },
);

test('a bucket is also meant by the calls to its objects; no other bucket is', () => {
  const [object] = touchedBy(records[0] ?? {}).resources;
  if (!object) throw new Error('it touches nothing');
  for (const asked of ['ledger', 'arn:aws:s3:::Ledger', 's3://ledger'])
    expect([isCalled(object, asked), placesAsked(asked).includes(placeOfResource(object))]).toEqual([
      true,
      true,
    ]);
  for (const asked of ['ledge', 'ledger2', 'march', 'other/March/a b:c.csv'])
    expect(isCalled(object, asked)).toBe(false);
});

test('a question looks at few places, whatever it is', () => {
  for (const asked of ['', ' ', 'a b c d e f g h i j k l m n', '%', 'a b c d e f %zz', ':::', '///'])
    expect(placesAsked(asked).length).toBeLessThan(10);
});
