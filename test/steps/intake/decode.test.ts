import { decodeMessage } from '../../../steps/intake/messages/decode.ts';

const key =
  'AWSLogs/999999999999/CloudTrail/us-east-1/2016/04/05/999999999999_CloudTrail_us-east-1_20160405T2045Z_Ab1.json.gz';

const objectCreated = (objectKey: string) => ({
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '999999999999',
  time: '2016-04-05T20:45:12Z',
  region: 'us-east-1',
  resources: ['arn:aws:s3:::trail'],
  detail: {
    version: '0',
    bucket: { name: 'trail' },
    object: {
      key: objectKey,
      size: 5,
      etag: 'b1946ac92492d2347c6235b4d2611184',
      'version-id': 'v1',
      sequencer: '00',
    },
    reason: 'PutObject',
  },
});

const s3Notification = (objectKey: string, eventName = 'ObjectCreated:Put') => ({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: '2016-04-05T20:45:12.000Z',
      eventName,
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: 'trail' },
        object: { key: objectKey, size: 5, eTag: 'b194' },
      },
    },
  ],
});

const cloudTrailEvent = {
  version: '0',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.sts',
  account: '111111111111',
  time: '2016-04-05T20:39:37Z',
  region: 'us-east-1',
  detail: { eventName: 'AssumeRole' },
};

const topic = 'arn:aws:sns:us-east-1:111111111111:roletrail-assume-role';
const inSns = (message: unknown) => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: topic,
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  Timestamp: '2016-04-05T20:39:40.000Z',
});

const pinned = { bucket: 'trail', key, etag: 'b1946ac92492d2347c6235b4d2611184', versionId: 'v1', size: 5 };

describe('messages', () => {
  test.each([
    ['Object Created', objectCreated(key), { ...pinned, deliveredAt: '2016-04-05T20:45:12Z' }],
    ['Object Created in SNS', inSns(objectCreated(key)), { ...pinned, deliveredAt: '2016-04-05T20:45:12Z' }],
    [
      'a key with a plus sign is literal on EventBridge',
      objectCreated('a+b%2F.json.gz'),
      { key: 'a+b%2F.json.gz' },
    ],
    ['a classic notification', s3Notification(key), { bucket: 'trail', key, etag: 'b194', size: 5 }],
    ['a classic key is form-encoded', s3Notification('a%2Bb+c%2F%C3%A4.json.gz'), { key: 'a+b c/ä.json.gz' }],
    ['with the older event name', s3Notification(key, 's3:ObjectCreated:CompleteMultipartUpload'), { key }],
    ["CloudTrail's notice", inSns({ s3Bucket: 'trail', s3ObjectKey: [key] }), { bucket: 'trail', key }],
    ["CloudTrail's notice, raw", { s3Bucket: 'trail', s3ObjectKey: [key] }, { bucket: 'trail', key }],
  ])('%s names a log file', (_, body, object) => {
    expect(decodeMessage(JSON.stringify(body))).toMatchObject({
      kind: 'objects',
      objects: [object],
      notLogs: 0,
    });
  });

  test.each([
    ['a digest', objectCreated(key.replaceAll('CloudTrail', 'CloudTrail-Digest'))],
    ['an insight', s3Notification(key.replaceAll('CloudTrail', 'CloudTrail-Insight'))],
    ['a removal', s3Notification(key, 'ObjectRemoved:Delete')],
    ['a notice of a digest', { s3Bucket: 'trail', s3ObjectKey: ['x/CloudTrail-Digest/a.json.gz'] }],
    ['another file', objectCreated('README.txt')],
  ])('%s is dropped and counted', (_, body) => {
    expect(decodeMessage(JSON.stringify(body))).toEqual({
      kind: 'objects',
      objects: [],
      notLogs: 1,
      topicArn: null,
    });
  });

  test.each([
    ['in SNS', inSns(cloudTrailEvent), topic],
    ['bare', cloudTrailEvent, null],
  ])('a CloudTrail event %s', (_, body, topicArn) => {
    const event = {
      account: '111111111111',
      region: 'us-east-1',
      time: '2016-04-05T20:39:37Z',
      record: { eventName: 'AssumeRole' },
    };
    expect(decodeMessage(JSON.stringify(body))).toEqual({ kind: 'event', topicArn, event });
  });

  test.each([
    ["S3's test event", JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'trail' })],
    ["CloudTrail's validation message", 'CloudTrail validation message.'],
    ["CloudTrail's validation message in SNS", JSON.stringify(inSns('CloudTrail validation message.'))],
  ])('%s is nothing to do, by name', (_, body) => {
    expect(decodeMessage(body).kind).toBe('nothing');
  });

  test.each([
    ['no JSON', 'hello', 'NotJson'],
    ['a list', '[]', 'UnknownMessage'],
    ['a null', 'null', 'UnknownMessage'],
    ['an unknown shape', '{"hello":"world"}', 'UnknownMessage'],
    ['an unknown shape in SNS', JSON.stringify(inSns({ hello: 'world' })), 'UnknownMessage'],
    [
      'an SNS envelope without a message',
      JSON.stringify({ Type: 'Notification', TopicArn: topic }),
      'MissingField',
    ],
    [
      'a notification without a bucket',
      JSON.stringify({ Records: [{ eventSource: 'aws:s3', s3: {} }] }),
      'MissingField',
    ],
    ['a key that is not form-encoded', JSON.stringify(s3Notification('%E0%A4%A')), 'WrongType'],
    ['a notice whose keys are no list', JSON.stringify({ s3Bucket: 'b', s3ObjectKey: 'k' }), 'WrongType'],
    [
      'an event without an account',
      JSON.stringify({ ...cloudTrailEvent, account: undefined }),
      'MissingField',
    ],
    ['an event of no account id', JSON.stringify({ ...cloudTrailEvent, account: '1111' }), 'WrongType'],
    [
      'CloudTrail records themselves',
      JSON.stringify({ Records: [{ eventVersion: '1.08' }] }),
      'UnknownMessage',
    ],
  ])('%s is refused as %s', (_, body, name) => {
    expect(() => decodeMessage(body)).toThrow(expect.objectContaining({ name }));
  });
});
