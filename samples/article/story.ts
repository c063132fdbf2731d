import type { CloudTrailRecord } from '../building/record.ts';

/**
 * Two records of the AWS Security Blog's article "How to Audit Cross-Account Roles Using AWS CloudTrail and Amazon
 * CloudWatch Events" (2016), field by field, with its typing errors put right (README.md lists them).
 */

/** As the production account's trail has it: someone used the role, but who? */
export const listBuckets: CloudTrailRecord = {
  eventVersion: '1.03',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAICKBBQTXWLOLJLHW4:TestSessionCrossAccount',
    arn: 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/TestSessionCrossAccount',
    accountId: '999999999999',
    accessKeyId: 'ASIAJJQOJ64OAM7C65AA',
    sessionContext: {
      attributes: { mfaAuthenticated: 'false', creationDate: '2016-04-05T20:39:37Z' },
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAICKBBQTXWLOLJLHW4',
        arn: 'arn:aws:iam::999999999999:role/CrossAccountTest',
        accountId: '999999999999',
        userName: 'CrossAccountTest',
      },
    },
  },
  eventTime: '2016-04-05T20:39:39Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  awsRegion: 'us-east-1',
  sourceIPAddress: 'AWS Internal',
  userAgent: '[Boto3/1.3.0 Python/3.4.4 Darwin/15.4.0 Botocore/1.4.8 Resource]',
  requestParameters: null,
  responseElements: null,
  requestID: '2ED523DEA5409137',
  eventID: '099ff820-00f2-4500-94fc-2b9da26d576f',
  eventType: 'AwsApiCall',
  recipientAccountId: '999999999999',
};

/** As EventBridge in the development account sees it: jsmith assumes the role. It has no recipientAccountId. */
export const jsmithAssumesRole = {
  version: '0',
  id: 'c204c067-a376-47a8-a760-f0bf97b89aae',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.sts',
  account: '111111111111',
  time: '2016-04-05T20:39:37Z',
  region: 'us-east-1',
  resources: [],
  detail: {
    eventVersion: '1.04',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAIDVUOOO7V6R6HKL6E',
      arn: 'arn:aws:iam::111111111111:user/jsmith',
      accountId: '111111111111',
      accessKeyId: 'AKIAJ2DZP3QVQ3D6VJBQ',
      userName: 'jsmith',
    },
    eventTime: '2016-04-05T20:39:37Z',
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: 'global',
    sourceIPAddress: '72.21.196.66',
    userAgent: 'Boto3/1.3.0 Python/3.4.4 Darwin/15.4.0 Botocore/1.4.8',
    requestParameters: {
      roleArn: 'arn:aws:iam::999999999999:role/CrossAccountTest',
      roleSessionName: 'TestSessionCrossAccount',
      externalId: '3414',
    },
    responseElements: {
      credentials: {
        accessKeyId: 'ASIAJJQOJ64OAM7C65AA',
        expiration: 'Apr 5, 2016 9:39:37 PM',
        sessionToken: 'FQoDYXdzEH4aDLnt4a+IhSowXRB+0iLXATIl',
      },
      assumedRoleUser: {
        assumedRoleId: 'AROAICKBBQTXWLOLJLHW4:TestSessionCrossAccount',
        arn: 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/TestSessionCrossAccount',
      },
    },
    requestID: '83a263cd-fb6e-11e5-88cf-c19f9d99b57d',
    eventID: 'e5a09871-dc41-4979-8cd3-e6e0fdf5ebaf',
    eventType: 'AwsApiCall',
  },
} satisfies { detail: CloudTrailRecord } & Record<string, unknown>;

/**
 * What the article's production account did not have, and AWS writes today: the role owner's own copy of the same call, which shows
 * the caller's account and id, and no name (IAM guide, cloudtrail-integration).
 */
export const roleAssumedByAccount: CloudTrailRecord = {
  ...jsmithAssumesRole.detail,
  userIdentity: {
    type: 'AWSAccount',
    principalId: 'AIDAIDVUOOO7V6R6HKL6E',
    accountId: '111111111111',
  },
  awsRegion: 'us-east-1',
  resources: [
    {
      ARN: 'arn:aws:iam::999999999999:role/CrossAccountTest',
      accountId: '999999999999',
      type: 'AWS::IAM::Role',
    },
  ],
  eventID: '5a1f0c55-6f43-4f5e-9d5e-0c1b7e6a2d10',
  readOnly: true,
  recipientAccountId: '999999999999',
  sharedEventID: '2c9a6b1e-7f0e-4a67-8d5f-3b2f9b0f1e77',
};
