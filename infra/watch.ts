import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEventInvokeConfig, CfnPermission, type Code, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { configDefaults, retentionDays } from './config-defaults.ts';
import { AuditFunction } from './function.ts';
import { type Resources, watchGrants } from './grants.ts';
import { auditMetric, type Monitoring } from './monitoring.ts';
import { deploymentName } from './names.ts';
import type { RoletrailConfig } from './roletrail-config.ts';
import { createDeadLetters, takeFromRule } from './source-queue.ts';

export interface WatchProps extends Resources {
  key: IKey;
  config: RoletrailConfig;
  /** its topic gets the alerts, and an alarm should the watch itself fail */
  monitoring: Monitoring;
  code: Code;
}

/** Looks after the sessions that stay unlinked, every five minutes: that often CloudTrail delivers. */
export class Watch extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { config, key, tables, monitoring, code } = props;
    this.function = new AuditFunction(this, 'watch', {
      service: deploymentName(config),
      code,
      key,
      grants: watchGrants(props, monitoring.topic),
      variables: {
        SESSIONS_TABLE: tables.sessions.tableName,
        EVIDENCE_TABLE: tables.evidence.tableName,
        LEDGER_TABLE: tables.ledger.tableName,
        ALARM_TOPIC: monitoring.topic.topicArn,
        EVENT_SOURCE: deploymentName(config),
        GRACE_MINUTES: String(config.graceMinutes ?? configDefaults.graceMinutes),
        LOOKBACK_DAYS: String(config.lookbackDays ?? configDefaults.lookbackDays),
        QUIET_MINUTES: String(config.quietMinutes ?? configDefaults.quietMinutes),
        RETENTION_DAYS: retentionDays(config),
      },
    }).function;
    const deadLetters = createDeadLetters(this, 'DeadLetters', key);
    acknowledge(deadLetters, { 'AwsSolutions-SQS3': 'It is the queue of dead letters of a schedule.' });
    const rule = new CfnRule(this, 'Schedule', {
      description: 'Unlinked sessions are looked after',
      scheduleExpression: 'rate(5 minutes)',
      state: 'ENABLED',
      targets: [
        {
          id: 'Watch',
          arn: this.function.functionArn,
          deadLetterConfig: { arn: deadLetters.queueArn },
        },
      ],
    });
    takeFromRule(deadLetters, rule);
    // The next run checks the same sessions: a retry of this one would only run in parallel.
    new CfnEventInvokeConfig(this, 'NoSecondTry', {
      functionName: this.function.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: 0,
    });
    new CfnPermission(this, 'ScheduleInvokes', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
    monitoring.above(
      'WatchDeadLetters',
      deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      'The watch could not be started: the message’s attributes show why; fix the cause, then delete the message',
    );
    monitoring.above(
      'AccountsQuiet',
      auditMetric(deploymentName(config), 'AccountsQuiet', 'Maximum'),
      'An account or partner stopped sending: the message before this one names it',
    );
    monitoring.above(
      'AlertsGivenUp',
      auditMetric(deploymentName(config), 'AlertsGivenUp'),
      'The watch gave up on sessions that it could not read: its log names them',
    );
    monitoring.above(
      'WatchErrors',
      this.function.metricErrors(),
      'The watch fails: sessions that stay unlinked raise no alert until it runs again',
    );
  }
}
