import type { Access } from '../../../core/resources/resource.ts';

/** One call and what it touched: `[type, id, name]` of each resource, the one that the call is about first. */
export interface TouchedCase {
  call: string;
  request?: unknown;
  response?: unknown;
  /** what else the record has */
  record?: Record<string, unknown>;
  access: Access;
  touched: [type: string, id: string, name: string][];
}

const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf';
const account = ['AWS::::Account', 'arn:aws:iam::111122223333:root', '111122223333'] as const;

/**
 * The forms of requests and answers are those of AWS's guides on logging each service with CloudTrail and of its API references;
 * the ARNs those of the service authorization reference. Account 111122223333, Region eu-west-1, by a caller of its own.
 */
export const cases: TouchedCase[] = [
  {
    call: 's3 GetObject',
    request: { bucketName: 'amzn-s3-demo-bucket', key: 'a/b c.csv', Host: 's3.amazonaws.com' },
    record: {
      readOnly: true,
      resources: [
        { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::amzn-s3-demo-bucket/a/b c.csv' },
        { accountId: '444455556666', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::amzn-s3-demo-bucket' },
      ],
    },
    access: 'read',
    touched: [
      ['AWS::S3::Object', 'arn:aws:s3:::amzn-s3-demo-bucket/a/b c.csv', 'amzn-s3-demo-bucket/a/b c.csv'],
      ['AWS::S3::Bucket', 'arn:aws:s3:::amzn-s3-demo-bucket', 'amzn-s3-demo-bucket'],
    ],
  },
  {
    call: 's3 CopyObject',
    request: { bucketName: 'to', key: 'k', 'x-amz-copy-source': '/from/dir/x?versionId=3' },
    access: 'write',
    touched: [
      ['AWS::S3::Object', 'arn:aws:s3:::to/k', 'to/k'],
      ['AWS::S3::Bucket', 'arn:aws:s3:::to', 'to'],
      ['AWS::S3::Object', 'arn:aws:s3:::from/dir/x', 'from/dir/x'],
    ],
  },
  {
    call: 's3 PutBucketPolicy',
    request: { bucketName: 'amzn-s3-demo-bucket', policy: [''] },
    record: { readOnly: false },
    access: 'permission',
    touched: [['AWS::S3::Bucket', 'arn:aws:s3:::amzn-s3-demo-bucket', 'amzn-s3-demo-bucket']],
  },
  {
    call: 's3 DeleteBucketPublicAccessBlock',
    request: { bucketName: 'b', publicAccessBlock: '' },
    record: { readOnly: false },
    access: 'permission',
    touched: [['AWS::S3::Bucket', 'arn:aws:s3:::b', 'b']],
  },
  {
    call: 's3 PutAccountPublicAccessBlock',
    request: {},
    record: { readOnly: false },
    access: 'permission',
    touched: [[...account]],
  },
  // Without readOnly it is IAM's level that tells: HeadBucket and ListObjects need s3:ListBucket.
  {
    call: 's3 ListObjects',
    request: { bucketName: 'b' },
    access: 'read',
    touched: [['AWS::S3::Bucket', 'arn:aws:s3:::b', 'b']],
  },
  {
    call: 's3express PutObject',
    request: { bucketName: 'logs--use1-az4--x-s3' },
    record: { readOnly: false },
    access: 'write',
    touched: [
      [
        'AWS::S3Express::DirectoryBucket',
        'arn:aws:s3express:eu-west-1:111122223333:bucket/logs--use1-az4--x-s3',
        'logs--use1-az4--x-s3',
      ],
    ],
  },
  {
    call: 'iam CreateUser',
    request: { userName: 'jsmith', path: '/ops/' },
    response: {
      user: { userName: 'jsmith', arn: 'arn:aws:iam::111122223333:user/ops/jsmith', path: '/ops/' },
    },
    record: { readOnly: false },
    access: 'write',
    touched: [['AWS::IAM::User', 'arn:aws:iam::111122223333:user/jsmith', 'jsmith']],
  },
  {
    call: 'iam CreateAccessKey',
    request: null,
    response: { accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', status: 'Active', userName: 'jsmith' } },
    record: { readOnly: false },
    access: 'write',
    touched: [
      [
        'AWS::IAM::AccessKey',
        'iam aws eu-west-1 111122223333 AWS%3A%3AIAM%3A%3AAccessKey AKIAIOSFODNN7EXAMPLE',
        'AKIAIOSFODNN7EXAMPLE',
      ],
      ['AWS::IAM::User', 'arn:aws:iam::111122223333:user/jsmith', 'jsmith'],
    ],
  },
  {
    call: 'iam AttachRolePolicy',
    request: { roleName: 'Admin', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    record: { readOnly: false },
    access: 'permission',
    touched: [
      ['AWS::IAM::Role', 'arn:aws:iam::111122223333:role/Admin', 'Admin'],
      ['AWS::IAM::ManagedPolicy', 'arn:aws:iam::aws:policy/AdministratorAccess', 'AdministratorAccess'],
    ],
  },
  {
    call: 'iam UpdateAssumeRolePolicy',
    request: { roleName: 'Admin', policyDocument: '{}' },
    record: { readOnly: false },
    access: 'permission',
    touched: [['AWS::IAM::Role', 'arn:aws:iam::111122223333:role/Admin', 'Admin']],
  },
  {
    call: 'iam PutRolePolicy',
    request: { roleName: 'Admin', policyName: 'inline', policyDocument: '{}' },
    record: { readOnly: false },
    access: 'permission',
    touched: [
      ['AWS::IAM::Role', 'arn:aws:iam::111122223333:role/Admin', 'Admin'],
      [
        'AWS::IAM::InlinePolicy',
        'iam aws eu-west-1 111122223333 AWS%3A%3AIAM%3A%3AInlinePolicy  Admin  inline',
        'inline',
      ],
    ],
  },
  {
    call: 'ec2 CreateInstanceExportTask',
    request: { instanceId: 'i-0abc', exportToS3: { s3Bucket: 'theirs' } },
    access: 'write',
    touched: [
      ['AWS::EC2::Instance', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc', 'i-0abc'],
      ['AWS::S3::Bucket', 'arn:aws:s3:::theirs', 'theirs'],
    ],
  },
  {
    call: 'sso AttachManagedPolicyToPermissionSet',
    request: {
      instanceArn: 'arn:aws:sso:::instance/ssoins-1',
      permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
      managedPolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    },
    record: { readOnly: false },
    access: 'permission',
    touched: [
      ['AWS::SSO::PermissionSet', 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', 'ps-1'],
      ['AWS::IAM::ManagedPolicy', 'arn:aws:iam::aws:policy/AdministratorAccess', 'AdministratorAccess'],
      ['AWS::SSO::Instance', 'arn:aws:sso:::instance/ssoins-1', 'ssoins-1'],
    ],
  },
  {
    call: 'sts AssumeRole',
    request: { roleArn: 'arn:aws:iam::444455556666:role/team/Deploy', roleSessionName: 'x' },
    record: { readOnly: true },
    access: 'read',
    touched: [['AWS::IAM::Role', 'arn:aws:iam::444455556666:role/Deploy', 'Deploy']],
  },
  {
    call: 'ec2 RunInstances',
    request: {
      instancesSet: { items: [{ imageId: 'ami-1a2b', minCount: 1 }] },
      iamInstanceProfile: { name: 'web' },
    },
    response: {
      instancesSet: {
        items: [
          { instanceId: 'i-0aaa', imageId: 'ami-1a2b', subnetId: 'subnet-9' },
          { instanceId: 'i-0bbb', imageId: 'ami-1a2b' },
        ],
      },
    },
    record: { readOnly: false },
    access: 'write',
    touched: [
      ['AWS::EC2::Instance', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0aaa', 'i-0aaa'],
      ['AWS::EC2::Instance', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0bbb', 'i-0bbb'],
      ['AWS::EC2::Image', 'arn:aws:ec2:eu-west-1::image/ami-1a2b', 'ami-1a2b'],
      ['AWS::IAM::InstanceProfile', 'arn:aws:iam::111122223333:instance-profile/web', 'web'],
    ],
  },
  {
    call: 'ec2 CreateFlowLogs',
    request: { CreateFlowLogsRequest: { ResourceId: { tag: 1, content: 'vpc-0abc' }, ResourceType: 'VPC' } },
    response: { CreateFlowLogsResponse: { flowLogIdSet: { item: 'fl-0abc' } } },
    access: 'write',
    touched: [
      ['AWS::EC2::VPC', 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-0abc', 'vpc-0abc'],
      ['AWS::EC2::FlowLog', 'arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/fl-0abc', 'fl-0abc'],
    ],
  },
  {
    call: 'ec2 ModifySnapshotAttribute',
    request: { snapshotId: 'snap-0abc', attributeType: 'CREATE_VOLUME_PERMISSION' },
    record: { readOnly: false },
    access: 'permission',
    touched: [['AWS::EC2::Snapshot', 'arn:aws:ec2:eu-west-1::snapshot/snap-0abc', 'snap-0abc']],
  },
  {
    call: 'kms Decrypt',
    request: { encryptionContext: {} },
    record: {
      readOnly: true,
      resources: [
        {
          ARN: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd',
          type: 'AWS::KMS::Key',
          accountId: '111122223333',
        },
      ],
    },
    access: 'read',
    touched: [['AWS::KMS::Key', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd', '1234abcd']],
  },
  {
    call: 'kms ScheduleKeyDeletion',
    request: { keyId: '1234abcd', pendingWindowInDays: 7 },
    response: { keyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd' },
    record: { readOnly: false },
    access: 'write',
    touched: [['AWS::KMS::Key', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd', '1234abcd']],
  },
  {
    call: 'kms PutKeyPolicy',
    request: { keyId: 'alias/prod', policy: '{}' },
    record: { readOnly: false },
    access: 'permission',
    touched: [['AWS::KMS::Alias', 'arn:aws:kms:eu-west-1:111122223333:alias/prod', 'alias/prod']],
  },
  {
    call: 'secretsmanager CreateSecret',
    request: { name: 'prod/db', clientRequestToken: 'EXAMPLE1-90ab-cdef-fedc-ba987SECRET1' },
    response: { arn: secret },
    access: 'write',
    touched: [['AWS::SecretsManager::Secret', secret, 'prod/db']],
  },
  {
    call: 'secretsmanager GetSecretValue',
    request: { secretId: 'prod/db' },
    record: { readOnly: true },
    access: 'read',
    touched: [
      [
        'AWS::SecretsManager::Secret',
        'secretsmanager aws eu-west-1 111122223333 AWS%3A%3ASecretsManager%3A%3ASecret prod/db',
        'prod/db',
      ],
    ],
  },
  {
    call: 'secretsmanager EndSecretVersionDelete',
    record: { readOnly: false, eventType: 'AwsServiceEvent', additionalEventData: { SecretId: secret } },
    access: 'write',
    touched: [['AWS::SecretsManager::Secret', secret, 'prod/db']],
  },
  {
    call: 'ssm GetParameters',
    request: { names: ['/prod/db/password', 'plain'], withDecryption: true },
    record: { readOnly: true },
    access: 'read',
    touched: [
      [
        'AWS::SSM::Parameter',
        'arn:aws:ssm:eu-west-1:111122223333:parameter/prod/db/password',
        '/prod/db/password',
      ],
      ['AWS::SSM::Parameter', 'arn:aws:ssm:eu-west-1:111122223333:parameter/plain', 'plain'],
    ],
  },
  {
    call: 'ssm StartSession',
    request: { target: 'i-0abc' },
    response: { sessionId: 'jsmith-0a1b', tokenValue: 'Value hidden due to security reasons.' },
    access: 'write',
    touched: [
      ['AWS::EC2::Instance', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc', 'i-0abc'],
      ['ssm:session', 'arn:aws:ssm:eu-west-1:111122223333:session/jsmith-0a1b', 'jsmith-0a1b'],
    ],
  },
  {
    call: 'ssm SendCommand',
    request: { documentName: 'AWS-RunShellScript', instanceIds: ['mi-0abc'] },
    access: 'write',
    touched: [
      ['AWS::SSM::ManagedInstance', 'arn:aws:ssm:eu-west-1:111122223333:managed-instance/mi-0abc', 'mi-0abc'],
      ['AWS::SSM::Document', 'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript', 'AWS-RunShellScript'],
    ],
  },
  {
    call: 'lambda CreateFunction20150331',
    request: { functionName: 'report', role: 'arn:aws:iam::111122223333:role/service-role/report' },
    response: { functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:report' },
    record: { readOnly: false },
    access: 'write',
    touched: [
      ['AWS::Lambda::Function', 'arn:aws:lambda:eu-west-1:111122223333:function:report', 'report'],
      ['AWS::IAM::Role', 'arn:aws:iam::111122223333:role/report', 'report'],
    ],
  },
  {
    call: 'lambda AddPermission20150331v2',
    request: { functionName: '444455556666:function:report', principal: '*' },
    record: { readOnly: false },
    access: 'permission',
    touched: [['AWS::Lambda::Function', 'arn:aws:lambda:eu-west-1:444455556666:function:report', 'report']],
  },
  {
    call: 'lambda Invoke',
    request: { functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:report:prod' },
    access: 'write',
    touched: [
      ['AWS::Lambda::Function', 'arn:aws:lambda:eu-west-1:111122223333:function:report:prod', 'report:prod'],
    ],
  },
  {
    call: 'dynamodb DeleteItem',
    request: { tableName: 'Orders', key: { id: '1' } },
    record: { readOnly: false },
    access: 'write',
    touched: [['AWS::DynamoDB::Table', 'arn:aws:dynamodb:eu-west-1:111122223333:table/Orders', 'Orders']],
  },
  {
    call: 'rds CopyDBSnapshot',
    request: {
      sourceDBSnapshotIdentifier: 'arn:aws:rds:eu-west-1:444455556666:snapshot:theirs',
      targetDBSnapshotIdentifier: 'mine',
    },
    access: 'write',
    touched: [
      ['AWS::RDS::DBSnapshot', 'arn:aws:rds:eu-west-1:111122223333:snapshot:mine', 'mine'],
      ['AWS::RDS::DBSnapshot', 'arn:aws:rds:eu-west-1:444455556666:snapshot:theirs', 'theirs'],
    ],
  },
  {
    call: 'cloudtrail StopLogging',
    request: { name: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/org' },
    record: { readOnly: false },
    access: 'write',
    touched: [['AWS::CloudTrail::Trail', 'arn:aws:cloudtrail:us-east-1:111122223333:trail/org', 'org']],
  },
  {
    call: 'logs DeleteLogGroup',
    request: { logGroupName: '/aws/lambda/report' },
    access: 'write',
    touched: [
      [
        'AWS::Logs::LogGroup',
        'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/report',
        '/aws/lambda/report',
      ],
    ],
  },
  {
    call: 'monitoring DeleteAlarms',
    request: { alarmNames: ['cpu', 'disk'] },
    access: 'write',
    touched: [
      ['AWS::CloudWatch::Alarm', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu', 'cpu'],
      ['AWS::CloudWatch::Alarm', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:disk', 'disk'],
    ],
  },
  {
    call: 'sns Publish',
    request: { topicArn: 'arn:aws:sns:eu-west-1:444455556666:alarms' },
    access: 'write',
    touched: [['AWS::SNS::Topic', 'arn:aws:sns:eu-west-1:444455556666:alarms', 'alarms']],
  },
  {
    call: 'sqs SendMessage',
    request: { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/444455556666/jobs' },
    access: 'write',
    touched: [['AWS::SQS::Queue', 'arn:aws:sqs:eu-west-1:444455556666:jobs', 'jobs']],
  },
  {
    call: 'events PutRule',
    request: { name: 'nightly', eventBusName: 'default' },
    access: 'write',
    touched: [['AWS::Events::Rule', 'arn:aws:events:eu-west-1:111122223333:rule/nightly', 'nightly']],
  },
  {
    call: 'events DeleteRule',
    request: { name: 'nightly', eventBusName: 'orders' },
    access: 'write',
    touched: [['AWS::Events::Rule', 'arn:aws:events:eu-west-1:111122223333:rule/orders/nightly', 'nightly']],
  },
  {
    call: 'states StartExecution',
    request: { stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:audit', name: 'run-1' },
    response: { executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:audit:run-1' },
    access: 'write',
    touched: [
      ['states:execution', 'arn:aws:states:eu-west-1:111122223333:execution:audit:run-1', 'audit:run-1'],
      [
        'AWS::StepFunctions::StateMachine',
        'arn:aws:states:eu-west-1:111122223333:stateMachine:audit',
        'audit',
      ],
    ],
  },
  {
    call: 'ecr PutImage',
    request: { registryId: '444455556666', repositoryName: 'team/app', imageTag: '1' },
    access: 'write',
    touched: [['AWS::ECR::Repository', 'arn:aws:ecr:eu-west-1:444455556666:repository/team/app', 'team/app']],
  },
  {
    call: 'ecs UpdateService',
    request: { service: 'web', cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod' },
    access: 'write',
    touched: [
      ['AWS::ECS::Service', 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web', 'web'],
      ['AWS::ECS::Cluster', 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod', 'prod'],
    ],
  },
  {
    call: 'eks CreateAccessEntry',
    request: { name: 'prod', principalArn: 'arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FOps' },
    access: 'write',
    touched: [
      ['AWS::EKS::Cluster', 'arn:aws:eks:eu-west-1:111122223333:cluster/prod', 'prod'],
      ['AWS::IAM::Role', 'arn:aws:iam::111122223333:role/Ops', 'Ops'],
    ],
  },
  { call: 'organizations LeaveOrganization', access: 'write', touched: [[...account]] },
  {
    call: 'cloudformation DeleteStack',
    request: { stackName: 'web', roleARN: 'arn:aws:iam::111122223333:role/Deploy' },
    access: 'write',
    touched: [
      [
        'AWS::CloudFormation::Stack',
        'cloudformation aws eu-west-1 111122223333 AWS%3A%3ACloudFormation%3A%3AStack web',
        'web',
      ],
      ['AWS::IAM::Role', 'arn:aws:iam::111122223333:role/Deploy', 'Deploy'],
    ],
  },
  {
    call: 'route53 ChangeResourceRecordSets',
    request: {
      hostedZoneId: '/hostedzone/Z1',
      changeBatch: {
        changes: [{ action: 'UPSERT', resourceRecordSet: { name: 'www.example.com.', type: 'A' } }],
      },
    },
    access: 'write',
    touched: [
      ['AWS::Route53::HostedZone', 'arn:aws:route53:::hostedzone/Z1', 'Z1'],
      [
        'AWS::Route53::RecordSet',
        'route53 aws eu-west-1 111122223333 AWS%3A%3ARoute53%3A%3ARecordSet %2Fhostedzone%2FZ1 www.example.com.',
        'www.example.com.',
      ],
    ],
  },
  {
    call: 'guardduty DeleteDetector',
    request: { detectorId: '12abc34d' },
    access: 'write',
    touched: [
      ['AWS::GuardDuty::Detector', 'arn:aws:guardduty:eu-west-1:111122223333:detector/12abc34d', '12abc34d'],
    ],
  },
  {
    call: 'securityhub DisableSecurityHub',
    access: 'write',
    touched: [
      ['AWS::SecurityHub::Hub', 'arn:aws:securityhub:eu-west-1:111122223333:hub/default', '111122223333'],
    ],
  },
  {
    call: 'config DeleteConfigRule',
    request: { configRuleName: 'encrypted' },
    access: 'write',
    touched: [
      [
        'AWS::Config::ConfigRule',
        'config aws eu-west-1 111122223333 AWS%3A%3AConfig%3A%3AConfigRule encrypted',
        'encrypted',
      ],
    ],
  },
  {
    call: 'cognito-idp AdminSetUserPassword',
    request: { userPoolId: 'eu-west-1_a', username: 'jsmith' },
    access: 'write',
    touched: [
      [
        'AWS::Cognito::UserPoolUser',
        'cognito-idp aws eu-west-1 111122223333 AWS%3A%3ACognito%3A%3AUserPoolUser eu-west-1_a jsmith',
        'jsmith',
      ],
      [
        'AWS::Cognito::UserPool',
        'arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a',
        'eu-west-1_a',
      ],
    ],
  },
  {
    call: 'ses SendEmail',
    request: { fromEmailAddress: 'noreply@example.com' },
    access: 'write',
    touched: [
      [
        'AWS::SES::EmailIdentity',
        'arn:aws:ses:eu-west-1:111122223333:identity/noreply@example.com',
        'noreply@example.com',
      ],
    ],
  },
  {
    call: 'bedrock InvokeModel',
    request: { modelId: 'anthropic.claude-3-sonnet-20240229-v1:0' },
    record: { readOnly: true },
    access: 'read',
    touched: [
      [
        'bedrock:foundation-model',
        'arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-sonnet-20240229-v1:0',
        'anthropic.claude-3-sonnet-20240229-v1:0',
      ],
    ],
  },
  {
    call: 'glue DeleteTable',
    request: { databaseName: 'sales', name: 'orders' },
    access: 'write',
    touched: [
      ['AWS::Glue::Table', 'arn:aws:glue:eu-west-1:111122223333:table/sales/orders', 'orders'],
      ['AWS::Glue::Database', 'arn:aws:glue:eu-west-1:111122223333:database/sales', 'sales'],
    ],
  },
  {
    call: 'athena StartQueryExecution',
    request: { workGroup: 'reports', queryString: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    response: { queryExecutionId: '7a6b' },
    access: 'write',
    touched: [
      ['athena:query-execution', 'athena aws eu-west-1 111122223333 athena%3Aquery-execution 7a6b', '7a6b'],
      ['AWS::Athena::WorkGroup', 'arn:aws:athena:eu-west-1:111122223333:workgroup/reports', 'reports'],
    ],
  },
  {
    call: 'elasticloadbalancing DeleteLoadBalancer',
    request: {
      loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc',
    },
    access: 'write',
    touched: [
      [
        'AWS::ElasticLoadBalancingV2::LoadBalancer',
        'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc',
        'app/web/50dc',
      ],
    ],
  },
  {
    call: 'acm DeleteCertificate',
    request: { certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/fb1b' },
    access: 'write',
    touched: [
      ['AWS::CertificateManager::Certificate', 'arn:aws:acm:eu-west-1:111122223333:certificate/fb1b', 'fb1b'],
    ],
  },
  {
    call: 'apigateway CreateDeployment',
    request: { restApiId: 'a1b2', stageName: 'prod' },
    record: { readOnly: false },
    access: 'write',
    touched: [
      ['AWS::ApiGateway::Stage', 'arn:aws:apigateway:eu-west-1::/restapis/a1b2/stages/prod', 'prod'],
      ['AWS::ApiGateway::RestApi', 'arn:aws:apigateway:eu-west-1::/restapis/a1b2', 'a1b2'],
    ],
  },
  {
    call: 'redshift ModifyCluster',
    request: { clusterIdentifier: 'dw', masterUserPassword: '****' },
    access: 'write',
    touched: [['AWS::Redshift::Cluster', 'arn:aws:redshift:eu-west-1:111122223333:cluster:dw', 'dw']],
  },
  {
    call: 'backup DeleteBackupVault',
    request: { backupVaultName: 'daily' },
    access: 'write',
    touched: [
      ['AWS::Backup::BackupVault', 'arn:aws:backup:eu-west-1:111122223333:backup-vault:daily', 'daily'],
    ],
  },
  // The general rule: resource types of the service authorization reference.
  {
    call: 'codebuild StartBuild',
    request: { projectName: 'site' },
    record: { readOnly: false },
    access: 'write',
    touched: [['codebuild:project', 'arn:aws:codebuild:eu-west-1:111122223333:project/site', 'site']],
  },
  {
    call: 'kafka DeleteCluster',
    request: { clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1' },
    access: 'write',
    touched: [['kafka:cluster', 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1', '1']],
  },
  // A service that the reference does not know: what identifies the request, together.
  {
    call: 'newservice DeleteThing',
    request: { groupName: 'g', thingId: 't', clientToken: 'x' },
    record: { readOnly: false },
    access: 'write',
    touched: [
      [
        'newservice:group+thing',
        'newservice aws eu-west-1 111122223333 newservice%3Agroup%2Bthing t g',
        't/g',
      ],
    ],
  },
  // Of a refused call the message may be all there is.
  {
    call: 'iam AttachUserPolicy',
    record: {
      readOnly: false,
      errorCode: 'AccessDenied',
      errorMessage:
        'User: arn:aws:iam::111122223333:user/eve is not authorized to perform: iam:AttachUserPolicy on resource: user admin because no identity-based policy allows the iam:AttachUserPolicy action',
    },
    access: 'permission',
    touched: [['AWS::IAM::User', 'arn:aws:iam::111122223333:user/admin', 'admin']],
  },
  {
    call: 'sqs DeleteQueue',
    record: {
      readOnly: false,
      errorCode: 'AccessDenied',
      errorMessage:
        'User: arn:aws:iam::111122223333:user/eve is not authorized to perform: sqs:DeleteQueue on resource: arn:aws:sqs:eu-west-1:111122223333:* with an explicit deny in a service control policy',
    },
    access: 'write',
    touched: [],
  },
];
