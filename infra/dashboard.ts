import { Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { auditMetric } from './monitoring.ts';
import type { SourceQueue } from './source-queue.ts';

export interface DashboardProps {
  /** the deployment's */
  name: string;
  stateMachine: StateMachine;
  functions: Record<string, IFunction>;
  queues: { trail: SourceQueue; partner: SourceQueue };
}

/** One page: input, results, durations, and messages that are stuck. */
export function createDashboard(
  scope: Construct,
  { name, stateMachine, functions, queues }: DashboardProps,
): Dashboard {
  const metric = (metricName: string, statistic?: string) => auditMetric(name, metricName, statistic);
  const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 8, height: 6 });
  const durations = Object.entries(functions).map(([label, step]) =>
    step.metricDuration({ label, statistic: 'p95' }),
  );
  const waiting = [queues.trail, queues.partner].map(({ queue }) =>
    queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
  );
  const dead = [queues.trail, queues.partner].map(({ deadLetters }) =>
    deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
  );
  return new Dashboard(scope, 'Dashboard', {
    widgets: [
      [
        graph('Records read and kept', metric('Records'), metric('Kept')),
        graph('Evidence written, and seen before', metric('Written'), metric('Duplicates')),
        graph('Credentials linked and unlinked', metric('Linked'), metric('Unlinked')),
      ],
      [
        graph(
          'Seconds from delivery to link',
          metric('DeliveryToLinkSeconds', 'p50'),
          metric('DeliveryToLinkSeconds', 'p95'),
        ),
        graph(
          'Executions',
          stateMachine.metricStarted(),
          stateMachine.metricSucceeded(),
          stateMachine.metricFailed(),
          stateMachine.metricTimedOut(),
          stateMachine.metricThrottled(),
        ),
        graph('Quarantined', metric('Quarantined')),
      ],
      [
        graph('Unlinked sessions alerted, and explained later', metric('Alerted'), metric('Explained')),
        graph('Unlinked sessions without coverage', metric('NoCoverage', 'Maximum')),
        graph(
          'Log files verified by digests, and findings',
          metric('FilesVerified'),
          metric('IntegrityFindings'),
        ),
      ],
      [
        graph('Duration of the steps (p95)', ...durations),
        graph('Age of the oldest message', ...waiting),
        graph('Dead letters', ...dead),
      ],
    ],
  });
}

/** Where people open a dashboard. */
export function dashboardUrl(dashboard: Dashboard): string {
  const { region, partition } = Stack.of(dashboard);
  const consoles: Record<string, string> = {
    'aws-cn': 'amazonaws.cn',
    'aws-us-gov': 'amazonaws-us-gov.com',
    'aws-eusc': 'amazonaws-eusc.eu',
  };
  const domain = consoles[partition] ?? 'aws.amazon.com';
  return `https://${region}.console.${domain}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
}
