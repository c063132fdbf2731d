import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../steps/runtime/environment.ts';
import { version } from '../steps/runtime/version.ts';
import { Buckets } from './buckets.ts';
import { createDashboard, dashboardUrl } from './dashboard.ts';
import { Intake } from './intake.ts';
import { Integrity } from './integrity.ts';
import { createDataKey } from './key.ts';
import { Monitoring } from './monitoring.ts';
import { deploymentName, partnerTopicName, trailAccounts } from './names.ts';
import { listOutputs } from './outputs.ts';
import { Pipeline } from './pipeline.ts';
import type { RoletrailConfig } from './roletrail-config.ts';
import { Steps } from './steps.ts';
import { Tables } from './tables.ts';
import { Watch } from './watch.ts';

/** All that runs in the production account. `code`: what each function runs. */
export class ProductionStack extends Stack {
  constructor(app: App, config: RoletrailConfig, code: (name: FunctionName) => Code) {
    super(app, deploymentName(config), {
      env: config.production,
      description: `roletrail ${version}: who really made that call? Audits cross-account roles from CloudTrail`,
      terminationProtection: true,
      analyticsReporting: false,
    });
    const key = createDataKey(this, config);
    const buckets = new Buckets(this, 'Buckets', key, config);
    const tables = new Tables(this, 'Tables', key);
    const resources = { key, keyArn: key.keyArn, buckets, tables, trailKeyArn: config.trailBucket.keyArn };

    const { functions: steps } = new Steps(this, 'Steps', { ...resources, config, code });
    const { stateMachine } = new Pipeline(this, 'Pipeline', { steps, key, name: deploymentName(config) });
    const { stateMachineArn } = stateMachine;
    const intake = new Intake(this, 'Intake', {
      ...resources,
      config,
      stateMachineArn,
      code: code('intake'),
    });

    const queues = { trail: intake.trail, partner: intake.partner };
    const monitoring = new Monitoring(this, 'Monitoring', {
      name: deploymentName(config),
      key,
      stateMachine,
      intake: intake.function,
      queues,
      alarmEmail: config.alarmEmail,
    });
    const watch = new Watch(this, 'Watch', { ...resources, config, monitoring, code: code('watch') });
    const integrity = new Integrity(this, 'Integrity', {
      ...resources,
      config,
      monitoring,
      code: code('integrity'),
    });
    const functions = {
      intake: intake.function,
      ...steps,
      watch: watch.function,
      integrity: integrity.function,
    };
    const dashboard = createDashboard(this, {
      name: deploymentName(config),
      stateMachine,
      functions,
      queues,
    });

    this.#outputs({
      StateMachineArn: stateMachineArn,
      TrailBucketName: buckets.trail.bucketName,
      ...listOutputs('AuditedRoles', config.auditedRoles),
      ...listOutputs('TrailAccounts', trailAccounts(config)),
      PartnerTopicName: partnerTopicName(config),
      WorkBucketName: buckets.work.bucketName,
      EvidenceTableName: tables.evidence.tableName,
      SessionsTableName: tables.sessions.tableName,
      LedgerTableName: tables.ledger.tableName,
      TrailQueueUrl: queues.trail.queue.queueUrl,
      PartnerQueueUrl: queues.partner.queue.queueUrl,
      DigestQueueUrl: integrity.digests.queue.queueUrl,
      TrailDeadLetterQueueUrl: queues.trail.deadLetters.queueUrl,
      PartnerDeadLetterQueueUrl: queues.partner.deadLetters.queueUrl,
      DigestDeadLetterQueueUrl: integrity.digests.deadLetters.queueUrl,
      DashboardUrl: dashboardUrl(dashboard),
      AlarmTopicArn: monitoring.topic.topicArn,
    });
    if (!config.trailBucket.create) turnOnEventBridge(this, config.trailBucket.name);
  }

  #outputs(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}

/** An existing bucket tells EventBridge of its objects only when its owner says so. */
function turnOnEventBridge(stack: Stack, bucket: string): void {
  const configuration = JSON.stringify({ EventBridgeConfiguration: {} });
  new CfnOutput(stack, 'TurnOnEventBridge', {
    description:
      'Run it once. It replaces the notification configuration: write what the bucket has already beside it',
    value: `aws s3api put-bucket-notification-configuration --bucket ${bucket} --notification-configuration '${configuration}'`,
  });
}
