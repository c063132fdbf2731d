import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { quarantinePrefix, retriedPrefix, workPrefix } from '../steps/store/tables.ts';
import { type Removal, retained } from './removal.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

const closed = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  versioned: true,
} satisfies BucketProps;

export interface BucketsProps {
  key: IKey;
  config: RoletrailConfig;
  removal: Removal;
  /** a bucket for access logs that is there already */
  accessLogs?: IBucket | undefined;
}

/** The trail's log files, the data between steps with the quarantine, and who read or wrote either. */
export class Buckets extends Construct {
  readonly trail: IBucket;
  readonly work: Bucket;

  constructor(scope: Construct, id: string, { key, config, removal, accessLogs: given }: BucketsProps) {
    super(scope, id);
    const { trailBucket } = config;
    const kept = { removalPolicy: retained(removal) };
    // S3 delivers access logs only to a bucket with its own encryption.
    const accessLogs =
      given ??
      new Bucket(this, 'AccessLogs', {
        ...closed,
        ...kept,
        encryption: BucketEncryption.S3_MANAGED,
        lifecycleRules: [{ expiration: Duration.days(400), noncurrentVersionExpiration: Duration.days(1) }],
      });
    const evidence = {
      ...closed,
      ...kept,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      // CDK's own types disagree on an optional property of these two under exactOptionalPropertyTypes.
      serverAccessLogsBucket: accessLogs as IBucket,
    } satisfies BucketProps;
    this.work = new Bucket(this, 'Work', {
      ...evidence,
      serverAccessLogsPrefix: 'work/',
      lifecycleRules: [
        {
          id: 'WorkDataLastsADay',
          prefix: workPrefix,
          expiration: Duration.days(1),
          noncurrentVersionExpiration: Duration.days(1),
        },
        {
          id: 'NothingLeftOver',
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
        ...[quarantinePrefix, retriedPrefix].flatMap(prefix => expiring(config, prefix)),
      ],
    });
    this.trail = trailBucket.create
      ? (createTrailBucket(this, config, {
          ...evidence,
          serverAccessLogsPrefix: 'trail/',
        }) as IBucket)
      : Bucket.fromBucketName(this, 'Trail', trailBucket.name);
    // Trails go on writing when the stack is gone, and a second installation takes the bucket as it is.
    for (const bucket of [accessLogs, this.work, this.trail])
      if (bucket instanceof Bucket) bucket.policy?.applyRemovalPolicy(kept.removalPolicy);
  }
}

/**
 * Overwritten and deleted versions are kept for another month: otherwise someone who tampers with an object could remove it within a day. So an
 * object is gone a month after its end.
 */
const oldVersions = Duration.days(30);

/** Expires the objects under a prefix, or all objects of a bucket, if the configuration sets a retention. */
function expiring({ retentionDays }: RoletrailConfig, prefix?: string): LifecycleRule[] {
  if (retentionDays === undefined) return [];
  const rule = { expiration: Duration.days(retentionDays), noncurrentVersionExpiration: oldVersions };
  return [{ ...rule, ...(prefix && { prefix }) }];
}

/**
 * A bucket that trails of this account may write to.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
function createTrailBucket(scope: Construct, config: RoletrailConfig, props: BucketProps): Bucket {
  const { trailBucket, retentionDays, lockDays } = config;
  const bucket = new Bucket(scope, 'Trail', {
    ...props,
    bucketName: trailBucket.name,
    ...(lockDays && { objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(lockDays)) }),
    lifecycleRules: [
      {
        abortIncompleteMultipartUploadAfter: Duration.days(7),
        // A rule that ends objects cannot say so of delete markers too.
        ...(retentionDays && { expiredObjectDeleteMarker: true }),
      },
      ...expiring(config),
    ],
  });
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new TypeError('the trail bucket has no CfnBucket');
  // CDK's own switch brings a custom resource with a function and a managed policy.
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  const { account } = Stack.of(scope);
  const cloudTrail = {
    principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  };
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'CloudTrailChecksTheBucket',
      ...cloudTrail,
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: 'CloudTrailWritesLogFiles',
      principals: cloudTrail.principals,
      conditions: {
        StringEquals: { 'aws:SourceAccount': account, 's3:x-amz-acl': 'bucket-owner-full-control' },
      },
      actions: ['s3:PutObject'],
      resources: [
        bucket.arnForObjects(`AWSLogs/${account}/*`),
        bucket.arnForObjects(`*/AWSLogs/${account}/*`),
      ],
    }),
  );
  return bucket;
}
