import * as z from 'zod';
import { irrelevant, policyShapes } from './policy-shapes.ts';

const count = z.coerce.number().int();
const tags = irrelevant;
const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const bucketEncryption = z.strictObject({
  BucketKeyEnabled: z.boolean().default(false),
  ServerSideEncryptionByDefault: z.strictObject({
    SSEAlgorithm: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
    KMSMasterKeyID: z.string().optional(),
  }),
});

/** The properties of each resource type that runs: strict, so that one that is not known is refused by name. */
export const shapes = {
  ...policyShapes,
  'AWS::Lambda::Function': z.strictObject({
    FunctionName: z.string().optional(),
    Code: z.strictObject({
      S3Bucket: z.string().optional(),
      S3Key: z.string().optional(),
      ZipFile: z.string().optional(),
    }),
    Handler: z.string(),
    Runtime: z.string(),
    Role: z.string(),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).optional() }).optional(),
    MemorySize: count.default(128),
    Timeout: count.default(3),
    ReservedConcurrentExecutions: count.optional(),
    PackageType: z.literal('Zip').optional(),
    Architectures: irrelevant,
    Description: irrelevant,
    EphemeralStorage: irrelevant,
    KmsKeyArn: irrelevant,
    LoggingConfig: irrelevant,
    RecursiveLoop: irrelevant,
    TracingConfig: irrelevant,
    Tags: tags,
  }),
  'AWS::Lambda::EventSourceMapping': z.strictObject({
    FunctionName: z.string(),
    EventSourceArn: z.string(),
    BatchSize: count.default(10),
    MaximumBatchingWindowInSeconds: count.default(0),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    ScalingConfig: z.strictObject({ MaximumConcurrency: count }).optional(),
    Enabled: z.boolean().default(true),
    MetricsConfig: irrelevant,
    Tags: tags,
  }),
  'AWS::Lambda::Permission': z.strictObject({
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
  'AWS::SQS::Queue': z.strictObject({
    QueueName: z.string().optional(),
    VisibilityTimeout: count.default(30),
    RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: count }).optional(),
    MaximumMessageSize: count.default(262_144),
    DelaySeconds: z.literal(0).optional(),
    MessageRetentionPeriod: irrelevant,
    ReceiveMessageWaitTimeSeconds: irrelevant,
    KmsMasterKeyId: z.string().optional(),
    KmsDataKeyReusePeriodSeconds: irrelevant,
    SqsManagedSseEnabled: irrelevant,
    Tags: tags,
  }),
  'AWS::SNS::Topic': z.strictObject({
    TopicName: z.string().optional(),
    MaximumMessageSize: count.default(262_144),
    DisplayName: irrelevant,
    KmsMasterKeyId: z.string().optional(),
    SignatureVersion: irrelevant,
    TracingConfig: irrelevant,
    Tags: tags,
  }),
  'AWS::SNS::Subscription': z.strictObject({
    TopicArn: z.string(),
    Protocol: z.string(),
    Endpoint: z.string(),
    RawMessageDelivery: z.boolean().default(false),
    RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string() }).optional(),
    Region: irrelevant,
  }),
  'AWS::Events::Rule': z.strictObject({
    Name: z.string().optional(),
    Description: irrelevant,
    EventPattern: z.record(z.string(), z.unknown()).optional(),
    ScheduleExpression: z.string().optional(),
    State: z
      .enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'])
      .default('ENABLED'),
    Targets: z
      .array(
        z.strictObject({
          Arn: z.string(),
          Id: z.string(),
          DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
          RetryPolicy: irrelevant,
        }),
      )
      .default([]),
    Tags: tags,
  }),
  'AWS::DynamoDB::Table': z.strictObject({
    TableName: z.string().optional(),
    KeySchema: keySchema,
    AttributeDefinitions: z.array(
      z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    GlobalSecondaryIndexes: z
      .array(
        z.strictObject({
          IndexName: z.string(),
          KeySchema: keySchema,
          Projection: z.strictObject({
            ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
            NonKeyAttributes: z.array(z.string()).optional(),
          }),
          ContributorInsightsSpecification: irrelevant,
          OnDemandThroughput: irrelevant,
          ProvisionedThroughput: irrelevant,
          WarmThroughput: irrelevant,
        }),
      )
      .optional(),
    TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
    BillingMode: irrelevant,
    ProvisionedThroughput: irrelevant,
    OnDemandThroughput: irrelevant,
    ContributorInsightsSpecification: irrelevant,
    DeletionProtectionEnabled: irrelevant,
    PointInTimeRecoverySpecification: irrelevant,
    SSESpecification: z
      .strictObject({
        SSEEnabled: z.boolean(),
        SSEType: z.literal('KMS').optional(),
        KMSMasterKeyId: z.string().optional(),
      })
      .optional(),
    TableClass: irrelevant,
    WarmThroughput: irrelevant,
    Tags: tags,
  }),
  'AWS::S3::Bucket': z.strictObject({
    BucketName: z.string().optional(),
    NotificationConfiguration: z
      .strictObject({
        EventBridgeConfiguration: z
          .strictObject({ EventBridgeEnabled: z.boolean().default(true) })
          .optional(),
      })
      .optional(),
    VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
    BucketEncryption: z
      .strictObject({ ServerSideEncryptionConfiguration: z.tuple([bucketEncryption]) })
      .optional(),
    LifecycleConfiguration: irrelevant,
    LoggingConfiguration: irrelevant,
    ObjectLockConfiguration: irrelevant,
    ObjectLockEnabled: irrelevant,
    OwnershipControls: irrelevant,
    PublicAccessBlockConfiguration: irrelevant,
    Tags: tags,
  }),
  'Custom::S3BucketNotifications': z.strictObject({
    ServiceToken: z.string(),
    BucketName: z.string(),
    NotificationConfiguration: z.strictObject({
      EventBridgeConfiguration: z.strictObject({}).optional(),
    }),
    Managed: irrelevant,
    SkipDestinationValidation: irrelevant,
  }),
  'AWS::StepFunctions::StateMachine': z.strictObject({
    StateMachineName: z.string().optional(),
    StateMachineType: z.literal('STANDARD').default('STANDARD'),
    RoleArn: z.string(),
    DefinitionS3Location: z.strictObject({ Bucket: z.string(), Key: z.string() }).optional(),
    DefinitionString: z.string().optional(),
    DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
    EncryptionConfiguration: z
      .strictObject({
        Type: z.enum(['AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KMS_KEY']),
        KmsKeyId: z.string().optional(),
        KmsDataKeyReusePeriodSeconds: irrelevant,
      })
      .optional(),
    LoggingConfiguration: irrelevant,
    TracingConfiguration: irrelevant,
    Tags: tags,
  }),
};

export type ShapeName = keyof typeof shapes;
export type Shape<T extends ShapeName> = z.infer<(typeof shapes)[T]>;
