import { parseDigest } from '../../core/digests/digest-file.ts';
import { digestLocation } from '../../core/digests/digest-key.ts';
import type { PublicKey } from '../../core/digests/public-keys.ts';
import { signatureProblem } from '../../core/digests/signature.ts';
import { unpackedDigest } from '../../core/digests/uncompressed.ts';
import { locationProblem } from '../../core/digests/verify-digest.ts';
import { sha256 } from '../../core/hash.ts';
import { type Completeness, callOfSession, hoursOf, type SignedDigest } from './completeness.ts';
import type { BundledRecord, Report, SourceIntegrity } from './format.ts';
import { readLog } from './log-file.ts';
import type { Fetched, Proofs } from './objects.ts';

/** What the check proves of one log file that records come from. */
export interface SourceCheck {
  reported: SourceIntegrity;
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

export interface Checked {
  sources: SourceCheck[];
  /** null: there are no log files in the bundle that CloudTrail signed the hash of */
  complete: Completeness | null;
  /** sentences on what does not hold */
  problems: string[];
}

/**
 * Derives the verdicts on the records' log files again: each digest against its signature, each log file against its digest,
 * each record against its log file, as far as the bundle has them; and looks for calls of the session that were left out.
 */
export async function checkSources(
  report: Report,
  records: readonly BundledRecord[],
  proofs: Proofs,
  keys: readonly PublicKey[],
): Promise<Checked> {
  const { integrity } = report;
  const problems = listProblems(integrity, records, proofs);
  const digests = new Map<string, DigestCheck>();
  for (const each of proofs.digests) digests.set(each.uri, await checkDigest(each, keys));
  const signed = [...digests.values()].flatMap(({ signed }) => signed ?? []);
  const used = new Set([...digests.values()].map(({ fingerprint }) => fingerprint));
  for (const { fingerprint } of proofs.keys)
    if (!used.has(fingerprint)) problems.push(`no digest is signed with the public key ${fingerprint}`);
  const logs = await checkLogs(report, records, proofs, signed);
  problems.push(...logs.problems);
  const sources = integrity.map((reported): SourceCheck => {
    const own = records.filter(({ source }) => source === reported.source);
    const proof = signedHashOf(reported, digests);
    const read = logs.read.get(reported.source);
    const file = read
      ? {
          hash: proof.hash === null ? null : read.hash === proof.hash,
          records: own.every(each => read.held.has(each.digest)),
        }
      : null;
    problems.push(...notVerified(reported, proof, file));
    const log = proofs.logs?.find(({ uri }) => uri === reported.source)?.missing;
    return {
      reported,
      records: own.length,
      signedHash: proof.hash,
      digestProblem: proof.problem,
      key: proof.key,
      file,
      missing: [proof.missing, log && `the log file: ${log}`].filter(each => typeof each === 'string'),
    };
  });
  return { sources, complete: logs.complete, problems };
}

/** Nothing may be in a bundle that no record and no verdict needs. */
function listProblems(
  integrity: readonly SourceIntegrity[],
  records: readonly BundledRecord[],
  { digests, logs, keys }: Proofs,
): string[] {
  const problems: string[] = [];
  const reported = new Set(integrity.map(({ source }) => source));
  const from = new Set(records.map(({ source }) => source));
  for (const source of from)
    if (!reported.has(source)) problems.push(`the report does not mention ${source}`);
  for (const source of reported)
    if (!from.has(source)) problems.push(`the report mentions ${source}, but no record comes from it`);
  const cited = new Set(integrity.flatMap(({ digest }) => digest ?? []));
  for (const { uri } of digests)
    if (!cited.has(uri)) problems.push(`the digest ${uri} is listed, but not cited`);
  if (!ascending(digests)) problems.push('the digests are out of order');
  if (logs && !ascending(logs)) problems.push('the log files are out of order');
  if (new Set(keys.map(({ fingerprint }) => fingerprint)).size !== keys.length)
    problems.push('a public key appears twice');
  return problems;
}

function ascending(objects: readonly { uri: string }[]): boolean {
  return objects.every(({ uri }, index) => index === 0 || (objects[index - 1]?.uri ?? '') < uri);
}

interface DigestCheck {
  signed: SignedDigest | null;
  /** of the key it says it is signed with; null: it cannot be read */
  fingerprint: string | null;
  /** the digest is there, and is not what it should be */
  problem: string | null;
  missing: string | null;
}

async function checkDigest(
  { uri, bytes, head, missing }: Fetched,
  keys: readonly PublicKey[],
): Promise<DigestCheck> {
  const nothing: DigestCheck = { signed: null, fingerprint: null, problem: null, missing: null };
  if (missing) return { ...nothing, missing: `the digest ${uri}: ${missing}` };
  if (!bytes) return { ...nothing, problem: `the digest ${uri} is listed, but missing` };
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  const location = digestLocation(key);
  if (!location)
    return { ...nothing, problem: `the digest ${uri} proves nothing: its name is not that of a digest` };
  try {
    const text = await unpackedDigest(bytes);
    const digest = parseDigest(text.toString('utf8'));
    const hash = sha256(text);
    const wrong =
      locationProblem(digest, { bucket, key, location }) ??
      signatureProblem(digest, hash, location, head, keys);
    const { fingerprint } = digest;
    if (wrong)
      return { ...nothing, fingerprint, problem: `the digest ${uri} proves nothing: ${wrong.reason}` };
    return { ...nothing, fingerprint, signed: { uri, location, digest } };
  } catch (error) {
    return { ...nothing, problem: `the digest ${uri} cannot be read: ${(error as Error).message}` };
  }
}

interface Proof {
  hash: string | null;
  key: string | null;
  problem: string | null;
  missing: string | null;
}

function signedHashOf(
  { source, verdict, digest: uri }: SourceIntegrity,
  digests: ReadonlyMap<string, DigestCheck>,
): Proof {
  const nothing: Proof = { hash: null, key: null, problem: null, missing: null };
  if (uri === null) return { ...nothing, problem: verdict === 'verified' ? 'no digest is cited' : null };
  const check = digests.get(uri);
  if (!check) return { ...nothing, problem: `the digest ${uri} is cited, but not listed` };
  const { signed, problem, missing } = check;
  if (!signed) return { ...nothing, problem, missing };
  const named = hashIn(signed, source);
  if (named === null) return { ...nothing, problem: `the digest ${uri} does not name ${source}` };
  return { ...nothing, hash: named, key: signed.digest.fingerprint };
}

function hashIn({ digest }: SignedDigest, source: string): string | null {
  return digest.logFiles.find(({ bucket, key }) => `s3://${bucket}/${key}` === source)?.hash ?? null;
}

interface LogsChecked {
  /** by source; `held`: which of the bundle's own records it holds, by their SHA-256 */
  read: Map<string, { hash: string | null; held: Set<string> }>;
  complete: Completeness | null;
  problems: string[];
}

async function checkLogs(
  report: Report,
  records: readonly BundledRecord[],
  { logs }: Proofs,
  signed: readonly SignedDigest[],
): Promise<LogsChecked> {
  const own = new Set(records.map(({ source }) => source));
  const wanted = new Set(records.map(({ digest }) => digest));
  const listed = new Set(report.calls);
  const looked = new Set<string>();
  const found = new Set<string>();
  const result: LogsChecked = { read: new Map(), complete: null, problems: [] };
  let unread = 0;
  for (const { uri, bytes, missing } of logs ?? []) {
    const hashes = signed.flatMap(digest => hashIn(digest, uri) ?? []);
    if (!own.has(uri) && hashes.length === 0) {
      result.problems.push(`${uri} is in the bundle, but no record comes from it and no digest names it`);
      continue;
    }
    if (!bytes) {
      if (missing === null) result.problems.push(`the log file ${uri} is listed, but missing`);
      continue;
    }
    const held = new Set<string>();
    const calls: string[] = [];
    let odd = 0;
    const { hash, whole } = await readLog(bytes, (record, recordHash) => {
      if (wanted.has(recordHash)) held.add(recordHash);
      try {
        const call = callOfSession(record.toString('utf8'), uri, report);
        if (call !== null) calls.push(call);
      } catch {
        // A record that cannot be read belongs to no known session: it is counted and reported.
        odd += 1;
      }
    });
    result.read.set(uri, { hash, held: whole ? held : new Set() });
    const proven = whole && hash !== null && hashes.includes(hash);
    if (!own.has(uri) && !proven)
      result.problems.push(`${uri} in the bundle does not match the digest that CloudTrail signed`);
    if (!proven) continue;
    looked.add(uri);
    unread += odd;
    for (const call of calls) found.add(call);
    const left = calls.filter(call => !listed.has(call));
    result.problems.push(
      ...left.map(call => `the call ${call} belongs to this session and is in ${uri}, but was left out`),
    );
  }
  if (looked.size > 0)
    result.complete = { files: looked.size, calls: found.size, unread, hours: hoursOf(signed, looked) };
  return result;
}

function notVerified(
  { source, verdict }: SourceIntegrity,
  proof: Proof,
  file: SourceCheck['file'],
): string[] {
  const without = `${source} in the bundle does not hold the records that are attributed to it`;
  if (verdict !== 'verified') return verdict !== 'tampered' && file && !file.records ? [without] : [];
  if (proof.problem) return [`${source} is reported as verified, but ${proof.problem}`];
  if (file?.hash === false)
    return [`${source} in the bundle does not match the digest that CloudTrail signed`];
  return file && !file.records ? [without] : [];
}
