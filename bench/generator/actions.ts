import { account, region } from './accounts.ts';
import type { Principal } from './identities.ts';
import { Random } from './random.ts';
import type { Call } from './record.ts';

export type Action = Omit<Call, keyof Principal>;

const buckets = ['billing-exports', 'data-lake-raw', 'artefakte-münchen', 'logs-東京', 'backups'] as const;
const departments = ['payments', 'Zoë', 'Übersetzung', 'データ', 'fulfilment', 'platform'] as const;

const actions: readonly [(random: Random) => Action, ...((random: Random) => Action)[]] = [
  random => ({
    eventSource: 's3.amazonaws.com',
    eventName: 'GetBucketEncryption',
    readOnly: true,
    requestParameters: {
      bucketName: random.pick(buckets),
      Host: `s3.${region}.amazonaws.com`,
      encryption: '',
    },
    resources: [{ accountId: account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${random.pick(buckets)}` }],
  }),
  random => ({
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    readOnly: true,
    requestParameters: {
      maxResults: 1000,
      instancesSet: {
        items: many(random, 2, 8, () => ({ instanceId: one(random, 300, each => `i-0${each.hex(16)}`) })),
      },
      filterSet: {
        items: [{ name: 'tag:department', valueSet: { items: [{ value: random.pick(departments) }] } }],
      },
    },
  }),
  random => {
    const keyId = one(random, 20, key);
    return {
      eventSource: 'kms.amazonaws.com',
      eventName: 'GenerateDataKey',
      readOnly: true,
      requestParameters: {
        keyId,
        encryptionContext: {
          'aws:s3:arn': `arn:aws:s3:::${random.pick(buckets)}/part=${random.hex(24)}`,
          'aws-crypto-public-key': random.id('', 88),
        },
        keySpec: 'AES_256',
      },
      resources: [{ accountId: account, type: 'AWS::KMS::Key', ARN: keyId }],
    };
  },
  random => {
    const functionName = orders(random);
    return {
      eventSource: 'lambda.amazonaws.com',
      eventName: 'UpdateFunctionConfiguration20150331v2',
      readOnly: false,
      requestParameters: { functionName, memorySize: 512, timeout: 30 },
      responseElements: {
        functionName,
        functionArn: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
        revisionId: random.uuid(),
        codeSha256: random.id('', 44),
        vpcConfig: {
          subnetIds: many(random, 1, 4, () => one(random, 20, each => `subnet-0${each.hex(16)}`)),
        },
      },
    };
  },
  random => ({
    eventSource: 'dynamodb.amazonaws.com',
    eventName: 'DescribeTable',
    readOnly: true,
    requestParameters: { tableName: `orders-${random.pick(departments)}` },
    resources: [
      {
        accountId: account,
        type: 'AWS::DynamoDB::Table',
        ARN: `arn:aws:dynamodb:${region}:${account}:table/x`,
      },
    ],
  }),
  random => ({
    eventSource: 'ssm.amazonaws.com',
    eventName: 'GetParameters',
    readOnly: true,
    requestParameters: {
      withDecryption: true,
      names: many(random, 1, 9, () =>
        one(random, 100, each => `/${each.pick(departments)}/service/${each.hex(8)}/password`),
      ),
    },
  }),
  random => ({
    eventSource: 'logs.amazonaws.com',
    eventName: 'CreateLogStream',
    readOnly: false,
    requestParameters: {
      logGroupName: `/aws/lambda/${orders(random)}`,
      logStreamName: `2026/03/04/[$LATEST]${random.hex(32)}`,
    },
  }),
  random => ({
    eventSource: 'iam.amazonaws.com',
    eventName: 'GetRolePolicy',
    readOnly: true,
    requestParameters: { roleName: one(random, 80, each => `service-${each.hex(6)}`), policyName: 'inline' },
  }),
];

/** One of so many of a kind: calls touch the same things again and again. */
function one<T>(random: Random, count: number, make: (of: Random) => T): T {
  return make(new Random(random.between(1, count)));
}

function orders(random: Random): string {
  return one(random, 60, each => `orders-${each.hex(6)}`);
}

/** One of the calls that fill a trail, now and then a denied one. */
export function anyAction(random: Random): Action {
  const action = random.pick(actions)(random);
  if (!random.chance(0.04)) return action;
  const { responseElements: _, ...asked } = action;
  const what = `${action.eventSource.split('.')[0]}:${action.eventName}`;
  return {
    ...asked,
    errorCode: random.pick(['AccessDenied', 'Client.UnauthorizedOperation', 'ThrottlingException']),
    errorMessage: `User is not authorized to perform: ${what} because no identity-based policy allows the ${what} action`,
  };
}

function many<T>(random: Random, low: number, high: number, make: () => T): T[] {
  return Array.from({ length: random.between(low, high) }, make);
}

function key(random: Random): string {
  return `arn:aws:kms:${region}:${account}:key/${random.uuid()}`;
}
