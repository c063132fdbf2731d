import {
  endAttribute,
  evidenceTable,
  idempotencyTable,
  ledgerTable,
  lookupsTable,
  sendersTable,
  sessionsTable,
  type TableSchema,
} from '../../steps/store/tables.ts';
import { ofType, one, productionTemplate, type Resource, readable } from './assembly.ts';
import before from './tables-before.json' with { type: 'json' };

const template = productionTemplate();

const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];

function expectKept({ DeletionPolicy, UpdateReplacePolicy }: Resource, deletion = 'Retain'): void {
  expect([DeletionPolicy, UpdateReplacePolicy]).toEqual([deletion, 'Retain']);
}

describe.each([
  ['Evidence', evidenceTable],
  ['Sessions', sessionsTable],
  ['Ledger', ledgerTable],
  ['Lookups', lookupsTable],
] as [string, TableSchema][])('the table %s', (name, schema) => {
  const [, table] = one(template, 'AWS::DynamoDB::Table', `Tables${name}`);

  test('has the keys and indexes the steps use', () => {
    expect(table.Properties.KeySchema).toEqual(keys(schema.partition, schema.sort));
    expect(table.Properties.GlobalSecondaryIndexes ?? []).toMatchObject(
      Object.entries(schema.indexes).map(([IndexName, { partition, sort, project }]) => ({
        IndexName,
        KeySchema: keys(partition, sort),
        Projection:
          project === 'ALL'
            ? { ProjectionType: 'ALL' }
            : { ProjectionType: 'INCLUDE', NonKeyAttributes: project },
      })),
    );
  });

  test('outlives the stack, can be restored, is encrypted with the key and paid by request', () => {
    expectKept(table);
    expect(readable(table.Properties)).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: '<Key.Arn>' },
      BillingMode: 'PAY_PER_REQUEST',
    });
    expect(table.Properties.TimeToLiveSpecification).toBeUndefined();
  });
});

// CloudFormation adds or deletes one index of a table in an update, and replaces a table whose keys change (resource reference,
// AWS::DynamoDB::Table): a stack of before is updated in one go only where its tables stay as they were deployed.
test('a stack of before is updated: its tables keep their keys and indexes, look-ups have a table of their own', () => {
  const now = Object.fromEntries(
    Object.entries(ofType(template, 'AWS::DynamoDB::Table')).map(([id, { Properties }]) => [
      id,
      deployed(Properties),
    ]),
  );
  expect(now).toMatchObject(before);
  const fresh = Object.keys(now).filter(id => !(id in before));
  expect(fresh).toEqual(['TablesLookupsA6B18656']);
});

function deployed({ KeySchema, GlobalSecondaryIndexes = [], TableName }: Record<string, unknown>) {
  return { KeySchema, GlobalSecondaryIndexes, named: TableName !== undefined };
}

