import { sendersOf, tooManySenders } from '../../infra/names.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { logFileCreated } from '../../infra/trail-pattern.ts';
import { ofType, one, productionTemplate, readable, withoutHash } from './assembly.ts';

const partners: RoletrailConfig['partners'] = [
  { account: '111111111111', regions: ['us-east-1', 'eu-west-1'] },
  { account: '222233334444', regions: ['eu-west-1'] },
];
const topics = [
  'arn:aws:sns:us-east-1:111111111111:roletrail-assume-role',
  'arn:aws:sns:eu-west-1:111111111111:roletrail-assume-role',
  'arn:aws:sns:eu-west-1:222233334444:roletrail-assume-role',
];
const template = productionTemplate({ partners, batch: { size: 500, windowSeconds: 30 } });
const properties = (type: string, prefix: string, from = template) =>
  readable(one(from, type, prefix)[1].Properties) as Record<string, unknown>;

describe.each(['Trail', 'Partner'])('the %s queue', name => {
  test('gives intake six times its time and the wait, a hundred receipts, then a dead letter', () => {
    // Given: intake runs for a minute at most
    expect(properties('AWS::Lambda::Function', 'IntakeFunction').Timeout).toBe(60);
    // Then
    expect(properties('AWS::SQS::Queue', `Intake${name}Queue`)).toMatchObject({
      VisibilityTimeout: 390,
      RedrivePolicy: { deadLetterTargetArn: `<Intake${name}DeadLetters.Arn>`, maxReceiveCount: 100 },
    });
  });

  // A message keeps its age when it becomes a dead letter: with equal times, the oldest would be gone at once.
  test.each([
    ['Queue', 10],
    ['DeadLetters', 14],
  ])('%s keeps %i days what SQS takes at most, encrypted, and takes no plain HTTP', (part, days) => {
    expect(properties('AWS::SQS::Queue', `Intake${name}${part}`)).toMatchObject({
      KmsMasterKeyId: '<Key.Arn>',
      MessageRetentionPeriod: days * 24 * 3600,
      MaximumMessageSize: 1_048_576,
    });
    expect(properties('AWS::SQS::QueuePolicy', `Intake${name}${part}Policy`)).toMatchObject({
      PolicyDocument: {
        Statement: expect.arrayContaining([
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sqs:*',
            Resource: `<Intake${name}${part}.Arn>`,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ]),
      },
    });
  });

  test('feeds intake in batches of the configuration, few at once, each message failing alone', () => {
    expect(properties('AWS::Lambda::EventSourceMapping', `Intake${name}Messages`)).toEqual({
      EventSourceArn: `<Intake${name}Queue.Arn>`,
      FunctionName: '<IntakeFunction>',
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 30,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });
});

/** Who may send to a queue, and under which condition. */
function senders(policy: string, from = template): unknown[] {
  const { PolicyDocument } = properties('AWS::SQS::QueuePolicy', policy, from);
  const { Statement } = PolicyDocument as { Statement: { Effect: string; [field: string]: unknown }[] };
  return Statement.filter(({ Effect }) => Effect === 'Allow').map(({ Action, Principal, Condition }) => ({
    Action,
    Principal,
    Condition,
  }));
}

test('only the rule sends to the trail queue and its dead letters', () => {
  // Given
  const rule = {
    Action: 'sqs:SendMessage',
    Principal: { Service: 'events.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': '<IntakeLogFileCreated.Arn>' } },
  };
  // Then
  expect(senders('IntakeTrailQueuePolicy')).toEqual([rule]);
  expect(senders('IntakeTrailDeadLettersPolicy')).toEqual([rule]);
});

test('only the partners’ topics send to the partner queue and its dead letters', () => {
  for (const queue of ['Queue', 'DeadLetters'])
    expect(senders(`IntakePartner${queue}Policy`)).toEqual([
      {
        Action: 'sqs:SendMessage',
        Principal: { Service: 'sns.amazonaws.com' },
        Condition: { ArnLike: { 'aws:SourceArn': topics } },
      },
    ]);
});

// SQS takes 8,192 bytes of policy.
test('topics that are too many to be named one by one are named by their account', () => {
  const topicsOf = (accounts: number) =>
    Array.from({ length: accounts * 2 }, (_, index) => {
      const account = String(100_000_000_000 + (index >> 1));
      const region = index % 2 ? 'eu-central-1' : 'us-east-1';
      return { account, region, arn: `arn:aws:sns:${region}:${account}:roletrail-assume-role` };
    });
  expect(sendersOf(topicsOf(40))).toEqual(topicsOf(40).map(({ arn }) => arn));
  expect(sendersOf(topicsOf(100)).slice(0, 2)).toEqual([
    'arn:aws:sns:*:100000000000:roletrail-assume-role',
    'arn:aws:sns:*:100000000001:roletrail-assume-role',
  ]);
  expect(sendersOf(topicsOf(100))).toHaveLength(100);
  expect([100, 200].map(accounts => tooManySenders(topicsOf(accounts)))).toEqual([false, true]);
});

test('without partners, nobody sends to the partner queue', () => {
  // When
  const alone = productionTemplate({ partners: [] });
  // Then
  expect(senders('IntakePartnerQueuePolicy', alone)).toEqual([]);
  expect(ofType(alone, 'AWS::SNS::Subscription')).toEqual({});
});

test('the rule passes log files on, and what it cannot deliver becomes a dead letter', () => {
  expect(properties('AWS::Events::Rule', 'IntakeLogFile')).toMatchObject({
    State: 'ENABLED',
    EventPattern: logFileCreated('cloudtrailbucket-999999999999'),
    Targets: [{ Arn: '<IntakeTrailQueue.Arn>', DeadLetterConfig: { Arn: '<IntakeTrailDeadLetters.Arn>' } }],
  });
});

test('each topic has a subscription in its region, with envelope, once the queue may take its messages', () => {
  // When
  const subscriptions = Object.values(ofType(template, 'AWS::SNS::Subscription'));
  // Then
  expect(subscriptions.map(({ Properties }) => readable(Properties))).toEqual(
    topics.map(TopicArn => ({
      TopicArn,
      Region: TopicArn.split(':')[3],
      Protocol: 'sqs',
      Endpoint: '<IntakePartnerQueue.Arn>',
      RawMessageDelivery: false,
      // SNS takes dead letters in the topic's own region alone.
      ...(TopicArn.includes('us-east-1') && {
        RedrivePolicy: { deadLetterTargetArn: '<IntakePartnerDeadLetters.Arn>' },
      }),
    })),
  );
  for (const { DependsOn } of subscriptions) {
    expect(DependsOn?.map(withoutHash)).toContain('IntakePartnerQueuePolicy');
  }
});

test('the key lets the services that deliver use it, and no other', () => {
  // Given
  const { KeyPolicy, EnableKeyRotation } = properties('AWS::KMS::Key', 'Key');
  const { Statement } = KeyPolicy as {
    Statement: { Effect: string; Principal: object; Condition?: object }[];
  };
  const otherThan = (...accounts: string[]) => ({
    Null: { 'aws:SourceAccount': 'false' },
    StringNotEquals: { 'aws:SourceAccount': accounts },
  });
  // Then
  expect(Statement.map(({ Effect }) => Effect)).toEqual([
    ...['Allow', 'Allow', 'Deny', 'Deny'],
    ...['Allow', 'Allow', 'Allow', 'Allow'],
  ]);
  expect(EnableKeyRotation).toBe(true);
  expect(one(template, 'AWS::KMS::Key')[1].DeletionPolicy).toBe('RetainExceptOnCreate');
  expect(Statement.map(({ Principal, Condition }) => [Principal, Condition])).toEqual([
    [{ AWS: 'arn:aws:iam::999999999999:root' }, undefined],
    [
      { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] },
      {
        ArnLikeIfExists: { 'kms:EncryptionContext:aws:sqs:arn': 'arn:aws:sqs:us-east-1:999999999999:*' },
      },
    ],
    [{ Service: 'events.amazonaws.com' }, otherThan('999999999999')],
    [{ Service: 'sns.amazonaws.com' }, otherThan('999999999999', '111111111111', '222233334444')],
    [{ Service: 'cloudwatch.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': '999999999999' } }],
    [
      { Service: 'logs.us-east-1.amazonaws.com' },
      {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:999999999999:log-group:*' },
      },
    ],
    [
      { Service: 'delivery.logs.amazonaws.com' },
      { StringEquals: { 'kms:EncryptionContext:SourceArn': 'arn:aws:logs:us-east-1:999999999999:*' } },
    ],
    [
      { Service: 'cloudtrail.amazonaws.com' },
      { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:999999999999:trail/*' } },
    ],
  ]);
});
