import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { Monitoring } from './monitoring.ts';

/** Functions by what they are part of. */
export interface Parts {
  steps: Record<string, IFunction>;
  others: Record<string, IFunction>;
}

/**
 * Alarms over many of a kind, each one sum: of what Lambda throttles, and of what EventBridge could not bring to its target.
 * `root`: all rules below it.
 */
export function watchParts(monitoring: Monitoring, root: IConstruct, { steps, others }: Parts): void {
  const throttled = 'Lambda throttles functions: raise the account’s concurrency, or reduce other use';
  // Throttles for a moment are tried again: a quarter of an hour of them is a shortage.
  monitoring.above('StepsThrottled', sumOf(throttlesOf(steps)), throttled, 0, 3);
  monitoring.above('FunctionsThrottled', sumOf(throttlesOf(others)), throttled, 0, 3);
  const rules = root.node.findAll().filter(each => each instanceof CfnRule);
  monitoring.above(
    'EventsNotDelivered',
    sumOf(Object.fromEntries(rules.map((rule, index) => [`rule${index}`, failedOf(rule)]))),
    'EventBridge could not deliver events to a queue or to the watch: check the policies of the queue and the key',
  );
}

function throttlesOf(functions: Record<string, IFunction>): Record<string, IMetric> {
  return Object.fromEntries(Object.entries(functions).map(([name, each]) => [name, each.metricThrottles()]));
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html FailedInvocations: failed for good */
function failedOf(rule: CfnRule): IMetric {
  return new Metric({
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensionsMap: { RuleName: rule.ref },
    statistic: 'Sum',
    period,
  });
}

const period = Duration.minutes(5);

/** An alarm takes at most ten metrics in an expression (CloudWatch guide, alarms on math expressions). */
const mostMetrics = 10;

/** Where one counts nothing, the sum is of the others. */
function sumOf(metrics: Record<string, IMetric>): IMetric {
  const names = Object.keys(metrics);
  if (names.length > mostMetrics)
    throw new RangeError(`${names.length} metrics; an alarm takes ${mostMetrics}`);
  const expression = `SUM([${names.map(name => `FILL(${name}, 0)`).join(', ')}])`;
  return new MathExpression({ expression, usingMetrics: metrics, period });
}
