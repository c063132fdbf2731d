import { type Identity, regionalArn, stableUuid, urlSuffixOf } from './names.ts';

/** How AWS names a resource of one type, what Ref and Fn::GetAtt give, and whether it runs here. */
export interface ResourceType {
  /** true, or why it deliberately does not run */
  runs: true | string;
  nameProperty?: string;
  /** longest name AWS accepts */
  longest?: number;
  lowerCase?: boolean;
  /** absent: the name */
  ref?(at: Identity): string;
  attributes?(at: Identity, properties: Record<string, unknown>): Record<string, string>;
}

const arn = (service: string, prefix: string) => (at: Identity) => regionalArn(service, prefix + at.name, at);
const idOf = (at: Identity) => stableUuid(`${at.account}/${at.region}/${at.name}`);
const keyArn = (at: Identity) => regionalArn('kms', `key/${idOf(at)}`, at);
const rolePath = (properties: Record<string, unknown>) =>
  typeof properties.Path === 'string' ? properties.Path : '/';

/** Every resource type a template may hold. One that is not here is refused by name. */
export const resourceTypes: Record<string, ResourceType> = {
  'AWS::Lambda::Function': {
    runs: true,
    nameProperty: 'FunctionName',
    longest: 64,
    attributes: at => ({ Arn: arn('lambda', 'function:')(at) }),
  },
  'AWS::Lambda::EventSourceMapping': {
    runs: true,
    ref: idOf,
    attributes: at => ({
      Id: idOf(at),
      EventSourceMappingArn: regionalArn('lambda', `event-source-mapping:${idOf(at)}`, at),
    }),
  },
  'AWS::Lambda::Permission': { runs: true },
  'AWS::Lambda::EventInvokeConfig': { runs: 'a schedule’s run is not tried again here' },
  'AWS::SQS::Queue': {
    runs: true,
    nameProperty: 'QueueName',
    longest: 80,
    ref: at => `https://sqs.${at.region}.${urlSuffixOf(at.region)}/${at.account}/${at.name}`,
    attributes: at => ({
      Arn: arn('sqs', '')(at),
      QueueName: at.name,
      QueueUrl: `https://sqs.${at.region}.${urlSuffixOf(at.region)}/${at.account}/${at.name}`,
    }),
  },
  'AWS::SQS::QueuePolicy': { runs: true },
  'AWS::SNS::Topic': {
    runs: true,
    nameProperty: 'TopicName',
    longest: 256,
    ref: arn('sns', ''),
    attributes: at => ({ TopicArn: arn('sns', '')(at), TopicName: at.name }),
  },
  'AWS::SNS::Subscription': { runs: true, ref: at => regionalArn('sns', `subscription:${idOf(at)}`, at) },
  'AWS::Events::Rule': {
    runs: true,
    nameProperty: 'Name',
    longest: 64,
    attributes: at => ({ Arn: arn('events', 'rule/')(at) }),
  },
  'AWS::DynamoDB::Table': {
    runs: true,
    nameProperty: 'TableName',
    longest: 255,
    attributes: at => ({ Arn: arn('dynamodb', 'table/')(at) }),
  },
  'AWS::S3::Bucket': {
    runs: true,
    nameProperty: 'BucketName',
    longest: 63,
    lowerCase: true,
    attributes: at => ({
      Arn: `arn:${at.partition}:s3:::${at.name}`,
      DomainName: `${at.name}.s3.${urlSuffixOf(at.region)}`,
      RegionalDomainName: `${at.name}.s3.${at.region}.${urlSuffixOf(at.region)}`,
    }),
  },
  'Custom::S3BucketNotifications': { runs: true },
  'AWS::StepFunctions::StateMachine': {
    runs: true,
    nameProperty: 'StateMachineName',
    longest: 80,
    ref: arn('states', 'stateMachine:'),
    attributes: at => ({ Arn: arn('states', 'stateMachine:')(at), Name: at.name }),
  },
  'AWS::IAM::Role': {
    runs: true,
    nameProperty: 'RoleName',
    longest: 64,
    attributes: (at, properties) => ({
      Arn: `arn:${at.partition}:iam::${at.account}:role${rolePath(properties)}${at.name}`,
      RoleId: `AROA${stableUuid(at.name).replaceAll('-', '').slice(0, 17).toUpperCase()}`,
    }),
  },
  'AWS::IAM::Policy': { runs: true },
  'AWS::IAM::ManagedPolicy': {
    runs: true,
    nameProperty: 'ManagedPolicyName',
    longest: 128,
    ref: at => `arn:${at.partition}:iam::${at.account}:policy/${at.name}`,
  },
  'AWS::S3::BucketPolicy': { runs: true },
  'AWS::SNS::TopicPolicy': { runs: true },
  // Nothing is encrypted on the laptop; who may use the key is asked all the same.
  'AWS::KMS::Key': {
    runs: true,
    ref: idOf,
    attributes: at => ({ Arn: keyArn(at), KeyId: idOf(at) }),
  },
  'AWS::KMS::Alias': { runs: 'nothing is encrypted on the laptop', nameProperty: 'AliasName', longest: 256 },
  // Log lines go to files; that the service may use the group's key is asked.
  'AWS::Logs::LogGroup': {
    runs: true,
    nameProperty: 'LogGroupName',
    longest: 512,
    attributes: at => ({ Arn: regionalArn('logs', `log-group:${at.name}:*`, at) }),
  },
  'AWS::Logs::MetricFilter': { runs: 'metrics are not collected' },
  'AWS::Logs::QueryDefinition': { runs: 'log lines go to files' },
  'AWS::CloudWatch::Alarm': {
    runs: 'metrics are not collected',
    nameProperty: 'AlarmName',
    longest: 255,
    attributes: at => ({ Arn: arn('cloudwatch', 'alarm:')(at) }),
  },
  'AWS::CloudWatch::CompositeAlarm': {
    runs: 'metrics are not collected',
    nameProperty: 'AlarmName',
    longest: 255,
    attributes: at => ({ Arn: arn('cloudwatch', 'alarm:')(at) }),
  },
  'AWS::CloudWatch::Dashboard': {
    runs: 'metrics are not collected',
    nameProperty: 'DashboardName',
    longest: 255,
  },
  'AWS::CloudTrail::Trail': {
    runs: 'log files are put into the bucket by whoever replays them',
    nameProperty: 'TrailName',
    longest: 128,
    attributes: at => ({ Arn: arn('cloudtrail', 'trail/')(at) }),
  },
  'AWS::CDK::Metadata': { runs: 'it only counts constructs' },
  'Custom::S3AutoDeleteObjects': { runs: 'it acts when a stack is deleted' },
};
