import type { Integrity } from '../../core/digests/file-integrity.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';

export const format = 'roletrail-evidence-4';

/** A bundle is made and checked in memory: of all its files together, of the records, of the log files (as S3 has them). */
export const mostBundleBytes = 500_000_000;
export const mostRecordBytes = 150_000_000;
export const mostLogBytes = 256_000_000;
/** Of a JSON file: a call and its use take some 120 bytes of the report. */
export const mostJsonBytes = 64_000_000;

/** The files of a bundle that are always there; beside them `digests/` and `logs/`. */
export const manifestName = 'manifest.json';
export const recordsName = 'records.ndjson';
export const reportName = 'report.json';
export const pageName = 'report.html';
export const proofsName = 'proofs.json';
export const keysName = 'keys.json';

export interface Manifest {
  format: string;
  /** the version of roletrail that wrote it */
  version: string;
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

/** What CloudTrail's digests say of the bytes that records were read from. */
export interface SourceIntegrity extends Integrity {
  source: string;
}

/** `report.json`: the answer, and which of the records are the session's own calls. */
export interface Report {
  answer: SessionAnswer;
  calls: string[];
  /** what CloudTrail's digest files said of the log files the records are from, when the bundle was written */
  integrity: SourceIntegrity[];
}

/** `proofs.json`: where in the bundle the objects are that verdicts rest on. */
export interface BundledProofs {
  /** the digests that verdicts cite */
  digests: (BundledObject & {
    /** hex, as S3 keeps it beside the object; null: there was none */
    signature: string | null;
    /** ISO 8601, as S3 keeps it beside a backfill digest: when it was made; null: it is none */
    generated: string | null;
  })[];
  /** the log files that records are from, and others that the digests name; null: they were not asked for */
  logs: BundledObject[] | null;
}

export interface BundledObject {
  /** `s3://bucket/key` */
  uri: string;
  /** the file of the bundle that has its bytes as S3 had them; null: it is not in the bundle */
  path: string | null;
  /** half a sentence: why it, or the key that it is checked with, is not in the bundle */
  missing: string | null;
}
