import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { SourceQueue } from './source-queue.ts';

export interface MonitoringProps {
  /** the deployment's */
  name: string;
  key: IKey;
  stateMachine: StateMachine;
  intake: IFunction;
  queues: { trail: SourceQueue; partner: SourceQueue };
  alarmEmail?: string | undefined;
}

/** A metric the functions write (Powertools, namespace and service as their environment says). */
export function auditMetric(deployment: string, metricName: string, statistic = 'Sum'): Metric {
  return new Metric({
    namespace: 'roletrail',
    metricName,
    dimensionsMap: { service: deployment },
    statistic,
    period: Duration.minutes(5),
  });
}

/** The alarms, and the topic that they notify. */
export class Monitoring extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { stateMachine, queues, intake } = props;
    this.topic = createTopic(this, props);
    const above: Monitoring['above'] = (...alarm) => this.above(...alarm);

    above(
      'ExecutionsFailed',
      stateMachine.metricFailed(),
      'An execution failed: inspect it; the quarantine holds its input',
    );
    above(
      'ExecutionsTimedOut',
      stateMachine.metricTimedOut(),
      'An execution reached its time limit: redrive it',
    );
    above(
      'ExecutionsThrottled',
      stateMachine.metricThrottled(),
      'Step Functions throttles executions: raise the batch size or the quota',
    );
    above(
      'ExecutionsAborted',
      stateMachine.metricAborted(),
      'Someone stopped an execution, so its files are not processed: CloudTrail’s StopExecution event shows who',
    );
    above(
      'IntakeErrors',
      intake.metricErrors(),
      'Intake fails: each message comes again up to a hundred times and then becomes a dead letter',
    );
    above(
      'Quarantined',
      auditMetric(props.name, 'Quarantined'),
      'Sources, records or messages were quarantined: see the quarantine of the work bucket',
    );
    for (const [name, { queue, deadLetters }] of Object.entries({
      Trail: queues.trail,
      Partner: queues.partner,
    })) {
      above(
        `${name}DeadLetters`,
        deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
        'Messages could not be processed: read them, fix the cause, move them back to their queue',
      );
      above(
        `${name}OldestMessage`,
        queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
        'Messages have waited for more than 15 minutes: answers are late',
        15 * 60,
      );
    }
    this.silent(
      'NoLogFiles',
      queues.trail.queue.metricNumberOfMessagesSent(),
      'No log file was announced for an hour: check the trail, the bucket’s notifications and the rule',
      60,
    );
  }

  /** Tells the topic when a metric is above a threshold, `periods` times of its period in a row. */
  above(name: string, metric: IMetric, alarmDescription: string, threshold = 0, periods = 1): void {
    this.#tell(name, {
      metric,
      alarmDescription,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // No executions, no messages: nothing is wrong.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /**
   * Tells the topic when nothing was counted for so many minutes, a multiple of five. What is silent has no data points at all, as
   * a queue that is not used for six hours (SQS guide, available CloudWatch metrics): missing data means silence.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
   */
  silent(name: string, metric: Metric, alarmDescription: string, minutes: number): void {
    this.#tell(name, {
      metric: metric.with({ statistic: 'Sum', period: Duration.minutes(silenceStep) }),
      alarmDescription,
      threshold: 1,
      evaluationPeriods: minutes / silenceStep,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  #tell(name: string, props: AlarmProps): void {
    new Alarm(this, name, props).addAlarmAction(new SnsAction(this.topic));
  }
}

/** Minutes of one data point of a silence. */
const silenceStep = 5;

function createTopic(scope: Construct, { key, alarmEmail }: MonitoringProps): Topic {
  const topic = new Topic(scope, 'Alarms', { masterKey: key, enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsPublish',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  if (alarmEmail) topic.addSubscription(new EmailSubscription(alarmEmail));
  return topic;
}
