import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { safeJson } from '../text/clean.ts';
import type { SessionEvidence, SourceIntegrity } from './collect.ts';
import { reportPage } from './report.ts';

export const manifestName = 'manifest.json';
export const format = 'roletrail-evidence-1';

export interface Manifest {
  format: string;
  session: string;
  /** of each other file of the bundle */
  files: { path: string; bytes: number; sha256: string }[];
}

/** One line of `records.ndjson`. `record` is the record's text as it was delivered. */
export interface BundledRecord {
  eventID: string;
  recipientAccountId: string;
  provenance: string;
  source: string;
  digest: string;
  record: string;
}

/** `report.json`: the answer, and which of the records are the session's own calls. */
export interface Report {
  answer: SessionEvidence['answer'];
  calls: string[];
  /** what CloudTrail's digest files said of the log files the records are from, when the bundle was written */
  integrity: SourceIntegrity[];
}

// Zip has no time zone: a fixed local time gives the same bytes everywhere. Its calendar begins in 1980.
const mtime = new Date(1980, 0, 1);

/** The bundle's bytes: the same evidence gives the same bytes. */
export function bundleOf(evidence: SessionEvidence): Uint8Array {
  const { answer, records, calls, integrity } = evidence;
  const report: Report = { answer, calls, integrity };
  const bundled = records.map(({ execution: _, ...record }): BundledRecord => record);
  const files: Record<string, Uint8Array> = {
    'records.ndjson': strToU8(bundled.map(record => `${safeJson(record)}\n`).join('')),
    'report.html': strToU8(`${reportPage(report, bundled)}`),
    'report.json': strToU8(`${safeJson(report, 2)}\n`),
  };
  const manifest: Manifest = {
    format,
    session: answer.session,
    files: Object.entries(files).map(([path, bytes]) => ({
      path,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  };
  const all = { [manifestName]: strToU8(`${safeJson(manifest, 2)}\n`), ...files };
  return zipSync(all, { mtime, level: 6 });
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
