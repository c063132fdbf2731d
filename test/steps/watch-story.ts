import { AuditedRoles } from '../../core/identities/roles.ts';
import { normalize } from '../../core/reading/normalize.ts';
import type { AuditEvent } from '../../core/records/event.ts';

/** A role session that lists buckets, and the AssumeRole that began it, as CloudTrail logs them in production. */
export const account = '999999999999';
export const key = 'ASIAEXAMPLEWATCHED01';
export const roleArn = `arn:aws:iam::${account}:role/CrossAccountTest`;
export const sessionArn = `arn:aws:sts::${account}:assumed-role/CrossAccountTest/dana`;
export const began = '2025-06-02T10:00:00Z';

const principalId = 'AROAEXAMPLEWATCHED0001:dana';
const common = {
  eventVersion: '1.08',
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.7',
  userAgent: 'aws-cli/2.15.0',
  eventType: 'AwsApiCall',
  recipientAccountId: account,
};

type Record_ = Record<string, unknown>;

export function callRecord(change: Record_ = {}, issuer = roleArn): Record_ {
  return {
    ...common,
    eventID: 'c0000000-0000-4000-8000-000000000001',
    eventTime: '2025-06-02T10:00:05Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    userIdentity: {
      type: 'AssumedRole',
      principalId,
      arn: sessionArn,
      accountId: account,
      accessKeyId: key,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLEWATCHED0001',
          arn: issuer,
          accountId: account,
          userName: 'CrossAccountTest',
        },
        attributes: { creationDate: began, mfaAuthenticated: 'false' },
      },
    },
    ...change,
  };
}

export function issuanceRecord(): Record_ {
  return {
    ...common,
    eventID: 'a0000000-0000-4000-8000-000000000001',
    eventTime: began,
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEWATCHED0001',
      arn: `arn:aws:iam::${account}:user/dana`,
      accountId: account,
      userName: 'dana',
      accessKeyId: 'AKIAEXAMPLEWATCHED01',
    },
    requestParameters: { roleArn, roleSessionName: 'dana' },
    responseElements: {
      credentials: { accessKeyId: key, expiration: 'Jun 2, 2025, 11:00:00 AM' },
      assumedRoleUser: { assumedRoleId: principalId, arn: sessionArn },
    },
    readOnly: true,
  };
}

/** A claim of it by an account that trusts nobody's logs but its own: the event that it sends, with a caller of its choice. */
export function claimRecord(partner: string): Record_ {
  const { userIdentity, ...rest } = issuanceRecord();
  const arn = `arn:aws:iam::${partner}:user/ceo`;
  return {
    ...rest,
    eventID: 'f0000000-0000-4000-8000-000000000001',
    recipientAccountId: partner,
    userIdentity: { ...(userIdentity as Record_), arn, accountId: partner, userName: 'ceo' },
  };
}

/** A record as the steps before Persist hand it on, with every role audited. */
export function eventOf(record: Record_, partner: string | null = null): AuditEvent {
  const provenance = partner === null ? 'trail' : 'partner';
  return normalize(record, { source: 's3://trail/x', provenance, account: partner }, new AuditedRoles(['*']));
}
