import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { configWith, templatesOf } from './assembly.ts';

// A synthesis takes seconds, more on a busy machine.

test('the template is a topic, its policy and one rule, and nothing else', () => {
  // Given
  const topic = { Ref: 'Topic' };
  // When
  const templates = templatesOf();
  // Then
  expect(templates['roletrail-partner-111111111111-us-east-1']).toEqual({
    Description:
      "Sends this account's AssumeRole calls into account 999999999999 to a topic that account 999999999999 subscribes to (roletrail)",
    Resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'roletrail-assume-role' } },
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
                { requestParameters: { externalId: ['3414'] } },
                { errorMessage: [{ wildcard: '*on resource: arn:aws:iam::999999999999:role/*' }] },
              ],
            },
          },
          Targets: [{ Arn: topic, Id: 'Topic' }],
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
                Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['Rule', 'Arn'] } } },
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

test('every rule of several publishes, each in the state that sees AssumeRole', () => {
  // Given: names take wildcards, and EventBridge bears only so many in one rule
  const auditedRoles = ['A', 'B', 'C', 'D', 'E'];
  expect(configWith({ auditedRoles }).auditedRoles).toHaveLength(5);
  // When
  const template = templatesOf({ auditedRoles })['roletrail-partner-111111111111-us-east-1'];
  const rules = Object.entries(template?.Resources ?? {}).filter(
    ([, { Type }]) => Type === 'AWS::Events::Rule',
  );
  // Then
  expect(rules.map(([id, { Properties }]) => [id, Properties.State])).toEqual([
    ['Rule', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'],
    ['Rule2', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'],
  ]);
  expect(template?.Resources.TopicPolicy?.Properties).toMatchObject({
    PolicyDocument: {
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Action: 'sns:Publish',
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
