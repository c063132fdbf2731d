import type { Page, PageAsked } from './page.ts';

export const executionStatuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

export type ExecutionStatus = (typeof executionStatuses)[number];

/** An execution as lists have it. Times ISO 8601; null while it runs. */
export interface Execution {
  name: string;
  status: ExecutionStatus | 'PENDING_REDRIVE';
  started: string | null;
  ended: string | null;
  arn: string;
}

/** The same, with what it was started with and how it ended. */
export interface DescribedExecution extends Execution {
  /** JSON; null where it is too large to show */
  input: string | null;
  output: string | null;
  error: string | null;
  cause: string | null;
}

/** One event of an execution's history, by the names of Step Functions (API reference, HistoryEvent). */
export interface ExecutionEvent {
  id: number;
  type: string;
  /** ISO 8601 */
  at: string | null;
  /** the state that was entered or left */
  state: string | null;
  /** JSON: what the state was given, or handed on */
  input: string | null;
  output: string | null;
  /** why an attempt, or the execution, ended */
  error: string | null;
  cause: string | null;
}

export interface ExecutionStore {
  /** executions, newest first, a page at a time */
  list(asked?: PageAsked & { status?: ExecutionStatus | undefined }): AsyncIterable<Page<Execution>>;
  /** by name or ARN; null when there is none */
  describe(execution: string): Promise<DescribedExecution | null>;
  /** its events in their order */
  history(arn: string): AsyncIterable<ExecutionEvent>;
  /** the state machine that it runs, in Amazon States Language */
  definition(arn: string): Promise<string>;
}
