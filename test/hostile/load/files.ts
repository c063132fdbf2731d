import { gzipSync } from 'node:zlib';

export const account = '999999999999';
const role = `arn:aws:iam::${account}:role/CrossAccountTest`;

/** Numbers from 0 to 1 that depend on nothing but the seed (Mulberry32). */
export function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same elements in an order of chance (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const left = [...list];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(Math.floor(random() * left.length), 1));
  return out;
}

export interface LoadFile {
  key: string;
  body: Buffer;
}

/** Calls in each file under one session; the issuance of that session lies in the next file. */
export const callsPerFile = 4;
export const noisePerFile = 40;

/** Log files of one hour; file n holds the calls of session n and the issuance of session n - 1. */
export function loadFiles(count: number): LoadFile[] {
  return Array.from({ length: count }, (_, n) => {
    const records = [
      issuance((n + count - 1) % count),
      ...Array.from({ length: callsPerFile }, (_, call) => sessionCall(n, call)),
      ...Array.from({ length: noisePerFile }, (_, noise) => background(n, noise)),
    ];
    const unique = `Load${String(n).padStart(12, '0')}`;
    return {
      key: `AWSLogs/${account}/CloudTrail/us-east-1/2025/03/11/${account}_CloudTrail_us-east-1_20250311T0905Z_${unique}.json.gz`,
      body: gzipSync(JSON.stringify({ Records: records })),
    };
  });
}

export const keyOf = (n: number) => `ASIALOAD${String(n).padStart(12, '0')}`;
const uuid = (kind: number, n: number, i: number) =>
  `0000000${kind}-0000-4000-8000-${n.toString(16).padStart(6, '0')}${i.toString(16).padStart(6, '0')}`;

const common = {
  eventVersion: '1.08',
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.7',
  userAgent: 'aws-cli/2.15.0',
  eventType: 'AwsApiCall',
  recipientAccountId: account,
};
const session = (n: number) => ({
  principalId: `AROALOADROLE000000001:person-${n}`,
  arn: `arn:aws:sts::${account}:assumed-role/CrossAccountTest/person-${n}`,
});

function issuance(n: number) {
  const { principalId, arn } = session(n);
  return {
    ...common,
    eventID: uuid(1, n, 0),
    eventTime: '2025-03-11T09:00:00Z',
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: {
      type: 'IAMUser',
      principalId: `AIDALOAD${String(n).padStart(13, '0')}`,
      arn: `arn:aws:iam::${account}:user/person-${n}`,
      accountId: account,
      userName: `person-${n}`,
      accessKeyId: `AKIALOAD${String(n).padStart(12, '0')}`,
    },
    requestParameters: { roleArn: role, roleSessionName: `person-${n}` },
    responseElements: {
      credentials: { accessKeyId: keyOf(n), expiration: 'Mar 11, 2025, 10:00:00 AM' },
      assumedRoleUser: { assumedRoleId: principalId, arn },
    },
  };
}

function sessionCall(n: number, call: number) {
  const attributes = { creationDate: '2025-03-11T09:00:00Z', mfaAuthenticated: 'false' };
  const sessionIssuer = {
    type: 'Role',
    principalId: 'AROALOADROLE000000001',
    arn: role,
    accountId: account,
    userName: 'CrossAccountTest',
  };
  return {
    ...common,
    eventID: uuid(2, n, call),
    eventTime: `2025-03-11T09:00:0${1 + call}Z`,
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    userIdentity: {
      type: 'AssumedRole',
      ...session(n),
      accountId: account,
      accessKeyId: keyOf(n),
      sessionContext: { sessionIssuer, attributes },
    },
  };
}

function background(n: number, noise: number) {
  return {
    ...common,
    eventID: uuid(3, n, noise),
    eventTime: '2025-03-11T09:00:30Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    userIdentity: { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' },
  };
}
