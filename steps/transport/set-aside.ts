import type { Batch } from './payloads.ts';

/** The first line of a quarantine object: what is in it, since when, and why. */
export interface QuarantineHeader {
  /** the execution, or the intake invocation, that set it aside */
  execution: string;
  at: string;
  /** how many sources, records or messages it holds; a whole batch counts its sources */
  count: number;
  /** why the whole batch failed; null when single sources or records were refused */
  failure: { error: string; message: string } | null;
  /** the state's whole input, for a batch that failed: it can be sent again */
  input: Batch | null;
  /** how many of its log files were sent again, each to an execution of its own */
  alone?: number;
}

/** A record that came as a message, of a batch that failed: nowhere else is it kept for longer than a day. */
export interface Arrived {
  arrived: { source: string; account: string | null; text: string };
}
