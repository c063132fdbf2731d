import type { Refusal } from '../../../steps/transport/payloads.ts';

/** What one source came to: a log file, a log file made of an export's records, or one event. */
export interface ReadSource {
  /** the input it is of, by its place in the order of delivery */
  input: number;
  /** of an export: which of the log files made of it, from 1; 0: the input itself */
  member: number;
  /** `s3://bucket/key`, or the topic or bus that an event came by */
  name: string;
  /** the key it has in the trail bucket; null: an event, which is in none */
  key: string | null;
  /** SHA-256 (hex) of the input's bytes as they lie there; null: it was not read to its end */
  bytesHash: string | null;
  records: number;
  kept: number;
  /** of the kept ones, those that have their typed shape and are no refused file's */
  normalized: number;
  /** see FileSpan (core/reading/file-span.ts) */
  earliest: string | null;
  reads: boolean;
  /** `read`: to its end; `refused`: before its records were looked at; `withheld`: too many of its records were refused */
  outcome: 'read' | 'refused' | 'withheld';
  refusals: Refusal[];
  /** kept records that name another account than their file does */
  otherAccounts: number;
}

/** A kept record: where it lies, what its call says, and by their place in the same part what it was done by and done with. */
export type RecordRow = [
  /** in the source's text, in bytes */
  offset: number,
  length: number,
  eventID: string,
  /** of its account and who told it: {@link copyNumber} */
  copy: number,
  hash: string,
  time: string,
  action: number,
  setting: number,
  sharedEventID: string | null,
  amends: string | null,
  /** credentials that its issuance is known under, as JSON; null: it hands out none */
  issues: string | null,
];

/** `userAgent` is cut as lists show it. */
export type SettingRow = [
  account: string,
  provenance: string,
  awsRegion: string | null,
  sourceIPAddress: string | null,
  agent: string | null,
  credential: string | null,
  accessKeyId: string | null,
  use: string | null,
  callerAccount: string | null,
  denied: string | null,
];

export type ActionRow = [eventSource: string, eventName: string, errorCode: string | null];

/** Facts, a row each, as they are written (see state/schema.ts). */
export interface FactRows {
  issuances: [name: string, issuance: string][];
  issued: [credential: string, name: string][];
  uses: [credential: string, hash: string, shown: string, times: [string, string, string, string]][];
  children: [parent: string, child: string][];
  claimedChildren: [parent: string, child: string][];
  attempts: [name: string, eventID: string, attempt: string][];
}

/** What was read of a source, or of a part of it. Lists are JSON: text crosses threads at little cost to the one that writes all. */
export interface Part {
  source: ReadSource;
  /** the source goes on in the next part: whether it is whole is not known yet */
  open: boolean;
  rows: number;
  records: string;
  settings: string;
  actions: string;
  facts: string;
  /** ARNs of roles that records speak of */
  roles: string[];
  /** keys and sessions that a report is made of: used, or issued */
  credentials: string[];
}

/** One number for an account and who told of it: accounts have twelve digits. */
export function copyNumber(account: string, provenance: string): number {
  return Number(account) * 2 + (provenance === 'partner' ? 1 : 0);
}
