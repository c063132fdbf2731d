import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Code, EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { retentionDays } from './config-defaults.ts';
import { AuditFunction, timeoutOf } from './function.ts';
import { integrityGrants, type Resources } from './grants.ts';
import { auditMetric, type Monitoring } from './monitoring.ts';
import { deploymentName } from './names.ts';
import type { RoletrailConfig } from './roletrail-config.ts';
import { createQueue, deliverObjects, type SourceQueue } from './source-queue.ts';
import { digestCreated } from './trail-pattern.ts';

export interface IntegrityProps extends Resources {
  key: IKey;
  config: RoletrailConfig;
  /** its topic gets the findings */
  monitoring: Monitoring;
  code: Code;
}

/** Each digest that CloudTrail delivers starts a check of its log files, independent of the audit. */
export class Integrity extends Construct {
  readonly digests: SourceQueue;
  readonly function: IFunction;

  constructor(scope: Construct, id: string, props: IntegrityProps) {
    super(scope, id);
    const { config, key, tables, monitoring, code } = props;
    // Twice its timeout, not six times: five tries of a failing check should end within hours.
    const visibleAgain = Duration.seconds(2 * timeoutOf('integrity').toSeconds());
    this.digests = createQueue(this, 'Digests', key, { visibleAgain, receives: 5 });
    const { queue, deadLetters } = this.digests;
    deliverObjects(this, 'DigestCreated', this.digests, {
      description: 'A digest was delivered to the trail bucket',
      eventPattern: digestCreated(config.trailBucket.name),
      id: 'DigestsQueue',
    });
    this.function = new AuditFunction(this, 'integrity', {
      service: deploymentName(config),
      code,
      key,
      grants: integrityGrants(props, queue.queueArn, monitoring.topic),
      variables: {
        TRAIL_BUCKETS: JSON.stringify([config.trailBucket.name]),
        LEDGER_TABLE: tables.ledger.tableName,
        ALARM_TOPIC: monitoring.topic.topicArn,
        EVENT_SOURCE: deploymentName(config),
        DIGEST_QUEUE: queue.queueUrl,
        RETENTION_DAYS: retentionDays(config),
      },
    }).function;
    // One digest per invocation: a digest of a busy account names hundreds of files.
    new EventSourceMapping(this, 'Announced', {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: 4,
    });
    monitoring.above(
      'IntegrityFindings',
      auditMetric(deploymentName(config), 'IntegrityFindings'),
      'Log files or digests differ from what CloudTrail signed: see the message before this one, or roletrail verify',
    );
    monitoring.silent(
      'NoDigests',
      queue.metricNumberOfMessagesSent(),
      'No digest was announced for three hours: is log file validation of the trail off?',
      180,
    );
    monitoring.above(
      'DigestsOldestMessage',
      queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
      'Digests have waited for more than three hours to be checked',
      180 * 60,
    );
    monitoring.above(
      'DigestsGivenUp',
      auditMetric(deploymentName(config), 'DigestsGivenUp'),
      'Digests could not be checked and are not tried again: see the message before this one, or roletrail verify',
    );
    monitoring.above(
      'IntegrityErrors',
      this.function.metricErrors(),
      'The check of digests fails: its messages come again',
    );
    monitoring.above(
      'DigestsDeadLetters',
      deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      'Digests could not be checked: read the function’s log, fix the cause, move them back to their queue',
    );
  }
}
