import type { Provenance } from '../../core/records/event.ts';
/**
 * What the states of the audit flow hand to each other.
 *
 * Payloads carry references and counts, never records: Step Functions ends an execution whose payload exceeds
 * 262,144 bytes (service quotas). Data travels as a {@link DataRef}.
 */

/** Data as compressed blocks: small inline (base64), large as one object in the work bucket. `bytes`, `sha256`: of the blocks. */
export type DataRef =
  | { inline: string; bytes: number; sha256: string }
  | { bucket: string; key: string; bytes: number; sha256: string };

/** One log file as its notification named it. `size` in bytes; times ISO 8601. */
export interface TrailObject {
  bucket: string;
  key: string;
  versionId?: string;
  etag?: string;
  size?: number;
  deliveredAt?: string;
  /** to be read although the ledger has it: a user retries records of it that were refused */
  again?: true;
  /** to get an execution of its own, because its batch ended the function (steps/intake/alone.ts) */
  alone?: true;
}

/** A log file pinned by Fetch: exactly these bytes are read, or the read fails by name. */
export interface PinnedObject extends TrailObject {
  etag: string;
  size: number;
}

/**
 * Running totals of one execution. They reconcile: sources = read + refused + skipped, records = kept + dropped,
 * kept = normalized + rejected, normalized = written + duplicates.
 */
export interface Counts {
  sources: number;
  read: number;
  refused: number;
  /** log files the ledger has already, processed for the same roles */
  skipped: number;
  records: number;
  kept: number;
  dropped: number;
  normalized: number;
  rejected: number;
  written: number;
  duplicates: number;
  issuances: number;
  credentials: number;
  linked: number;
  unlinked: number;
}

/** Sources and records that were refused so far: they go to quarantine, their neighbours go on. */
export interface Refused {
  count: number;
  data?: DataRef;
}

/** One refusal, a line of the data behind {@link Refused}. `raw` is kept where the source cannot be read again. */
export interface Refusal {
  step: string;
  error: string;
  message: string;
  source: string;
  /** its number in the source's list of records, from 1; absent for a whole source, and an event that came alone */
  record?: number;
  raw?: string;
  /** the partner's account that sent it; `unknown` where it came by the partners' queue and names none of their topics */
  sender?: string;
}

/** What every state's input and output has. `step` is the last state that was completed. */
export interface Batch {
  step: string;
  provenance: Provenance;
  receivedAt: string;
  deliveredAt: string;
  counts: Counts;
  refused: Refused;
  /** the log files that were read, from Decompress on, for the ledger (see steps/transport/ledger-files.ts) */
  files?: DataRef;
}

/** Input of an execution over log files: it enters at Fetch. */
export interface ObjectsInput extends Batch {
  entry: 'objects';
  sources: TrailObject[];
}

/** Input of an execution over events that arrived as messages: they need no fetch and enter at Filter. */
export interface EventsInput extends Batch {
  entry: 'events';
  data: DataRef;
}

export type AuditInput = ObjectsInput | EventsInput;

/** Fetch -> Decompress */
export interface Fetched extends Batch {
  sources: PinnedObject[];
}

/** Decompress (or intake) -> Filter: record texts that may matter. */
export interface Decompressed extends Batch {
  data: DataRef;
}

/** Filter -> Normalize: which of the records in `data` are kept, as run lengths (see steps/transport/selection.ts). */
export interface Filtered extends Batch {
  data: DataRef;
  keep: DataRef;
}

/** Normalize -> Persist -> Correlate: typed events, and the records in `data` that hold each of theirs whole. */
export interface Normalized extends Batch {
  data: DataRef;
  events: DataRef;
}

/** What the state machine passes to each function: the name of the execution, and the state's input. */
export interface Invocation<T> {
  execution: string;
  input: T;
}

export const noCounts: Counts = Object.freeze({
  sources: 0,
  read: 0,
  refused: 0,
  skipped: 0,
  records: 0,
  kept: 0,
  dropped: 0,
  normalized: 0,
  rejected: 0,
  written: 0,
  duplicates: 0,
  issuances: 0,
  credentials: 0,
  linked: 0,
  unlinked: 0,
});
