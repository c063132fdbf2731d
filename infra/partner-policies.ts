import { partitionOf } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/**
 * The policy of a partner's topic. EventBridge supports no conditions on what lets it publish to a topic, so that any
 * rule may; where AWS says for which account a service acts, the Deny keeps out the rules of all others, and where it does
 * not, the Deny is silent.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 */
export function topicPolicy(topic: string, partner: string, production: RoletrailConfig['production']) {
  const partition = partitionOf(production.region);
  const productionAccount = `arn:${partition}:iam::${production.account}:root`;
  return {
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
          StringNotEquals: { 'aws:SourceAccount': partner },
        },
      },
      {
        Sid: 'ProductionSubscribesItsQueue',
        Effect: 'Allow',
        Principal: { AWS: productionAccount },
        Action: 'sns:Subscribe',
        Resource: topic,
        Condition: {
          StringEquals: { 'sns:Protocol': 'sqs' },
          StringLike: { 'sns:Endpoint': `arn:${partition}:sqs:${production.region}:${production.account}:*` },
        },
      },
      {
        // CloudFormation reads the topic before it subscribes; without it production's deployment fails.
        Sid: 'ProductionSeesTheTopic',
        Effect: 'Allow',
        Principal: { AWS: productionAccount },
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
  };
}

/** The policy of the queue for events that the rules could not publish. */
export function deadLettersPolicy(queue: string, rules: string[]) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RulesSend',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue,
        Condition: { ArnEquals: { 'aws:SourceArn': rules.length === 1 ? rules[0] : rules } },
      },
      {
        Sid: 'EveryoneUsesTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: queue,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
}
