import { Annotations, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Code, EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { configDefaults } from './config-defaults.ts';
import { AuditFunction, timeoutOf } from './function.ts';
import { intakeGrants, type Resources } from './grants.ts';
import { deploymentName, partnerPrincipals, partnerTopics, sendersOf } from './names.ts';
import type { RoletrailConfig } from './roletrail-config.ts';
import { createQueue, deliverObjects, type SourceQueue } from './source-queue.ts';
import { logFileCreated } from './trail-pattern.ts';

export interface QueuesProps {
  key: IKey;
  config: RoletrailConfig;
}

export interface IntakeProps extends Resources, QueuesProps {
  stateMachineArn: string;
  code: Code;
}

/**
 * A backlog must not take the account's Lambda concurrency from the steps that work it off. The least that Lambda takes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency
 */
const concurrentBatches = 2;

/**
 * What cannot be read goes to quarantine at its first receipt. A message that comes back waits for its turn, ever longer
 * (steps/intake/waits.ts), or, for six minutes each time, for a service that is down. With five receipts, half an hour of throttles
 * or of too many executions makes dead letters of log files that nothing is wrong with.
 */
const receives = 100;

/** Both ways in: log files of the trail bucket, and the partners' events. The queues are created first, because a step sends to one of them. */
export class Intake extends Construct {
  readonly trail: SourceQueue;
  readonly partner: SourceQueue;

  constructor(scope: Construct, id: string, { config, key }: QueuesProps) {
    super(scope, id);
    // Lambda's guide: six times the function's timeout, and the wait for a batch on top.
    const visibleAgain = Duration.seconds(6 * timeoutOf('intake').toSeconds() + config.batch.windowSeconds);
    this.trail = createQueue(this, 'Trail', key, { visibleAgain, receives });
    this.partner = createQueue(this, 'Partner', key, { visibleAgain, receives });
    deliverObjects(this, 'LogFileCreated', this.trail, {
      description: 'A log file was delivered to the trail bucket',
      eventPattern: logFileCreated(config.trailBucket.name),
      id: 'TrailQueue',
    });
    subscribe(this, config, this.partner);
  }

  /** The function that reads the queues and starts executions. */
  createFunction(props: IntakeProps): IFunction {
    const { config, key, stateMachineArn, buckets, code } = props;
    const queues = [this.trail.queue, this.partner.queue];
    const target = new AuditFunction(this, 'intake', {
      service: deploymentName(config),
      code,
      key,
      grants: intakeGrants(
        props,
        queues.map(queue => queue.queueArn),
        stateMachineArn,
      ),
      variables: {
        STATE_MACHINE_ARN: stateMachineArn,
        WORK_BUCKET: buckets.work.bucketName,
        TRAIL_QUEUE_URL: this.trail.queue.queueUrl,
        PARTNER_QUEUE: this.partner.queue.queueArn,
        PARTNER_QUEUE_URL: this.partner.queue.queueUrl,
        SENDERS_TABLE: props.tables.senders.tableName,
        EXECUTIONS_AT_ONCE: String(config.executionsAtOnce ?? configDefaults.executionsAtOnce),
      },
    }).function;
    for (const [name, { queue }] of Object.entries({ Trail: this.trail, Partner: this.partner })) {
      new EventSourceMapping(this, `${name}Messages`, {
        target,
        eventSourceArn: queue.queueArn,
        batchSize: config.batch.size,
        maxBatchingWindow: Duration.seconds(config.batch.windowSeconds),
        reportBatchItemFailures: true,
        maxConcurrency: concurrentBatches,
      });
    }
    return target;
  }
}

/** The owner of the queue subscribes, so no confirmation is needed. Raw delivery stays off: intake reads the topic from the envelope. */
function subscribe(scope: Construct, config: RoletrailConfig, { queue, deadLetters }: SourceQueue): void {
  const topics = partnerTopics(config);
  if (topics.length === 0) return;
  const sender = { 'aws:SourceArn': sendersOf(topics) };
  for (const target of [queue, deadLetters]) {
    target.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ThePartnersTopicsSend',
        principals: partnerPrincipals(config).map(name => new ServicePrincipal(name)),
        actions: ['sqs:SendMessage'],
        resources: [target.queueArn],
        conditions: { ArnLike: sender },
      }),
    );
  }
  const { region } = config.production;
  const elsewhere = [...new Set(topics.map(topic => topic.region))].filter(each => each !== region);
  if (elsewhere.length > 0) {
    Annotations.of(scope).addWarningV2(
      'roletrail:NoDeadLettersAcrossRegions',
      `SNS takes dead letters in the topic's own region only: what it cannot deliver from ${elsewhere.sort().join(', ')} is lost; the trail's log files still have these calls.`,
    );
  }
  for (const topic of topics) {
    const subscription = new CfnSubscription(scope, `Partner-${topic.account}-${topic.region}`, {
      topicArn: topic.arn,
      region: topic.region,
      protocol: 'sqs',
      endpoint: queue.queueArn,
      rawMessageDelivery: false,
      ...(topic.region === region && { redrivePolicy: { deadLetterTargetArn: deadLetters.queueArn } }),
    });
    // Events delivered before the queue policy exists would be lost.
    subscription.node.addDependency(queue, deadLetters);
  }
}
