import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import type { FunctionName, LogNames } from '../steps/runtime/environment.ts';
import { Buckets } from './buckets.ts';
import { configDefaults, retentionDays } from './config-defaults.ts';
import { createDashboard, dashboardUrl } from './dashboard.ts';
import { Intake } from './intake.ts';
import { Integrity } from './integrity.ts';
import { createDataKey } from './key.ts';
import { Monitoring } from './monitoring.ts';
import { deploymentName, partnerTopicName, trailAccounts } from './names.ts';
import { listOutputs } from './outputs.ts';
import { watchParts } from './parts.ts';
import { Pipeline } from './pipeline.ts';
import { type Removal, retained } from './removal.ts';
import type { RoletrailConfig } from './roletrail-config.ts';
import { acknowledgeScanners } from './scanners.ts';
import { Steps } from './steps.ts';
import { Tables } from './tables.ts';
import { Watch } from './watch.ts';

export interface RoletrailProps {
  /** what is audited; `production` is the account and region of the stack */
  config: RoletrailConfig;
  /** what each function runs */
  code: (name: FunctionName) => Code;
  /** the names of files that Fetch takes; absent: a trail's */
  logNames?: LogNames;
  /** existing resources to use instead of new ones; the configuration names the trail bucket */
  existing?: {
    /** its policy has to let in what `createDataKey` lets in */
    key?: IKey;
    /** where S3 logs who read or wrote the buckets: in this region, with a policy that lets `logging.s3.amazonaws.com` write */
    accessLogs?: IBucket;
  };
  /** of what holds evidence, when the stack is deleted; absent: keep */
  removal?: Removal;
}

/** All that runs in the production account, for its own stack (`production-stack.ts`) or any other stack. */
export class Roletrail extends Construct {
  /** what the CLI needs to know about a deployment: name -> value */
  readonly outputs: Record<string, string>;

  constructor(
    scope: Construct,
    id: string,
    { config, code, logNames = 'trail', existing = {}, removal = 'keep' }: RoletrailProps,
  ) {
    super(scope, id);
    // Whatever flags the app has: with those of an old app, the policies of buckets are others, and some do not synthesize.
    for (const [flag, value] of Object.entries(CURRENTLY_RECOMMENDED_FLAGS))
      this.node.setContext(flag, value);
    const name = deploymentName(config);
    const key = existing.key ?? createDataKey(this, config, retained(removal));
    const buckets = new Buckets(this, 'Buckets', { key, config, removal, accessLogs: existing.accessLogs });
    const tables = new Tables(this, 'Tables', {
      key,
      removal,
      forgets: config.retentionDays !== undefined,
    });
    const resources = { key, keyArn: key.keyArn, buckets, tables, trailKeyArn: config.trailBucket.keyArn };

    const intake = new Intake(this, 'Intake', { key, config });
    const trailQueue = intake.trail.queue;
    const { functions: steps } = new Steps(this, 'Steps', {
      ...resources,
      trailQueue,
      config,
      logNames,
      code,
    });
    const { stateMachine } = new Pipeline(this, 'Pipeline', { steps, key, name });
    const { stateMachineArn } = stateMachine;
    const intakeFunction = intake.createFunction({
      ...resources,
      config,
      stateMachineArn,
      code: code('intake'),
    });

    const queues = { trail: intake.trail, partner: intake.partner };
    const monitoring = new Monitoring(this, 'Monitoring', {
      name,
      key,
      stateMachine,
      intake: intakeFunction,
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
      ...steps,
      intake: intakeFunction,
      watch: watch.function,
      integrity: integrity.function,
    };
    watchParts(monitoring, this, functions);
    const dashboard = createDashboard(this, { name, stateMachine, functions, queues });

    acknowledgeScanners(this, 'production');
    this.outputs = {
      StateMachineArn: stateMachineArn,
      TrailBucketName: buckets.trail.bucketName,
      ...listOutputs('AuditedRoles', config.auditedRoles),
      ...listOutputs('TrailAccounts', trailAccounts(config)),
      PartnerTopicName: partnerTopicName(config),
      WorkBucketName: buckets.work.bucketName,
      EvidenceTableName: tables.evidence.tableName,
      SessionsTableName: tables.sessions.tableName,
      LookupsTableName: tables.lookups.tableName,
      // Queries and alerts use the same grace period.
      GraceMinutes: String(config.graceMinutes ?? configDefaults.graceMinutes),
      LedgerTableName: tables.ledger.tableName,
      // The CLI distinguishes expired items from items that never existed.
      RetentionDays: retentionDays(config),
      TrailQueueUrl: queues.trail.queue.queueUrl,
      PartnerQueueUrl: queues.partner.queue.queueUrl,
      DigestQueueUrl: integrity.digests.queue.queueUrl,
      TrailDeadLetterQueueUrl: queues.trail.deadLetters.queueUrl,
      PartnerDeadLetterQueueUrl: queues.partner.deadLetters.queueUrl,
      DigestDeadLetterQueueUrl: integrity.digests.deadLetters.queueUrl,
      DashboardUrl: dashboardUrl(dashboard),
      AlarmTopicArn: monitoring.topic.topicArn,
      KeyArn: key.keyArn,
    };
  }
}
