import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofType, one, productionTemplate, readable } from './assembly.ts';

const template = productionTemplate();

const alarms = Object.values(ofType(template, 'AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => readable(Properties) as Record<string, unknown>,
);

const stateMachine = [{ Name: 'StateMachineArn', Value: '<PipelineAudit>' }];
const queue = (name: string) => [{ Name: 'QueueName', Value: `<Intake${name}.QueueName>` }];

test.each([
  ['AWS/States', 'ExecutionsFailed', stateMachine, 0],
  ['AWS/States', 'ExecutionsTimedOut', stateMachine, 0],
  ['AWS/States', 'ExecutionThrottled', stateMachine, 0],
  ['AWS/Lambda', 'Errors', [{ Name: 'FunctionName', Value: '<IntakeFunction>' }], 0],
  ['AWS/Lambda', 'Errors', [{ Name: 'FunctionName', Value: '<WatchFunction>' }], 0],
  ['roletrail', 'Quarantined', [{ Name: 'service', Value: 'roletrail' }], 0],
  ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue('TrailDeadLetters'), 0],
  ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue('PartnerDeadLetters'), 0],
  ['roletrail', 'IntegrityFindings', [{ Name: 'service', Value: 'roletrail' }], 0],
  [
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    [{ Name: 'QueueName', Value: '<IntegrityDigestsDeadLetters.QueueName>' }],
    0,
  ],
  ['AWS/SQS', 'ApproximateAgeOfOldestMessage', queue('TrailQueue'), 900],
  ['AWS/SQS', 'ApproximateAgeOfOldestMessage', queue('PartnerQueue'), 900],
  [
    'AWS/SQS',
    'ApproximateAgeOfOldestMessage',
    [{ Name: 'QueueName', Value: '<IntegrityDigestsQueue.QueueName>' }],
    3 * 3600,
  ],
  ['AWS/States', 'ExecutionsAborted', stateMachine, 0],
  ['AWS/Lambda', 'Errors', [{ Name: 'FunctionName', Value: '<IntegrityFunction>' }], 0],
  ['roletrail', 'AccountsQuiet', [{ Name: 'service', Value: 'roletrail' }], 0],
  ['roletrail', 'AlertsGivenUp', [{ Name: 'service', Value: 'roletrail' }], 0],
  ['roletrail', 'DigestsGivenUp', [{ Name: 'service', Value: 'roletrail' }], 0],
])('%s %s above its threshold is told', (Namespace, MetricName, Dimensions, Threshold) => {
  expect(alarms).toContainEqual(
    expect.objectContaining({
      Namespace,
      MetricName,
      Dimensions,
      Threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
      AlarmActions: ['<MonitoringAlarms>'],
    }),
  );
});

// A queue that nobody uses has no data points at all: CloudWatch has to take these for silence.
test.each([
  ['log files', '<IntakeTrailQueue.QueueName>', 60],
  ['digests', '<IntegrityDigestsQueue.QueueName>', 180],
])('no %s is told', (_, name, minutes) => {
  const found = alarms.filter(
    alarm => alarm.MetricName === 'NumberOfMessagesSent' && JSON.stringify(alarm).includes(name),
  );
  expect(found).toMatchObject([
    {
      Namespace: 'AWS/SQS',
      Dimensions: [{ Name: 'QueueName', Value: name }],
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      AlarmActions: ['<MonitoringAlarms>'],
    },
  ]);
  const [{ Period, EvaluationPeriods } = {}] = found;
  expect((Number(Period) * Number(EvaluationPeriods)) / 60).toBe(minutes);
});

test.each([
  ['Throttles', 'AWS::Lambda::Function', 3],
  ['FailedInvocations', 'AWS::Events::Rule', 1],
])('%s of each one are told, by its name', (metric, type, periods) => {
  const found = alarms.filter(({ MetricName }) => MetricName === metric);
  const all = Object.keys(ofType(template, type)).map(id => readable({ Ref: id }));
  expect(found.map(({ Dimensions }) => (Dimensions as { Value: string }[])[0]?.Value).sort()).toEqual(
    [...all].sort(),
  );
  for (const alarm of found) {
    expect(alarm).toMatchObject({
      EvaluationPeriods: periods,
      TreatMissingData: 'notBreaching',
      AlarmActions: ['<MonitoringAlarms>'],
    });
  }
});

