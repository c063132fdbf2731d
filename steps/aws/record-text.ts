import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { AuditError } from '../errors.ts';

/**
 * The whole record as evidence, in compact form: raw deflate with a dictionary of what every CloudTrail record
 * repeats. A dictionary is never changed, only joined by a newer one: evidence must stay readable.
 */
const dictionaries: Record<string, Buffer> = {
  d1: Buffer.from(
    '"serviceEventDetails":{"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"' +
      '"sharedEventID":"","additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"","bytesTransferredOut":' +
      '"errorCode":"AccessDenied","errorMessage":"User: arn:aws:sts:: is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam:: because no identity-based policy allows the ' +
      '"resources":[{"accountId":"","type":"AWS::IAM::Role","ARN":"arn:aws:iam::"},{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::"}],' +
      '"requestParameters":{"roleArn":"arn:aws:iam::","roleSessionName":"","durationSeconds":3600,"externalId":"","sourceIdentity":""},' +
      '"responseElements":{"credentials":{"accessKeyId":"ASIA","sessionToken":"IQoJb3JpZ2luX2VjE","expiration":"Jul 10, 2023, 12:54:47 PM"},"assumedRoleUser":{"assumedRoleId":"AROA","arn":"arn:aws:sts::123456789012:assumed-role/"}},' +
      '"sourceIPAddress":"AWS Internal","userAgent":"aws-cli/2.15.0 Python/3.11.6 Linux/5.10 exe/x86_64 Boto3/1.34 md/Botocore#1.34 ua/2.0 os/linux lang/python cfg/retry-mode#standard","requestParameters":null,"responseElements":null,' +
      '{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROA","arn":"arn:aws:sts::123456789012:assumed-role/","accountId":"123456789012","accessKeyId":"ASIA","userName":"","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA","arn":"arn:aws:iam::123456789012:role/","accountId":"","userName":""},"webIdFederationData":{},"attributes":{"creationDate":"2023-07-10T11:54:47Z","mfaAuthenticated":"false"}},"invokedBy":"ec2.amazonaws.com"},' +
      '"eventTime":"2023-07-10T11:54:48Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1",' +
      '"requestID":"","eventID":"","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"","eventCategory":"Management"}',
  ),
};

const newest = 'd1';

export interface CompactRecord {
  coding: string;
  bytes: Uint8Array;
}

export function compactRecord(text: string): CompactRecord {
  return {
    coding: newest,
    bytes: deflateRawSync(text, { dictionary: dictionaries[newest] as Buffer, level: 9 }),
  };
}

/** The record's text as it was delivered. Throws AuditError `BrokenItem` for a coding this version does not know. */
export function recordText(record: CompactRecord): string {
  const dictionary = dictionaries[record.coding];
  if (!dictionary) throw new AuditError('BrokenItem', `evidence in the unknown coding "${record.coding}"`);
  return inflateRawSync(record.bytes, { dictionary }).toString('utf8');
}
