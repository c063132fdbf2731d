import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { digestOf } from '../../steps/cloudtrail/digest.ts';
import { RecordScanner } from '../../steps/cloudtrail/scan.ts';
import { type DigestFile, parseDigest } from '../../steps/integrity/digest-file.ts';
import { digestPlace } from '../../steps/integrity/digest-key.ts';
import type { PublicKey } from '../../steps/integrity/public-keys.ts';
import { type DigestHead, signatureProblem } from '../../steps/integrity/signature.ts';
import { placeProblem } from '../../steps/integrity/verify-digest.ts';
import type { BundledProofs, BundledRecord, SourceIntegrity } from './format.ts';
import type { Files } from './unpack.ts';

/** What was shown anew of one log file that records are from. */
export interface SourceCheck {
  told: SourceIntegrity;
  records: number;
  /** SHA-256 (hex) of its text, as a digest that CloudTrail signed names it; null: no such digest is in the bundle */
  signedHash: string | null;
  /** what is wrong with the digest that is cited */
  digestProblem: string | null;
  /** the fingerprint of the key that digest is signed with */
  key: string | null;
  /** whether the log file in the bundle has that hash and these records; null: it is not in the bundle */
  file: { hash: boolean | null; records: boolean } | null;
  /** why a part is not in the bundle */
  missing: string[];
}

/** CloudTrail's files hold at most 50 MB of text. */
const mostText = 256 * 1024 * 1024;

/**
 * Derives the verdicts on the records' log files anew: each digest against its signature, each log file against its digest,
 * each record against its log file, as far as the bundle has them. Returns sentences on what does not hold beside it.
 */
export function checkSources(
  integrity: readonly SourceIntegrity[],
  records: readonly BundledRecord[],
  proofs: BundledProofs,
  files: Files,
  keys: readonly PublicKey[],
): { sources: SourceCheck[]; problems: string[] } {
  const problems: string[] = [];
  const untold = records.filter(({ source }) => !integrity.some(each => each.source === source));
  for (const source of new Set(untold.map(each => each.source)))
    problems.push(`the report tells nothing of ${source}`);
  const sources = integrity.map(told => {
    const own = records.filter(({ source }) => source === told.source);
    const signed = signedHashOf(told, proofs, files, keys);
    const file = fileCheck(told.source, own, signed.hash, proofs, files);
    if (told.verdict === 'verified') problems.push(...notVerified(told.source, signed, file));
    else if (told.verdict !== 'tampered' && file && !file.records)
      problems.push(`${told.source} in the bundle does not hold the records that are said to be from it`);
    const log = proofs.logs?.find(({ uri }) => uri === told.source)?.missing;
    return {
      told,
      records: own.length,
      signedHash: signed.hash,
      digestProblem: signed.problem,
      key: signed.key,
      file,
      missing: [signed.missing, log && `the log file: ${log}`].filter(each => typeof each === 'string'),
    };
  });
  return { sources, problems };
}

interface Signed {
  hash: string | null;
  key: string | null;
  /** the digest is there, and is not what it should be */
  problem: string | null;
  missing: string | null;
}

function signedHashOf(
  { source, verdict, digest: uri }: SourceIntegrity,
  { digests }: BundledProofs,
  files: Files,
  keys: readonly PublicKey[],
): Signed {
  const nothing: Signed = { hash: null, key: null, problem: null, missing: null };
  if (uri === null) return { ...nothing, problem: verdict === 'verified' ? 'no digest is cited' : null };
  const listed = digests.find(each => each.uri === uri);
  if (!listed) return { ...nothing, problem: `the digest ${uri} is cited and not listed` };
  if (listed.missing) return { ...nothing, missing: `the digest ${uri}: ${listed.missing}` };
  const bytes = listed.path === null ? undefined : files[listed.path];
  if (!bytes) return { ...nothing, problem: `the digest ${uri} is listed and not there` };
  const read = readDigest(bytes);
  if (typeof read === 'string') return { ...nothing, problem: `the digest ${uri} ${read}` };
  const wrong = digestProblem(uri, read, listed, keys);
  if (wrong) return { ...nothing, problem: `the digest ${uri} proves nothing: ${wrong}` };
  const named = read.digest.logFiles.find(({ bucket, key }) => `s3://${bucket}/${key}` === source);
  if (!named) return { ...nothing, problem: `the digest ${uri} does not name ${source}` };
  return { ...nothing, hash: named.hash, key: read.digest.fingerprint };
}

function readDigest(bytes: Uint8Array): { digest: DigestFile; hash: string } | string {
  try {
    const text = gunzipSync(bytes, { maxOutputLength: mostText });
    return {
      digest: parseDigest(text.toString('utf8')),
      hash: createHash('sha256').update(text).digest('hex'),
    };
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}

function digestProblem(
  uri: string,
  { digest, hash }: { digest: DigestFile; hash: string },
  head: DigestHead,
  keys: readonly PublicKey[],
): string | null {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  const place = digestPlace(key);
  if (!place) return 'its name is none of a digest';
  const problem =
    placeProblem(digest, { bucket, key, place }) ?? signatureProblem(digest, hash, place, head, keys);
  return problem?.reason ?? null;
}

function fileCheck(
  source: string,
  records: readonly BundledRecord[],
  signedHash: string | null,
  { logs }: BundledProofs,
  files: Files,
): SourceCheck['file'] {
  const path = logs?.find(({ uri }) => uri === source)?.path;
  if (!path) return null;
  const bytes = files[path];
  const text = bytes && textOf(bytes);
  if (!text) return { hash: signedHash === null ? null : false, records: false };
  const hash = createHash('sha256').update(text).digest('hex');
  const held = recordsOf(text);
  return {
    hash: signedHash === null ? null : hash === signedHash,
    records: records.every(({ record }) => held.has(digestOf(record))),
  };
}

/** What a log file holds, packed or as it is; null for what is neither. */
function textOf(bytes: Uint8Array): Buffer | null {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.from(bytes);
  try {
    return gunzipSync(bytes, { maxOutputLength: mostText });
  } catch {
    // It is no whole gzip: no log file of CloudTrail's, which is told by who asked.
    return null;
  }
}

/** SHA-256 of each record of a log file: found by depth and quotes, so that a record within a record is none. */
function recordsOf(text: Buffer): Set<string> {
  const held = new Set<string>();
  const scanner = new RecordScanner(record => held.add(digestOf(record)));
  try {
    scanner.push(text);
    scanner.end();
  } catch {
    // No whole list of records: what was found before it broke off is not vouched for.
    return new Set();
  }
  return held;
}

function notVerified(source: string, signed: Signed, file: SourceCheck['file']): string[] {
  if (signed.problem) return [`${source} is told as verified, but ${signed.problem}`];
  if (file?.hash === false)
    return [`${source} in the bundle is not the file that CloudTrail signed a digest of`];
  if (file && !file.records)
    return [`${source} in the bundle does not hold the records that are said to be from it`];
  return [];
}
