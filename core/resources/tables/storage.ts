import type { ServiceTable } from '../row.ts';

const backupVault = 'backup:@:backup-vault:{}';

/**
 * S3 user guide, "Amazon S3 CloudTrail events": `bucketName` and `key`; ARNs of buckets name neither region nor account. A
 * directory bucket's does ("Amazon Resource Names for directory buckets"). Kinds of ARNs here and below: service
 * authorization reference, "Resource types defined by" each service.
 */
export const s3: ServiceTable = {
  sources: ['s3', 's3express'],
  rows: [
    {
      at: 'request.key',
      type: 'AWS::S3::Object',
      arn: 's3:::{request.bucketName}/{*}',
      name: '{request.bucketName}/{}',
    },
    {
      at: 'request.bucketName',
      type: 'AWS::S3Express::DirectoryBucket',
      arn: 's3express:@:bucket/{}',
      form: /--x-s3$/,
    },
    {
      at: ['request.bucketName', 'request.bucket'],
      type: 'AWS::S3::Bucket',
      arn: 's3:::{}',
      form: /^(?!.*--x-s3$)/,
    },
    // A copy reads from another object: `/bucket/key?versionId=...` (S3 API, CopyObject).
    {
      at: 'request.x-amz-copy-source',
      type: 'AWS::S3::Object',
      arn: 's3:::{*}',
      form: /^\/?(?<name>[^?/]+\/[^?]+)/,
    },
    { calls: /AccessPoint/, at: 'request.name', type: 'AWS::S3::AccessPoint', arn: 's3:@:accesspoint/{}' },
    {
      calls: /^(?:Put|Delete)AccountPublicAccessBlock$/,
      at: 'account',
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
    },
  ],
};

export const files: ServiceTable = {
  sources: ['elasticfilesystem', 'fsx'],
  rows: [
    {
      at: ['response.fileSystemArn', 'request.fileSystemId', 'response.fileSystem.resourceARN'],
      type: 'AWS::EFS::FileSystem',
      arn: 'elasticfilesystem:@:file-system/{}',
      form: /^(?:arn:|fs-)/,
    },
    { at: ['request.mountTargetId', 'response.mountTargetId'], type: 'AWS::EFS::MountTarget' },
    {
      at: ['response.accessPointArn', 'request.accessPointId'],
      type: 'AWS::EFS::AccessPoint',
      arn: 'elasticfilesystem:@:access-point/{}',
    },
  ],
};

export const backup: ServiceTable = {
  sources: ['backup'],
  rows: [
    { at: ['request.recoveryPointArn', 'response.recoveryPointArn'], type: 'AWS::Backup::RecoveryPoint' },
    {
      at: ['response.backupVaultArn', 'request.backupVaultName', 'request.sourceBackupVaultName'],
      type: 'AWS::Backup::BackupVault',
      arn: backupVault,
    },
    { at: 'request.destinationBackupVaultArn', type: 'AWS::Backup::BackupVault', arn: backupVault },
    {
      at: ['response.backupPlanArn', 'request.backupPlanId'],
      type: 'AWS::Backup::BackupPlan',
      arn: 'backup:@:backup-plan:{}',
    },
    { at: 'request.resourceArn' },
  ],
};
