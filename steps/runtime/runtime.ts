import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Batch, Invocation } from '../transport/contract.ts';
import { forStateMachine, reasonOf } from './errors.ts';
import { collectRarely } from './heap.ts';

/** What every step gets beside its input. */
export interface StepContext {
  execution: string;
  lambda: Context;
  log: Logger;
  /** adds to a metric of the dashboard */
  count(name: MetricName, value: number): void;
}

export type MetricName =
  | 'Records'
  | 'Kept'
  | 'Written'
  | 'Duplicates'
  | 'Linked'
  | 'Unlinked'
  | 'Quarantined'
  | 'DeliveryToLinkSeconds';

/**
 * Makes a step the handler of its function: `prepare` reads the environment and makes the clients once, at the first
 * invocation; logs carry the execution and the source, metrics are written once, and errors that may pass get the name
 * that the state machine retries.
 */
export function stepHandler<I extends Batch, D, O>(
  name: string,
  prepare: () => D,
  work: (input: I, dependencies: D, context: StepContext) => Promise<O>,
) {
  const log = new Logger();
  const metrics = new Metrics();
  let prepared: D | undefined;
  return async ({ execution, input }: Invocation<I>, lambda: Context): Promise<O> => {
    log.resetKeys();
    log.appendKeys({ step: name, execution, source: sourceOf(input) });
    const count = (metric: MetricName, value: number) => {
      metrics.addMetric(
        metric,
        metric === 'DeliveryToLinkSeconds' ? MetricUnit.Seconds : MetricUnit.Count,
        value,
      );
    };
    try {
      if (prepared === undefined) {
        prepared = prepare();
        collectRarely();
      }
      return await work(input, prepared, { execution, lambda, log, count });
    } catch (error) {
      const failure = forStateMachine(error);
      const { error: errorName, message } = reasonOf(failure);
      log.error(`${name} failed`, { error: errorName, reason: message });
      throw failure;
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

function sourceOf(batch: Batch & { sources?: { bucket: string; key: string }[] }): string {
  const first = batch.sources?.[0];
  if (!first) return `${batch.counts.sources} sources of the ${batch.provenance}`;
  const others = (batch.sources?.length ?? 1) - 1;
  return `s3://${first.bucket}/${first.key}${others > 0 ? ` and ${others} more` : ''}`;
}
