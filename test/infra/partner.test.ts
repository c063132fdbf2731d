import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { templatesOf } from './assembly.ts';

// A synthesis takes seconds, more on a busy machine.

test('the template is a topic, one rule, a queue of dead letters and their policies, and nothing else', () => {
  // Given
  const topic = { Ref: 'Topic' };
  const deadLetters = { 'Fn::GetAtt': ['DeadLetters', 'Arn'] };
  // When
  const templates = templatesOf();
  // Then
  expect(templates['roletrail-partner-111111111111-us-east-1']).toEqual({
    Description:
      "Sends this account's AssumeRole calls into account 999999999999 to a topic that account 999999999999 subscribes to (roletrail)",
    Resources: {
      Topic: {
        Type: 'AWS::SNS::Topic',
        Properties: { TopicName: 'roletrail-assume-role', MaximumMessageSize: 1_048_576 },
        Metadata: { checkov: { skip: [{ id: 'CKV_AWS_26', comment: expect.any(String) }] } },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Description: 'AssumeRole calls that concern account 999999999999',
          State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
          EventPattern: {
            source: ['aws.sts'],
            'detail-type': ['AWS API Call via CloudTrail'],
            detail: {
              eventSource: ['sts.amazonaws.com'],
              eventName: ['AssumeRole'],
              $or: [
                {
                  requestParameters: {
                    roleArn: [
                      { 'equals-ignore-case': 'arn:aws:iam::999999999999:role/CrossAccountTest' },
                      { wildcard: 'arn:aws:iam::999999999999:role/*/CrossAccountTest' },
                    ],
                  },
                },
                {
                  requestParameters: {
                    externalId: ['3414'],
                    roleArn: [{ prefix: 'arn:aws:iam::999999999999:role/' }],
                  },
                },
                { errorMessage: [{ wildcard: '*on resource: arn:aws:iam::999999999999:role/*' }] },
              ],
            },
          },
          Targets: [{ Arn: topic, Id: 'Topic', DeadLetterConfig: { Arn: deadLetters } }],
        },
      },
      DeadLetters: {
        Type: 'AWS::SQS::Queue',
        Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 },
        Metadata: { checkov: { skip: [{ id: 'CKV_AWS_27', comment: expect.any(String) }] } },
      },
      DeadLettersPolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'DeadLetters' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: 'RulesSend',
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: deadLetters,
                Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['Rule', 'Arn'] } } },
              },
              {
                Sid: 'EveryoneUsesTls',
                Effect: 'Deny',
                Principal: '*',
                Action: 'sqs:*',
                Resource: deadLetters,
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
      TopicPolicy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: {
          Topics: [topic],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: 'RulesPublish',
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sns:Publish',
                Resource: topic,
              },
              {
                Sid: 'NoRulesOfOtherAccounts',
                Effect: 'Deny',
                Principal: '*',
                Action: 'sns:Publish',
                Resource: topic,
                Condition: {
                  Null: { 'aws:SourceAccount': 'false' },
                  StringNotEquals: { 'aws:SourceAccount': '111111111111' },
                },
              },
              {
                Sid: 'ProductionSubscribesItsQueue',
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::999999999999:root' },
                Action: 'sns:Subscribe',
                Resource: topic,
                Condition: {
                  StringEquals: { 'sns:Protocol': 'sqs' },
                  StringLike: { 'sns:Endpoint': 'arn:aws:sqs:us-east-1:999999999999:*' },
                },
              },
              {
                Sid: 'ProductionSeesTheTopic',
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::999999999999:root' },
                Action: 'sns:GetTopicAttributes',
                Resource: topic,
              },
              {
                Sid: 'PublishersUseTls',
                Effect: 'Deny',
                Principal: '*',
                Action: 'sns:Publish',
                Resource: topic,
                Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              },
            ],
          },
        },
      },
    },
  });
});

test('there is one stack per account and region', () => {
  // Given
  const partners: RoletrailConfig['partners'] = [
    { account: '111111111111', regions: ['us-east-1', 'eu-west-1'] },
    { account: '222233334444', regions: ['eu-west-1'] },
  ];
  // When
  const names = Object.keys(templatesOf({ partners }));
  // Then
  expect(names.sort()).toEqual([
    'roletrail',
    'roletrail-partner-111111111111-eu-west-1',
    'roletrail-partner-111111111111-us-east-1',
    'roletrail-partner-222233334444-eu-west-1',
  ]);
});

test('a partner’s external ids are told to that partner alone', () => {
  // Given
  const partners: RoletrailConfig['partners'] = [
    { account: '111111111111', regions: ['us-east-1'], externalIds: ['secret-one'] },
    { account: '222233334444', regions: ['us-east-1'], externalIds: ['secret-two'] },
  ];
  // When
  const {
    'roletrail-partner-111111111111-us-east-1': first,
    'roletrail-partner-222233334444-us-east-1': second,
  } = templatesOf({ partners });
  // Then
  expect(JSON.stringify(first)).toContain('secret-one');
  expect(JSON.stringify(first)).not.toContain('secret-two');
  expect(JSON.stringify(second)).toContain('secret-two');
});

test('each rule of several publishes and has dead letters, in the state that sees AssumeRole', () => {
  // Given: denied attempts are watched for by account, two a rule
  const auditedRoles = ['2', '3', '4'].map(digit => `arn:aws:iam::${digit.repeat(12)}:role/Deploy`);
  // When
  const template = templatesOf({ auditedRoles, trailAccounts: ['*'] })[
    'roletrail-partner-111111111111-us-east-1'
  ];
  const rules = Object.entries(template?.Resources ?? {}).filter(
    ([, { Type }]) => Type === 'AWS::Events::Rule',
  );
  // Then
  const all = { State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' };
  const target = {
    Arn: { Ref: 'Topic' },
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } },
  };
  expect(rules).toMatchObject([
    ['Rule', { Properties: { ...all, Targets: [target] } }],
    ['Rule2', { Properties: { ...all, Targets: [target] } }],
  ]);
  expect(template?.Resources.DeadLettersPolicy?.Properties).toMatchObject({
    PolicyDocument: {
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Action: 'sqs:SendMessage',
          Condition: {
            ArnEquals: {
              'aws:SourceArn': [{ 'Fn::GetAtt': ['Rule', 'Arn'] }, { 'Fn::GetAtt': ['Rule2', 'Arn'] }],
            },
          },
        }),
      ]),
    },
  });
});
