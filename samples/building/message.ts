import { uuid } from './ids.ts';
import type { CloudTrailRecord, Json } from './record.ts';

/** A stored log file, as notifications speak of it. `time` ISO 8601. */
export interface StoredObject {
  bucket: string;
  key: string;
  size: number;
  etag: string;
  time: string;
}

/** The event EventBridge makes of a CloudTrail record in the account that logged it (EventBridge guide). */
export function eventBridgeEvent(account: string, record: CloudTrailRecord): Json {
  return {
    version: '0',
    id: uuid(`eventbridge ${record.eventID}`),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${record.eventSource.split('.')[0]}`,
    account,
    time: record.eventTime,
    region: record.awsRegion,
    resources: [],
    detail: record,
  };
}

/** What SQS holds of an SNS message without raw delivery (SNS guide, message formats). */
export function snsEnvelope(name: string, topicArn: string, message: Json, time: string): Json {
  const region = topicArn.split(':')[3];
  const sns = `https://sns.${region}.amazonaws.com/`;
  return {
    Type: 'Notification',
    MessageId: uuid(`sns ${name}`),
    TopicArn: topicArn,
    Message: JSON.stringify(message),
    Timestamp: time.replace('Z', '.512Z'),
    SignatureVersion: '1',
    Signature: 'EXAMPLEsignature==',
    SigningCertURL: `${sns}SimpleNotificationService-EXAMPLE.pem`,
    UnsubscribeURL: `${sns}?Action=Unsubscribe&SubscriptionArn=${topicArn}:${uuid(`subscription ${topicArn}`)}`,
  };
}

/** A bucket's classic notification: keys are form-encoded (S3 guide, event message structure). */
export function s3Notification(objects: StoredObject[]): Json {
  return { Records: objects.map(s3NotificationRecord) };
}

function s3NotificationRecord(object: StoredObject): Json {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: object.time.replace('Z', '.204Z'),
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: 'AWS:AROAEXAMPLECLOUDTRAIL:regionalDeliverySession' },
    requestParameters: { sourceIPAddress: '192.0.2.250' },
    responseElements: { 'x-amz-request-id': 'EXAMPLE123456789', 'x-amz-id-2': 'EXAMPLE/id+2=' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'trail-files',
      bucket: {
        name: object.bucket,
        ownerIdentity: { principalId: 'A3EXAMPLEOWNER' },
        arn: `arn:aws:s3:::${object.bucket}`,
      },
      object: {
        key: encodeURIComponent(object.key).replaceAll('%2F', '/').replaceAll('%20', '+'),
        size: object.size,
        eTag: object.etag,
        sequencer: '0067D0EXAMPLE0001',
      },
    },
  };
}

/** S3's event through EventBridge: the key is literal (S3 guide, EventBridge). */
export function objectCreated(account: string, object: StoredObject): Json {
  return {
    version: '0',
    id: uuid(`object created ${object.key}`),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account,
    time: object.time,
    region: 'us-east-1',
    resources: [`arn:aws:s3:::${object.bucket}`],
    detail: {
      version: '0',
      bucket: { name: object.bucket },
      object: { key: object.key, size: object.size, etag: object.etag, sequencer: '0067D0EXAMPLE0002' },
      'request-id': 'EXAMPLE123456789',
      requester: 'cloudtrail.amazonaws.com',
      'source-ip-address': '192.0.2.250',
      reason: 'PutObject',
    },
  };
}

/** CloudTrail's own notice of delivered log files (CloudTrail guide, SNS notifications). */
export function cloudTrailNotice(bucket: string, keys: string[]): Json {
  return { s3Bucket: bucket, s3ObjectKey: keys };
}
