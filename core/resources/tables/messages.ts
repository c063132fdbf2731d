import type { ServiceTable } from '../row.ts';

export const sns: ServiceTable = {
  sources: ['sns'],
  rows: [
    {
      calls: /Subscri|Confirm/,
      at: ['response.subscriptionArn', 'request.subscriptionArn'],
      type: 'AWS::SNS::Subscription',
      form: /^arn:/,
    },
    {
      at: [
        'response.topicArn',
        'request.topicArn',
        'request.targetArn',
        'request.resourceArn',
        'request.name',
      ],
      type: 'AWS::SNS::Topic',
      arn: 'sns:@:{}',
    },
    { at: ['request.platformApplicationArn'], type: 'sns:platform-application' },
  ],
};

/** SQS guide, queue identifiers: `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`. */
export const sqs: ServiceTable = {
  sources: ['sqs'],
  rows: [
    {
      at: ['request.queueUrl', 'response.queueUrl'],
      type: 'AWS::SQS::Queue',
      arn: 'sqs:@:{}',
      form: /\/(?<account>\d{12})\/(?<name>[^/]+)$/,
    },
    {
      calls: /^(?:CreateQueue|GetQueueUrl)$/,
      at: 'request.queueName',
      type: 'AWS::SQS::Queue',
      arn: 'sqs:{region}:{request.queueOwnerAWSAccountId|account}:{}',
    },
    { at: ['request.sourceArn', 'request.destinationArn'], type: 'AWS::SQS::Queue' },
  ],
};

const bus = '{request.eventBusName/}';

/** EventBridge API reference: a rule without a bus is of the default one, whose rules' ARNs name no bus. */
export const events: ServiceTable = {
  sources: ['events'],
  rows: [
    {
      calls: /Rule$/,
      at: ['response.ruleArn', 'request.name'],
      type: 'AWS::Events::Rule',
      arn: `events:@:rule/${bus}{}`,
      within: 'request.eventBusName',
    },
    {
      calls: /Targets(?:ByRule)?$/,
      at: 'request.rule',
      type: 'AWS::Events::Rule',
      arn: `events:@:rule/${bus}{}`,
      within: 'request.eventBusName',
    },
    { calls: /Targets$/, at: 'request.targets.arn', type: 'AWS::Events::Target' },
    {
      calls: /EventBus$/,
      at: ['response.eventBusArn', 'request.name'],
      type: 'AWS::Events::EventBus',
      arn: 'events:@:event-bus/{*}',
    },
    {
      calls: /Permission$/,
      at: ['request.eventBusName', '=default'],
      type: 'AWS::Events::EventBus',
      arn: 'events:@:event-bus/{*}',
    },
    {
      at: ['response.archiveArn', 'request.archiveName'],
      type: 'AWS::Events::Archive',
      arn: 'events:@:archive/{}',
    },
    { calls: /Connection$/, at: ['response.connectionArn', 'request.name'], type: 'AWS::Events::Connection' },
    {
      calls: /ApiDestination$/,
      at: ['response.apiDestinationArn', 'request.name'],
      type: 'AWS::Events::ApiDestination',
    },
  ],
};

export const states: ServiceTable = {
  sources: ['states'],
  rows: [
    { calls: /Execution$/, at: ['response.executionArn', 'request.executionArn'], type: 'states:execution' },
    { at: ['response.stateMachineArn', 'request.stateMachineArn'], type: 'AWS::StepFunctions::StateMachine' },
    {
      calls: /StateMachine$/,
      at: 'request.name',
      type: 'AWS::StepFunctions::StateMachine',
      arn: 'states:@:stateMachine:{}',
    },
    { at: ['response.activityArn', 'request.activityArn'], type: 'AWS::StepFunctions::Activity' },
    { at: 'request.roleArn', type: 'AWS::IAM::Role' },
  ],
};

/** SES, both versions of its API: an identity is a mail address or a domain. */
export const ses: ServiceTable = {
  sources: ['ses', 'email'],
  rows: [
    {
      at: ['request.emailIdentity', 'request.identity', 'request.emailAddress', 'request.domain'],
      type: 'AWS::SES::EmailIdentity',
      arn: 'ses:@:identity/{}',
    },
    {
      at: ['request.fromEmailAddress', 'request.source'],
      type: 'AWS::SES::EmailIdentity',
      arn: 'ses:@:identity/{}',
      form: /^[^<>\s]+@[^<>\s]+$/,
    },
    {
      at: ['request.configurationSetName', 'request.configurationSet.name'],
      type: 'AWS::SES::ConfigurationSet',
      arn: 'ses:@:configuration-set/{}',
    },
    { calls: /Account/, at: 'account', type: 'AWS::::Account', arn: 'iam::{}:root' },
  ],
};

export const kinesis: ServiceTable = {
  sources: ['kinesis', 'firehose'],
  rows: [
    {
      at: ['request.deliveryStreamName'],
      type: 'AWS::KinesisFirehose::DeliveryStream',
      arn: 'firehose:@:deliverystream/{}',
    },
    {
      at: ['request.streamARN', 'request.streamName'],
      type: 'AWS::Kinesis::Stream',
      arn: 'kinesis:@:stream/{}',
    },
  ],
};
