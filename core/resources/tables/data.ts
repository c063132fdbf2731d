import type { ServiceTable } from '../row.ts';

const table = { type: 'AWS::DynamoDB::Table', arn: 'dynamodb:@:table/{}' };

/** DynamoDB guide, "Logging DynamoDB operations by using AWS CloudTrail"; a name may be an ARN. */
export const dynamodb: ServiceTable = {
  sources: ['dynamodb', 'dax'],
  rows: [
    {
      at: [
        'request.tableName',
        'response.tableDescription.tableArn',
        'response.table.tableArn',
        'request.tableArn',
        'request.sourceTableName',
      ],
      ...table,
    },
    { at: 'request.targetTableName', ...table },
    { at: ['request.tableCreationParameters.tableName', 'request.globalTableName'], ...table },
    { at: ['request.transactItems.**.tableName'], ...table },
    { at: ['response.backupDetails.backupArn', 'request.backupArn'], type: 'dynamodb:backup' },
    { at: ['response.exportDescription.exportArn', 'request.exportArn'], type: 'dynamodb:export' },
    { at: 'request.s3Bucket', type: 'AWS::S3::Bucket', arn: 's3:::{}' },
    { at: 'request.streamArn', type: 'dynamodb:stream' },
    { at: 'request.resourceArn', ...table },
  ],
};

/** RDS, Aurora, Neptune and DocumentDB share one API. RDS guide, "Amazon Resource Names (ARNs) in Amazon RDS". */
export const rds: ServiceTable = {
  sources: ['rds'],
  rows: [
    {
      at: ['request.targetDBSnapshotIdentifier', 'request.dBSnapshotIdentifier'],
      type: 'AWS::RDS::DBSnapshot',
      arn: 'rds:@:snapshot:{*}',
    },
    { at: 'request.sourceDBSnapshotIdentifier', type: 'AWS::RDS::DBSnapshot', arn: 'rds:@:snapshot:{*}' },
    {
      at: ['request.targetDBClusterSnapshotIdentifier', 'request.dBClusterSnapshotIdentifier'],
      type: 'AWS::RDS::DBClusterSnapshot',
      arn: 'rds:@:cluster-snapshot:{*}',
    },
    {
      at: 'request.sourceDBClusterSnapshotIdentifier',
      type: 'AWS::RDS::DBClusterSnapshot',
      arn: 'rds:@:cluster-snapshot:{*}',
    },
    {
      at: ['response.dBInstanceArn', 'request.dBInstanceIdentifier', 'request.targetDBInstanceIdentifier'],
      type: 'AWS::RDS::DBInstance',
      arn: 'rds:@:db:{}',
    },
    { at: 'request.sourceDBInstanceIdentifier', type: 'AWS::RDS::DBInstance', arn: 'rds:@:db:{}' },
    {
      at: ['response.dBClusterArn', 'request.dBClusterIdentifier'],
      type: 'AWS::RDS::DBCluster',
      arn: 'rds:@:cluster:{}',
    },
    {
      at: ['response.globalCluster.globalClusterArn', 'request.globalClusterIdentifier'],
      type: 'AWS::RDS::GlobalCluster',
      arn: 'rds::{account}:global-cluster:{}',
    },
    {
      calls: /DBSubnetGroup$/,
      at: 'request.dBSubnetGroupName',
      type: 'AWS::RDS::DBSubnetGroup',
      arn: 'rds:@:subgrp:{}',
    },
    {
      calls: /DBSecurityGroup/,
      at: 'request.dBSecurityGroupName',
      type: 'AWS::RDS::DBSecurityGroup',
      arn: 'rds:@:secgrp:{}',
    },
    {
      calls: /DB(?:Cluster)?ParameterGroup$/,
      at: 'request.dBParameterGroupName',
      type: 'AWS::RDS::DBParameterGroup',
      arn: 'rds:@:pg:{}',
    },
    { at: ['request.exportTaskIdentifier'], type: 'rds:export-task' },
    { at: 'request.sourceArn', type: 'AWS::RDS::DBSnapshot' },
    { at: 'request.s3BucketName', type: 'AWS::S3::Bucket', arn: 's3:::{}' },
    {
      at: 'request.snapshotIdentifier',
      type: 'AWS::RDS::DBClusterSnapshot',
      arn: 'rds:@:cluster-snapshot:{*}',
    },
    // Roles that the database acts in.
    { at: ['request.roleArn', 'request.iamRoleArn', 'request.s3IngestionRoleArn'], type: 'AWS::IAM::Role' },
    { at: 'request.resourceArn', type: 'AWS::RDS::DBInstance' },
    { at: 'request.resourceName', type: 'AWS::RDS::DBInstance', form: /^arn:/ },
    { at: ['request.dBProxyName'], type: 'AWS::RDS::DBProxy' },
  ],
};