test('every alarm has its entry in the runbook', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const headings = [...runbook.matchAll(/^## (.*)$/gm)].flatMap(([, names = '']) => names.split(/[, ]+/));
  const names = Object.keys(ofType(template, 'AWS::CloudWatch::Alarm')).map(id =>
    id.replace(/^Monitoring/, '').replace(/[0-9A-F]{8}$/, ''),
  );
  expect(names.length).toBeGreaterThan(20);
  // One entry for alarms of a kind: `Throttled*`.
  const covers = (name: string) => (heading: string) =>
    heading.endsWith('*') ? name.startsWith(heading.slice(0, -1)) : name === heading;
  expect(names.filter(name => !headings.some(covers(name)))).toEqual([]);
});

test('an address is subscribed when there is one', () => {
  const topics = (from: typeof template) =>
    Object.values(ofType(from, 'AWS::SNS::Subscription')).filter(
      ({ Properties }) => Properties.Protocol === 'email',
    );
  expect(topics(template)).toEqual([]);
  expect(topics(productionTemplate({ alarmEmail: 'soc@example.com' }))).toMatchObject([
    { Properties: { Endpoint: 'soc@example.com' } },
  ]);
});

test('the alarm topic is encrypted, takes alarms of this account only, and no plain HTTP', () => {
  expect(readable(one(template, 'AWS::SNS::Topic')[1].Properties)).toMatchObject({
    KmsMasterKeyId: '<Key.Arn>',
  });
  expect(readable(one(template, 'AWS::SNS::TopicPolicy')[1].Properties)).toMatchObject({
    PolicyDocument: {
      Statement: [
        { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
        },
      ],
    },
  });
});

test('the dashboard shows executions, the steps’ durations and what became of the records', () => {
  // Given
  const { DashboardBody } = readable(one(template, 'AWS::CloudWatch::Dashboard')[1].Properties) as {
    DashboardBody: string;
  };
  const { widgets } = JSON.parse(DashboardBody) as { widgets: { properties: { metrics: unknown[][] } }[] };
  // When
  const metrics = widgets.flatMap(({ properties }) =>
    properties.metrics.map(([space, name]) => `${space} ${name}`),
  );
  const services = widgets
    .flatMap(({ properties }) => properties.metrics)
    .filter(([space]) => space === 'roletrail')
    .map(([, , dimension, value]) => `${dimension}=${value}`);
  // Then
  const own = [
    'Records',
    'Kept',
    'Written',
    'Duplicates',
    'Linked',
    'Unlinked',
    'Quarantined',
    'DeliveryToLinkSeconds',
    'Alerted',
    'Explained',
    'NoCoverage',
    'FilesVerified',
    'IntegrityFindings',
  ];
  expect(metrics).toEqual(expect.arrayContaining(own.map(name => `roletrail ${name}`)));
  expect(new Set(services)).toEqual(new Set(['service=roletrail']));
  expect(metrics).toEqual(
    expect.arrayContaining([
      'AWS/States ExecutionsStarted',
      'AWS/States ExecutionsSucceeded',
      'AWS/States ExecutionsFailed',
    ]),
  );
  expect(metrics.filter(name => name === 'AWS/Lambda Duration')).toHaveLength(11);
});

test('the outputs are those the commands read', () => {
  expect(readable(template.Outputs)).toMatchObject({
    StateMachineArn: { Value: '<PipelineAudit>' },
    TrailBucketName: { Value: '<BucketsTrail>' },
    WorkBucketName: { Value: '<BucketsWork>' },
    EvidenceTableName: { Value: '<TablesEvidence>' },
    SessionsTableName: { Value: '<TablesSessions>' },
    GraceMinutes: { Value: '60' },
    LookupsTableName: { Value: '<TablesLookups>' },
    LedgerTableName: { Value: '<TablesLedger>' },
    TrailQueueUrl: { Value: '<IntakeTrailQueue>' },
    PartnerQueueUrl: { Value: '<IntakePartnerQueue>' },
    TrailDeadLetterQueueUrl: { Value: '<IntakeTrailDeadLetters>' },
    PartnerDeadLetterQueueUrl: { Value: '<IntakePartnerDeadLetters>' },
    DigestQueueUrl: { Value: '<IntegrityDigestsQueue>' },
    DigestDeadLetterQueueUrl: { Value: '<IntegrityDigestsDeadLetters>' },
    DashboardUrl: {
      Value:
        'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/<Dashboard>',
    },
    AlarmTopicArn: { Value: '<MonitoringAlarms>' },
  });
});
