import { type DigestResult, faultsOf } from './verdicts.ts';

/** What was found of one state of one log file, kept for good. */
export interface FileVerdict {
  bucket: string;
  key: string;
  /** of the bytes that were hashed; null when there were none */
  etag: string | null;
  verdict: 'verified' | 'tampered' | 'untrusted';
  problem: string | null;
  reason: string | null;
  /** `s3://bucket/key` of the digest */
  digest: string;
  /** ISO 8601 */
  at: string;
}

/** What was found of one digest, kept for good. */
export interface DigestRecord {
  uri: string;
  /** ISO 8601; null for a digest that could not be read */
  startTime: string | null;
  /** as its name has it: `20150817T150131Z` */
  endTime: string;
  /** its own fault, else that of its link to the one before; null: none */
  problem: string | null;
  reason: string | null;
  chain: DigestResult['chain']['state'];
  /** null for a digest that is not to be trusted */
  hash: string | null;
  signature: string | null;
  files: number;
  tampered: number;
  at: string;
}

/** Is the digest, or a log file it names, not as CloudTrail left it? */
export function isAmiss({ problem, tampered }: DigestRecord): boolean {
  return problem !== null || tampered > 0;
}

/** `at`: ISO 8601. */
export function digestRecord(result: DigestResult, at: string): DigestRecord {
  const { bucket, key, location, digest, hash, signature, chain, files } = result;
  const problem = result.problem ?? chain.problem;
  const trusted = result.problem === null;
  return {
    uri: `s3://${bucket}/${key}`,
    startTime: digest?.startTime ?? null,
    endTime: location.time,
    problem: problem?.code ?? null,
    reason: problem?.reason ?? null,
    chain: chain.state,
    hash: trusted ? hash : null,
    signature: trusted ? signature : null,
    files: files.length,
    tampered: files.filter(({ verdict }) => verdict === 'tampered').length,
    at,
  };
}

export function fileVerdicts({ bucket, key, files }: DigestResult, at: string): FileVerdict[] {
  return files.map(({ problem, ...file }) => ({
    ...file,
    problem: problem?.code ?? null,
    reason: problem?.reason ?? null,
    digest: `s3://${bucket}/${key}`,
    at,
  }));
}

/** The same for the same findings, however often they are made. */
export function findingsName(result: DigestResult): string {
  return JSON.stringify(
    faultsOf(result)
      .map(({ object, code }) => `${object} ${code}`)
      .sort(),
  );
}
