import { type App, Duration, type IStackSynthesizer, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { PATH_METADATA_ENABLE_CONTEXT } from 'aws-cdk-lib/cx-api';
import { acknowledge } from './acknowledge.ts';
import { type PartnerTopic, partnerStackName, partnerTopicName } from './names.ts';
import { assumeRolePatterns } from './partner-pattern.ts';
import { deadLettersPolicy, topicPolicy } from './partner-policies.ts';
import type { RoletrailConfig } from './roletrail-config.ts';
import { acknowledgeScanners } from './scanners.ts';

/**
 * What a trusted account deploys in one region: its own AssumeRole calls that concern the audited roles go to a topic
 * which the production account may subscribe a queue to. The template is self-contained: no assets, parameters, bootstrap.
 * `cdk synth` writes it to `cdk.out/<stack name>.template.json`, a file to hand to a third party:
 * `aws cloudformation deploy --stack-name roletrail-partner --template-file <file>`, or the console's upload.
 */
export class PartnerStack extends Stack {
  constructor(app: App, config: RoletrailConfig, partner: PartnerTopic) {
    const { production } = config;
    const stackName = partnerStackName(config, partner);
    super(app, stackName, {
      env: { account: partner.account, region: partner.region },
      description: `Sends this account's AssumeRole calls into account ${production.account} to a topic that account ${production.account} subscribes to (roletrail)`,
      // CDK's own types disagree on an optional property of these two under exactOptionalPropertyTypes.
      synthesizer: new LegacyStackSynthesizer() as IStackSynthesizer,
      analyticsReporting: false,
    });
    // The template is read by people who do not know CDK.
    this.node.setContext(PATH_METADATA_ENABLE_CONTEXT, false);
    acknowledgeScanners(this, 'partner');

    // SNS takes 256 KiB unless a topic says more, EventBridge sends up to 1 MiB.
    const topic = new CfnTopic(this, 'Topic', {
      topicName: partnerTopicName(config),
      maximumMessageSize: 1_048_576,
    });
    const deadLetters = new CfnQueue(this, 'DeadLetters', {
      sqsManagedSseEnabled: true,
      messageRetentionPeriod: Duration.days(14).toSeconds(),
    });
    acknowledge(deadLetters, { 'AwsSolutions-SQS3': 'It is the queue of dead letters.' });
    const { externalIds } = config.partners.find(({ account }) => account === partner.account) ?? {};
    const rules = assumeRolePatterns(config, externalIds).map(
      (eventPattern, index) =>
        new CfnRule(this, index === 0 ? 'Rule' : `Rule${index + 1}`, {
          description: `AssumeRole calls that concern account ${production.account}`,
          eventPattern,
          // AssumeRole is a read-only management event: ENABLED would never match it.
          state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
          // No role: EventBridge publishes to a topic by the topic's policy.
          targets: [{ arn: topic.ref, id: 'Topic', deadLetterConfig: { arn: deadLetters.attrArn } }],
        }),
    );
    new CfnTopicPolicy(this, 'TopicPolicy', {
      topics: [topic.ref],
      policyDocument: topicPolicy(topic.ref, partner.account, production),
    });
    new CfnQueuePolicy(this, 'DeadLettersPolicy', {
      queues: [deadLetters.ref],
      policyDocument: deadLettersPolicy(
        deadLetters.attrArn,
        rules.map(rule => rule.attrArn),
      ),
    });
  }
}
