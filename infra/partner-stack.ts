import { type App, type IStackSynthesizer, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { PATH_METADATA_ENABLE_CONTEXT } from 'aws-cdk-lib/cx-api';
import { type PartnerTopic, partnerStackName, partnerTopicName } from './names.ts';
import { assumeRolePatterns } from './partner-pattern.ts';
import { partitionOf } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/**
 * What a trusted account deploys in one region: its own AssumeRole calls that concern the audited roles go to a topic
 * which the production account may subscribe a queue to. The template stands alone: no assets, parameters, bootstrap.
 * `cdk synth` writes it to `cdk.out/<stack name>.template.json`, a file to hand to a third party:
 * `aws cloudformation deploy --stack-name roletrail-partner --template-file <file>`, or the console's upload.
 */
export class PartnerStack extends Stack {
  constructor(app: App, config: RoletrailConfig, partner: PartnerTopic) {
    const { production } = config;
    const stackName = partnerStackName(partner);
    super(app, stackName, {
      env: { account: partner.account, region: partner.region },
      description: `Sends this account's AssumeRole calls into account ${production.account} to a topic that account ${production.account} subscribes to (roletrail)`,
      // CDK's own types disagree on an optional property of these two under exactOptionalPropertyTypes.
      synthesizer: new LegacyStackSynthesizer() as IStackSynthesizer,
      analyticsReporting: false,
    });
    // The template is read by people who do not know CDK.
    this.node.setContext(PATH_METADATA_ENABLE_CONTEXT, false);

    const topic = new CfnTopic(this, 'Topic', { topicName: partnerTopicName });
    const { externalIds } = config.partners.find(({ account }) => account === partner.account) ?? {};
    const rules = assumeRolePatterns(config, externalIds).map(
      (eventPattern, index) =>
        new CfnRule(this, index === 0 ? 'Rule' : `Rule${index + 1}`, {
          description: `AssumeRole calls that concern account ${production.account}`,
          eventPattern,
          // AssumeRole is a read-only management event: ENABLED would never match it.
          state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
          targets: [{ arn: topic.ref, id: 'Topic' }],
        }),
    );
    new CfnTopicPolicy(this, 'TopicPolicy', {
      topics: [topic.ref],
      policyDocument: topicPolicy(
        topic.ref,
        rules.map(rule => rule.attrArn),
        production,
      ),
    });
  }
}

function topicPolicy(topic: string, rules: string[], production: RoletrailConfig['production']) {
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
        // Without it, a rule of any other account could place forged events here.
        Condition: { ArnEquals: { 'aws:SourceArn': rules.length === 1 ? rules[0] : rules } },
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
