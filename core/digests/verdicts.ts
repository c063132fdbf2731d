import type { DigestFile } from './digest-file.ts';
import type { DigestLocation } from './digest-key.ts';

/** What is wrong with a digest itself: nothing it says can be trusted. */
export type DigestFault =
  | 'missing'
  | 'unreadable'
  | 'moved'
  | 'no-signature'
  | 'unknown-key'
  | 'key-not-valid'
  | 'signature-differs';
/** What is wrong with its link to the digest before it: hours may be missing, its own log files are proven all the same. */
export type ChainFault = 'previous-missing' | 'previous-differs' | 'restarted';
/** What is wrong with a log file that a trusted digest names. */
export type FileFault = 'deleted' | 'hash-differs';

export interface Problem<Code extends string> {
  code: Code;
  /** half a sentence for a person: what was found, where */
  reason: string;
}

/**
 * `tampered`: not the bytes that a trusted digest names. `untrusted`: named by a digest that is not trusted, which
 * says nothing of the file: whoever may write to the bucket may put such a digest there.
 */
export interface FileResult {
  bucket: string;
  key: string;
  /** the ETag of the bytes that were hashed; null when there were none, or none were looked at */
  etag: string | null;
  verdict: 'verified' | 'tampered' | 'untrusted';
  problem: Problem<FileFault | DigestFault> | null;
}

/**
 * `whole`: the digest before is the one it names. `start`: the first of its chain. `open`: the digest before is not
 * there, and nothing older is known: the copy, or what the bucket keeps, begins here; or it lies in a bucket that is not
 * ours to read. `unknown`: the digest is not trusted.
 */
export interface ChainResult {
  state: 'whole' | 'start' | 'open' | 'broken' | 'unknown';
  /** of an open chain: `s3://bucket/key` of the digest before that was not looked at, in a bucket that is not here */
  elsewhere?: string;
  problem: Problem<ChainFault> | null;
}

/** All that was found about one digest. */
export interface DigestResult {
  bucket: string;
  key: string;
  location: DigestLocation;
  /** null when it could not be read */
  digest: DigestFile | null;
  /** SHA-256 (hex) of its uncompressed bytes */
  hash: string | null;
  signature: string | null;
  problem: Problem<DigestFault> | null;
  chain: ChainResult;
  files: FileResult[];
  /** log files in buckets that are not ours to read */
  elsewhere: number;
}

/** Every way in which a digest and what hangs on it are not as CloudTrail left them. */
export function faultsOf({ bucket, key, problem, chain, files }: DigestResult): Finding[] {
  const digest = `s3://${bucket}/${key}`;
  return [
    ...(problem ? [{ object: digest, ...problem }] : []),
    ...(chain.problem ? [{ object: digest, ...chain.problem }] : []),
    ...files.flatMap(file =>
      file.verdict === 'tampered' && file.problem
        ? [{ object: `s3://${file.bucket}/${file.key}`, ...file.problem }]
        : [],
    ),
  ];
}

/** One fault, and the object it was found at. */
export interface Finding extends Problem<string> {
  object: string;
}