export const redshift: ServiceTable = {
  sources: ['redshift', 'redshift-data', 'redshift-serverless'],
  rows: [
    {
      at: ['request.snapshotIdentifier', 'request.sourceSnapshotIdentifier'],
      type: 'AWS::Redshift::Snapshot',
      within: 'request.clusterIdentifier',
    },
    {
      at: ['request.clusterIdentifier', 'response.clusterIdentifier'],
      type: 'AWS::Redshift::Cluster',
      arn: 'redshift:@:cluster:{}',
    },
    {
      at: ['request.workgroupName', 'response.workgroup.workgroupArn'],
      type: 'AWS::RedshiftServerless::Workgroup',
    },
    {
      at: ['request.namespaceName', 'response.namespace.namespaceArn'],
      type: 'AWS::RedshiftServerless::Namespace',
    },
    {
      calls: /DataShare$/,
      at: 'request.consumerIdentifier',
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
      form: /^\d{12}$/,
    },
    { at: 'request.dataShareArn', type: 'redshift:datashare' },
  ],
};

/** Glue guide, "Specifying AWS Glue resource ARNs". */
export const glue: ServiceTable = {
  sources: ['glue'],
  rows: [
    {
      calls: /Table/,
      at: ['request.tableInput.name', 'request.tableName', 'request.name', 'request.tablesToDelete'],
      type: 'AWS::Glue::Table',
      arn: 'glue:{region}:{request.catalogId|account}:table/{request.databaseName}/{}',
    },
    {
      calls: /Partition/,
      at: 'request.tableName',
      type: 'AWS::Glue::Table',
      arn: 'glue:{region}:{request.catalogId|account}:table/{request.databaseName}/{}',
    },
    {
      calls: /Database$/,
      at: ['request.databaseInput.name', 'request.name'],
      type: 'AWS::Glue::Database',
      arn: 'glue:{region}:{request.catalogId|account}:database/{}',
    },
    {
      at: 'request.databaseName',
      type: 'AWS::Glue::Database',
      arn: 'glue:{region}:{request.catalogId|account}:database/{}',
    },
    {
      calls: /Job(?:Run)?$/,
      at: ['request.jobName', 'request.name', 'response.name'],
      type: 'AWS::Glue::Job',
      arn: 'glue:@:job/{}',
    },
    {
      calls: /Crawler$/,
      at: ['request.name', 'request.crawlerName'],
      type: 'AWS::Glue::Crawler',
      arn: 'glue:@:crawler/{}',
    },
    {
      calls: /DevEndpoint$/,
      at: ['request.endpointName', 'response.endpointName'],
      type: 'AWS::Glue::DevEndpoint',
      arn: 'glue:@:devEndpoint/{}',
    },
    {
      calls: /Connection$/,
      at: ['request.connectionInput.name', 'request.connectionName', 'request.name'],
      type: 'AWS::Glue::Connection',
      arn: 'glue:@:connection/{}',
    },
    { calls: /Trigger$/, at: ['request.name'], type: 'AWS::Glue::Trigger', arn: 'glue:@:trigger/{}' },
    { at: ['request.role', 'request.roleArn'], type: 'AWS::IAM::Role', arn: 'iam::{account}:role/{}' },
    {
      calls: /ResourcePolicy$|DataCatalogEncryptionSettings$/,
      at: ['request.catalogId', 'account'],
      type: 'glue:catalog',
      arn: 'glue:{region}:{}:catalog',
    },
  ],
};

export const athena: ServiceTable = {
  sources: ['athena'],
  rows: [
    { at: ['response.queryExecutionId', 'request.queryExecutionId'], type: 'athena:query-execution' },
    { calls: /WorkGroup$/, at: 'request.name', type: 'AWS::Athena::WorkGroup', arn: 'athena:@:workgroup/{}' },
    { at: 'request.workGroup', type: 'AWS::Athena::WorkGroup', arn: 'athena:@:workgroup/{}' },
    { at: ['response.namedQueryId', 'request.namedQueryId'], type: 'AWS::Athena::NamedQuery' },
    {
      calls: /DataCatalog$/,
      at: 'request.name',
      type: 'AWS::Athena::DataCatalog',
      arn: 'athena:@:datacatalog/{}',
    },
    { at: 'request.queryExecutionContext.database', type: 'AWS::Glue::Database', arn: 'glue:@:database/{}' },
  ],
};

export const caches: ServiceTable = {
  sources: ['elasticache', 'memorydb'],
  rows: [
    {
      at: ['response.aRN', 'request.cacheClusterId'],
      type: 'AWS::ElastiCache::CacheCluster',
      arn: 'elasticache:@:cluster:{}',
    },
    {
      at: 'request.replicationGroupId',
      type: 'AWS::ElastiCache::ReplicationGroup',
      arn: 'elasticache:@:replicationgroup:{}',
    },
    { at: 'request.snapshotName', type: 'AWS::ElastiCache::Snapshot', arn: 'elasticache:@:snapshot:{}' },
  ],
};

/** CloudSearch and OpenSearch name domains alike. */
export const search: ServiceTable = {
  sources: ['es', 'cloudsearch'],
  rows: [
    {
      at: ['response.domainStatus.aRN', 'request.domainName'],
      type: 'AWS::OpenSearchService::Domain',
      form: /^/,
    },
  ],
};
