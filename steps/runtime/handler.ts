import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Batch, Invocation } from '../transport/payloads.ts';
import { forStateMachine, reasonOf } from './errors.ts';
import { collectRarely } from './heap.ts';

/** What the frame lends to a function's work. */
export interface Tools {
  log: Logger;
  /** adds to a metric of the dashboard */
  count(name: MetricName, value: number): void;
}

/** What every step gets in addition to its input. */
export interface StepContext extends Tools {
  execution: string;
  lambda: Context;
}

export type MetricName =
  | 'Records'
  | 'Kept'
  | 'Written'
  | 'Duplicates'
  | 'Linked'
  | 'Unlinked'
  | 'Quarantined'
  | 'DeliveryToLinkSeconds'
  | 'Alerted'
  | 'Explained'
  | 'NoCoverage'
  | 'DigestsChecked'
  | 'FilesVerified'
  | 'IntegrityFindings'
  | 'DigestsGivenUp'
  | 'AlertsGivenUp'
  | 'AccountsQuiet';

/** A function: how it is made ready, what its logs say of an event, and what it does with one. */
interface Framed<E, D, O> {
  name: string;
  /** reads the environment and makes the clients, once, at the first invocation */
  prepare(tools: Tools): D;
  keysOf?(event: E): Record<string, unknown>;
  work(event: E, dependencies: D, tools: Tools & { lambda: Context }): Promise<O>;
  /** the error as the caller of the function should see it */
  failureOf?(error: unknown): unknown;
}

/**
 * The frame of every function: logs carry its name and what `keysOf` says, metrics are written once, whatever comes of the
 * work, and an error is logged by name before it is thrown.
 */
export function framed<E, D, O>({ name, prepare, keysOf, work, failureOf = same }: Framed<E, D, O>) {
  const log = new Logger();
  const metrics = new Metrics();
  const count = (metric: MetricName, value: number) => {
    metrics.addMetric(
      metric,
      metric === 'DeliveryToLinkSeconds' ? MetricUnit.Seconds : MetricUnit.Count,
      value,
    );
  };
  let prepared: D | undefined;
  return async (event: E, lambda: Context): Promise<O> => {
    log.resetKeys();
    log.appendKeys({ step: name, ...keysOf?.(event) });
    try {
      prepared ??= prepare({ log, count });
      return await work(event, prepared, { lambda, log, count });
    } catch (error) {
      const failure = failureOf(error);
      const { error: errorName, message } = reasonOf(failure);
      log.error(`${name} failed`, { error: errorName, reason: message });
      throw failure;
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

/**
 * Makes a step the handler of its function: logs carry the execution and the source, and errors that may pass get the
 * name that the state machine retries.
 */
export function stepHandler<I extends Batch, D, O>(
  name: string,
  prepare: () => D,
  work: (input: I, dependencies: D, context: StepContext) => Promise<O>,
) {
  return framed({
    name,
    prepare: () => {
      const prepared = prepare();
      collectRarely();
      return prepared;
    },
    keysOf: ({ execution, input }: Invocation<I>) => ({ execution, source: sourceOf(input) }),
    work: ({ execution, input }, prepared: D, tools) => work(input, prepared, { execution, ...tools }),
    failureOf: forStateMachine,
  });
}

const same = (error: unknown) => error;

function sourceOf(batch: Batch & { sources?: { bucket: string; key: string }[] }): string {
  const first = batch.sources?.[0];
  if (!first) return `${batch.counts.sources} sources of the ${batch.provenance}`;
  const others = (batch.sources?.length ?? 1) - 1;
  return `s3://${first.bucket}/${first.key}${others > 0 ? ` and ${others} more` : ''}`;
}