test('the table of idempotency forgets', () => {
  const [, table] = one(template, 'AWS::DynamoDB::Table', 'TablesIdempotency');
  expect(readable(table.Properties)).toMatchObject({
    KeySchema: [{ AttributeName: idempotencyTable.partition, KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: idempotencyTable.ttl, Enabled: true },
    SSESpecification: { KMSMasterKeyId: '<Key.Arn>' },
  });
});

test('the table of senders forgets', () => {
  const [, table] = one(template, 'AWS::DynamoDB::Table', 'TablesSenders');
  expect(readable(table.Properties)).toMatchObject({
    KeySchema: [{ AttributeName: sendersTable.partition, KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: sendersTable.ttl, Enabled: true },
    SSESpecification: { KMSMasterKeyId: '<Key.Arn>' },
  });
});

describe.each(['Work', 'Trail', 'AccessLogs'])('the bucket %s', name => {
  const [id, bucket] = one(template, 'AWS::S3::Bucket', `Buckets${name}`);

  test('is closed, versioned, and outlives the stack', () => {
    // A name that a failed first creation leaves behind would refuse the next.
    expectKept(bucket, 'RetainExceptOnCreate');
    expectKept(one(template, 'AWS::S3::BucketPolicy', `Buckets${name}Policy`)[1], 'RetainExceptOnCreate');
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  test('takes no plain HTTP', () => {
    const [, policy] = one(template, 'AWS::S3::BucketPolicy', `Buckets${name}Policy`);
    expect(policy.Properties).toMatchObject({
      Bucket: { Ref: id },
      PolicyDocument: {
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });
});

test.each(['Work', 'Trail'])('the bucket %s is encrypted with the key and its accesses are logged', name => {
  const [, bucket] = one(template, 'AWS::S3::Bucket', `Buckets${name}`);
  expect(readable(bucket.Properties)).toMatchObject({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: '<Key.Arn>' } },
      ],
    },
    LoggingConfiguration: { DestinationBucketName: '<BucketsAccessLogs>' },
  });
});

test('work data lasts a day, the quarantine stays', () => {
  const [, bucket] = one(template, 'AWS::S3::Bucket', 'BucketsWork');
  const { Rules } = bucket.Properties.LifecycleConfiguration as {
    Rules: { Prefix?: string; ExpirationInDays?: number; NoncurrentVersionExpiration?: object }[];
  };
  const expiring = Rules.filter(rule => rule.ExpirationInDays || rule.NoncurrentVersionExpiration);
  expect(expiring).toMatchObject([
    { Prefix: 'work/', ExpirationInDays: 1, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
  ]);
});

describe('with an end and a lock', () => {
  const ending = productionTemplate({
    retentionDays: 400,
    lockDays: 365,
    trailBucket: { name: 'cloudtrailbucket-999999999999', create: true },
  });
  interface Rule {
    Prefix?: string;
    ExpirationInDays?: number;
    NoncurrentVersionExpiration?: { NoncurrentDays: number };
  }
  const rulesOf = (name: string): Rule[] => {
    const [, { Properties }] = one(ending, 'AWS::S3::Bucket', `Buckets${name}`);
    return (Properties.LifecycleConfiguration as { Rules: Rule[] }).Rules.filter(
      rule => rule.ExpirationInDays || rule.NoncurrentVersionExpiration,
    );
  };

  test.each(['Evidence', 'Sessions', 'Ledger'])(
    'the table %s deletes what has ended, and is as safe',
    name => {
      const [, table] = one(ending, 'AWS::DynamoDB::Table', `Tables${name}`);
      expectKept(table);
      expect(table.Properties).toMatchObject({
        TimeToLiveSpecification: { AttributeName: endAttribute, Enabled: true },
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    },
  );

  test('the quarantine ends, what was overwritten a month later; work data lasts a day as ever', () => {
    const month = { NoncurrentVersionExpiration: { NoncurrentDays: 30 } };
    expect(rulesOf('Work')).toMatchObject([
      { Prefix: 'work/', ExpirationInDays: 1, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
      { Prefix: 'quarantine/', ExpirationInDays: 400, ...month },
      { Prefix: 'quarantine-retried/', ExpirationInDays: 400, ...month },
    ]);
  });

  test('log files of the created bucket end, and are locked until then', () => {
    const [, { Properties }] = one(ending, 'AWS::S3::Bucket', 'BucketsTrail');
    expect(rulesOf('Trail')).toEqual([
      {
        ExpirationInDays: 400,
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        Status: 'Enabled',
      },
    ]);
    // S3 guide, Object Lock: it needs versioning.
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } },
      },
    });
  });

  test('nobody of the stack may pass the lock by', () => {
    expect(JSON.stringify(ending)).not.toContain('BypassGovernance');
  });
});

test('without an end and a lock, log files stay', () => {
  const [, { Properties }] = one(template, 'AWS::S3::Bucket', 'BucketsTrail');
  expect(JSON.stringify(Properties)).not.toMatch(/Expiration|ObjectLock/);
});

describe('a created trail bucket', () => {
  const [, bucket] = one(template, 'AWS::S3::Bucket', 'BucketsTrail');

  test('has the configured name and tells EventBridge, without a custom resource', () => {
    expect(bucket.Properties).toMatchObject({
      BucketName: 'cloudtrailbucket-999999999999',
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(Object.values(template.Resources).filter(({ Type }) => Type.startsWith('Custom::'))).toEqual([]);
  });

  test('lets trails of this account write, and no other', () => {
    const [, policy] = one(template, 'AWS::S3::BucketPolicy', 'BucketsTrailPolicy');
    const { PolicyDocument } = readable(policy.Properties) as {
      PolicyDocument: { Statement: { Effect: string }[] };
    };
    expect(PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        Sid: 'CloudTrailChecksTheBucket',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:GetBucketAcl',
        Resource: '<BucketsTrail.Arn>',
        Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
      },
      {
        Sid: 'CloudTrailWritesLogFiles',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: [
          '<BucketsTrail.Arn>/*/AWSLogs/999999999999/*',
          '<BucketsTrail.Arn>/AWSLogs/999999999999/*',
        ],
        Condition: {
          StringEquals: { 'aws:SourceAccount': '999999999999', 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      },
    ]);
  });
});

test('an existing trail bucket is left alone, and its owner is told how to turn EventBridge on', () => {
  // When
  const existing = productionTemplate({ trailBucket: { name: 'trail-of-ours' } });
  // Then
  const buckets = Object.keys(ofType(existing, 'AWS::S3::Bucket')).map(id =>
    id.slice(0, 'BucketsWork'.length),
  );
  expect(buckets.sort()).toEqual(['BucketsAcce', 'BucketsWork']);
  expect(existing.Outputs).toMatchObject({
    TrailBucketName: { Value: 'trail-of-ours' },
    TurnOnEventBridge: {
      Value: `aws s3api put-bucket-notification-configuration --bucket trail-of-ours --notification-configuration '{"EventBridgeConfiguration":{}}'`,
    },
  });
  expect(template.Outputs).not.toHaveProperty('TurnOnEventBridge');
});
