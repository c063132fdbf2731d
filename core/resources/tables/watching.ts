import type { ServiceTable } from '../row.ts';

const trail = { type: 'AWS::CloudTrail::Trail', arn: 'cloudtrail:@:trail/{}' };

/** CloudTrail API reference; a trail's name may be its ARN. */
export const cloudtrail: ServiceTable = {
  sources: ['cloudtrail'],
  rows: [
    {
      calls: /Trail$|Logging$|Selectors$|TrailStatus$/,
      at: ['response.trailARN', 'request.trailName', 'request.name'],
      ...trail,
    },
    {
      calls: /^(?:Create|Update)Trail$/,
      at: ['response.s3BucketName', 'request.s3BucketName'],
      type: 'AWS::S3::Bucket',
      arn: 's3:::{}',
    },
    { calls: /Tags$/, at: ['request.resourceId', 'request.resourceIdList'], ...trail },
    {
      calls: /EventDataStore$|Federation$/,
      at: ['response.eventDataStoreArn', 'request.eventDataStore', 'request.name'],
      type: 'AWS::CloudTrail::EventDataStore',
    },
    {
      calls: /Channel$/,
      at: ['response.channelArn', 'request.channel', 'request.name'],
      type: 'AWS::CloudTrail::Channel',
    },
  ],
};

const group = { type: 'AWS::Logs::LogGroup', arn: 'logs:@:log-group:{*}' };

/** CloudWatch Logs API reference; ARNs of some calls end in `:*`, which names the streams of a group, not another group. */
export const logs: ServiceTable = {
  sources: ['logs'],
  rows: [
    {
      at: 'request.logStreamName',
      type: 'AWS::Logs::LogStream',
      within: 'request.logGroupName',
      name: '{request.logGroupName}:{}',
    },
    {
      at: [
        'request.logGroupName',
        'request.logGroupIdentifier',
        'request.logGroupNames',
        'request.logGroupIdentifiers',
        'request.logGroupArnList',
      ],
      ...group,
      form: /^(?<name>.*?)(?::\*)?$/,
    },
    { at: 'request.filterName', type: 'AWS::Logs::SubscriptionFilter', within: 'request.logGroupName' },
    { at: 'request.destinationArn', type: 'AWS::Logs::Destination' },
    { at: 'request.destinationName', type: 'AWS::Logs::Destination', arn: 'logs:@:destination:{}' },
    { at: ['response.taskId', 'request.taskId'], type: 'logs:export-task' },
    { at: 'request.policyName', type: 'AWS::Logs::ResourcePolicy' },
  ],
};

export const cloudwatch: ServiceTable = {
  sources: ['monitoring'],
  rows: [
    {
      at: ['request.alarmName', 'request.alarmNames'],
      type: 'AWS::CloudWatch::Alarm',
      arn: 'cloudwatch:@:alarm:{*}',
    },
    {
      at: ['request.dashboardName', 'request.dashboardNames'],
      type: 'AWS::CloudWatch::Dashboard',
      arn: 'cloudwatch::{account}:dashboard/{}',
    },
    {
      calls: /MetricStream/,
      at: 'request.name',
      type: 'AWS::CloudWatch::MetricStream',
      arn: 'cloudwatch:@:metric-stream/{}',
    },
  ],
};

/** AWS Config API reference. ARNs of rules and recorders have ids that their names do not tell. */
export const config: ServiceTable = {
  sources: ['config'],
  rows: [
    { at: ['request.configRuleName', 'request.configRule.configRuleName'], type: 'AWS::Config::ConfigRule' },
    {
      at: ['request.configurationRecorderName', 'request.configurationRecorder.name'],
      type: 'AWS::Config::ConfigurationRecorder',
    },
    {
      at: ['request.deliveryChannelName', 'request.deliveryChannel.name'],
      type: 'AWS::Config::DeliveryChannel',
    },
    { at: 'request.conformancePackName', type: 'AWS::Config::ConformancePack' },
    { at: 'request.configurationAggregatorName', type: 'AWS::Config::ConfigurationAggregator' },
  ],
};

const detector = 'guardduty:@:detector/{request.detectorId}';

/** GuardDuty API reference: what belongs to a detector has its id in the ARN. */
export const guardduty: ServiceTable = {
  sources: ['guardduty'],
  rows: [
    {
      at: ['response.ipSetId', 'request.ipSetId'],
      type: 'AWS::GuardDuty::IPSet',
      arn: `${detector}/ipset/{}`,
    },
    {
      at: ['response.threatIntelSetId', 'request.threatIntelSetId'],
      type: 'AWS::GuardDuty::ThreatIntelSet',
      arn: `${detector}/threatintelset/{}`,
    },
    {
      calls: /Filter$/,
      at: ['response.name', 'request.filterName', 'request.name'],
      type: 'AWS::GuardDuty::Filter',
      arn: `${detector}/filter/{}`,
    },
    {
      at: ['response.destinationId', 'request.destinationId'],
      type: 'AWS::GuardDuty::PublishingDestination',
      arn: `${detector}/publishingdestination/{}`,
    },
    {
      at: ['request.detectorId', 'response.detectorId'],
      type: 'AWS::GuardDuty::Detector',
      arn: 'guardduty:@:detector/{}',
    },
    {
      at: ['request.accountIds', 'request.accountDetails.accountId', 'request.adminAccountId'],
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
    },
  ],
};

export const securityHub: ServiceTable = {
  sources: ['securityhub'],
  rows: [
    {
      at: ['request.accountIds', 'request.accountDetails.accountId', 'request.adminAccountId'],
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
    },
    {
      at: [
        'request.standardsSubscriptionArns',
        'request.standardsSubscriptionRequests.standardsArn',
        'request.standardsSubscriptionArn',
      ],
      type: 'AWS::SecurityHub::Standard',
    },
    { at: 'request.standardsControlArn', type: 'securityhub:control' },
    { at: ['request.insightArn', 'response.insightArn'], type: 'AWS::SecurityHub::Insight' },
    { at: 'request.productSubscriptionArn', type: 'AWS::SecurityHub::ProductSubscription' },
    {
      calls: /^(?:Enable|Disable|Update)SecurityHub/,
      at: 'account',
      type: 'AWS::SecurityHub::Hub',
      arn: 'securityhub:{region}:{}:hub/default',
    },
  ],
};
