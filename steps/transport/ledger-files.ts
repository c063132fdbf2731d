import { shortHash } from '../../core/hash.ts';
import { lines } from './lines.ts';
import type { DataRef } from './payloads.ts';
import type { WorkData } from './work-data.ts';

/** A log file that was read, on its way to the ledger: a line of the data behind `files` of a batch. */
export interface LedgerFile {
  /** its index among the execution's sources: the head of its records' frames */
  source: number;
  bucket: string;
  key: string;
  etag: string;
  records: number;
  kept: number;
  /** which of its records were passed on as candidates, as a selection (see steps/transport/selection.ts) */
  candidates: string;
  /** the earliest eventTime of its records, ISO 8601; null where a file of the batch reaches further back */
  earliest: string | null;
  /** see FileSpan (core/reading/file-span.ts); also false if another file of the account was true */
  reads: boolean;
  /** SHA-256 (hex) of its text, as digests have it; absent of files that were under way when this came to be */
  sha256?: string;
}

/** Passes the files on. `part` distinguishes what different states write. */
export async function writeFiles(
  work: WorkData,
  part: string,
  files: readonly LedgerFile[],
): Promise<DataRef> {
  const writer = work.writer(part);
  for (const file of files) writer.write(`${JSON.stringify(file)}\n`);
  return writer.finish();
}

export function readFiles(work: WorkData, ref: DataRef): Promise<LedgerFile[]> {
  return Array.fromAsync(lines(work.read(ref)), line => JSON.parse(line) as LedgerFile);
}

/** The audited roles a file was processed for, in 16 hex digits; their order does not matter. */
export function rolesHash(roles: readonly string[]): string {
  return shortHash([...new Set(roles)].sort());
}
