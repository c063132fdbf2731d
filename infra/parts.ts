import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { capitalized } from './function.ts';
import type { Monitoring } from './monitoring.ts';

/**
 * An alarm for each function that Lambda throttles, and for each rule below `root` that could not deliver. One on the sum of many costs
 * as much, since CloudWatch charges for each metric in it, and names none of them.
 */
export function watchParts(
  monitoring: Monitoring,
  root: IConstruct,
  functions: Record<string, IFunction>,
): void {
  for (const [name, each] of Object.entries(functions)) {
    // Throttles for a moment are tried again: a quarter of an hour of them is a shortage.
    monitoring.above(
      `Throttled${capitalized(name)}`,
      each.metricThrottles(),
      `Lambda throttles the function ${name}: raise the account’s concurrency, or reduce other use`,
      0,
      3,
    );
  }
  for (const rule of root.node.findAll().filter(each => each instanceof CfnRule)) {
    monitoring.above(
      `NotDelivered${rule.node.id}`,
      failedInvocations(rule),
      'EventBridge could not deliver events to a queue or to the watch: check the policies of the queue and the key',
    );
  }
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html FailedInvocations: failed for good */
function failedInvocations(rule: CfnRule): Metric {
  return new Metric({
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensionsMap: { RuleName: rule.ref },
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}
