import { DescribeExecutionCommand, GetExecutionHistoryCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { isObject } from '../../core/records/read.ts';
import type { AuditInput, Batch, DataRef } from '../../steps/transport/payloads.ts';

/** What became of one execution. */
export interface Outcome {
  arn: string;
  name: string;
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  error: string | null;
  cause: string | null;
  /** what it was started with; null when that was none of intake's */
  input: AuditInput | null;
  /** the last state's counts and references; null when the execution's input was none */
  batch: Batch | null;
  /** how many of its log files were sent again, each to an execution of its own, because a function died of the batch */
  sentAgain: number;
  /** the kept events in their typed shape, when the execution came as far as Normalize */
  events: DataRef | null;
}

/** What became of the execution, or null while it runs. */
export async function outcomeOf(sfn: SFNClient, arn: string): Promise<Outcome | null> {
  const described = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
  const { status } = described;
  if (status !== 'SUCCEEDED' && status !== 'FAILED' && status !== 'TIMED_OUT' && status !== 'ABORTED')
    return null;
  const last = described.output ?? (await lastState(sfn, arn)) ?? described.input;
  return outcome(arn, status, described, last);
}

interface Ended {
  input?: string | undefined;
  name?: string | undefined;
  error?: string | undefined;
  cause?: string | undefined;
}

function outcome(
  arn: string,
  status: Outcome['status'],
  { name, error, cause, input }: Ended,
  last: string | undefined,
): Outcome {
  const batch = batchIn(last);
  return {
    arn,
    name: name ?? arn.slice(arn.lastIndexOf(':') + 1),
    status,
    error: error ?? null,
    cause: cause ?? null,
    input: batchIn(input) as AuditInput | null,
    batch,
    sentAgain: sentAgainIn(batch),
    events: status === 'SUCCEEDED' && batch && batch.counts.normalized > 0 ? eventsOf(batch) : null,
  };
}

/** What a failed execution's last state was given: failures have no output of their own. */
async function lastState(sfn: SFNClient, executionArn: string): Promise<string | null> {
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 20 }),
  );
  for (const { stateEnteredEventDetails: entered } of events) if (entered?.input) return entered.input;
  return null;
}

function batchIn(json: string | undefined | null): Batch | null {
  const value: unknown = json ? JSON.parse(json) : null;
  return isObject(value) && isObject(value.counts) && isObject(value.refused)
    ? (value as unknown as Batch)
    : null;
}

function sentAgainIn(batch: Batch | null): number {
  const { quarantine } = (batch ?? {}) as { quarantine?: { alone?: number } };
  return quarantine?.alone ?? 0;
}

function eventsOf(batch: Batch): DataRef | null {
  const { events } = batch as Batch & { events?: DataRef };
  return events ?? null;
}
