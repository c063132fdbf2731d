import { sha256 } from '../hash.ts';
import { inParallel } from '../parallel.ts';
import { RecordError } from '../records/read.ts';
import { compactTime } from '../records/times.ts';
import { type DigestFile, type Hashed, parseDigest } from './digest-file.ts';
import { chainName, type DigestLocation, digestLocation } from './digest-key.ts';
import { NotWhole } from './one-member.ts';
import type { PublicKeys } from './public-keys.ts';
import { type DigestHead, signatureProblem, signedWithin } from './signature.ts';
import { sha256Of, unpackedDigest } from './uncompressed.ts';
import type { ChainFault, ChainResult, DigestFault, DigestResult, FileResult, Problem } from './verdicts.ts';

export interface StoredObject {
  /** without quotes; null where nothing has one (a folder) */
  etag: string | null;
  /** a digest's metadata; nothing of it for other objects */
  head: DigestHead;
  body: AsyncIterable<Uint8Array>;
  /** lets go of a body that is not read */
  discard?(): void;
}

/** Where digests and log files lie: a bucket, or a folder of copies. */
export interface DigestStore {
  /** whether objects of this bucket are here at all, should they exist */
  holds(bucket: string): boolean;
  /** null when there is no such object; every other failure is thrown */
  open(bucket: string, key: string): Promise<StoredObject | null>;
  /** whether any digest of the same chain ended before `location` does, however long before */
  hasOlder(bucket: string, location: DigestLocation): Promise<boolean>;
}

export interface VerifyTools {
  store: DigestStore;
  keys: PublicKeys;
  /** whether a digest was there when it was due; absent: nobody kept count, and a lifecycle rule may have taken it */
  seen?(bucket: string, key: string): Promise<boolean>;
  /** SHA-256 (hex) of the text that was read before of the object with this ETag; null: it was not. Absent: nobody did */
  textHash?(file: { bucket: string; key: string; etag: string }): Promise<string | null>;
  /** called for each log file that was checked */
  onFile?(file: FileResult): void;
}

const filesAtOnce = 6;

/** Checks one digest: location, signature, link to the digest before, and each log file it names. Throws only what may pass. */
export async function verifyDigest(
  bucket: string,
  key: string,
  location: DigestLocation,
  tools: VerifyTools,
): Promise<DigestResult> {
  const nothing: DigestResult = {
    ...{ bucket, key, location, digest: null, hash: null, signature: null, problem: null },
    ...{ chain: { state: 'unknown', problem: null }, files: [], elsewhere: 0 },
  };
  const refused = (code: DigestFault, reason: string) => ({ ...nothing, problem: { code, reason } });
  const object = await tools.store.open(bucket, key);
  if (!object) return refused('missing', 'it was announced, but is gone');
  let digest: DigestFile;
  let hash: string;
  try {
    const bytes = await unpackedDigest(object.body);
    hash = sha256(bytes);
    digest = parseDigest(bytes.toString('utf8'));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return refused('unreadable', `it cannot be read: ${error.message}`);
  }
  const read = { ...nothing, digest, hash, signature: object.head.signature };
  const problem =
    locationProblem(digest, read) ?? (await signedProblem(location, digest, hash, object.head, tools.keys));
  if (problem) return { ...read, problem, files: digest.logFiles.map(file => untrusted(file, problem)) };
  const ours = digest.logFiles.filter(file => tools.store.holds(file.bucket));
  return {
    ...read,
    chain: await chainOf(digest, location, tools),
    files: await inParallel(ours, filesAtOnce, async file => {
      const result = await verifyFile(file, tools);
      tools.onFile?.(result);
      return result;
    }),
    elsewhere: digest.logFiles.length - ours.length,
  };
}

function isUnreadable(error: unknown): error is Error {
  return error instanceof NotWhole || error instanceof SyntaxError || error instanceof RecordError;
}

/** What a digest says of itself is signed, its key is not: a digest under another's name proves nothing there. */
export function locationProblem(
  digest: DigestFile,
  { bucket, key, location }: Pick<DigestResult, 'bucket' | 'key' | 'location'>,
): Problem<DigestFault> | null {
  const moved = (what: string): Problem<DigestFault> => ({ code: 'moved', reason: `it says it is ${what}` });
  if (digest.bucket !== bucket || digest.key !== key) return moved(`s3://${digest.bucket}/${digest.key}`);
  if (digest.account !== location.account) return moved(`of account ${digest.account}`);
  if (compactTime(digest.endTime) !== location.time) return moved(`of ${digest.endTime}`);
  return null;
}

async function signedProblem(
  location: DigestLocation,
  digest: DigestFile,
  hash: string,
  head: DigestHead,
  keys: PublicKeys,
): Promise<Problem<DigestFault> | null> {
  const span = head.signature ? signedWithin(digest, location, head) : null;
  const known = span ? await keys(digest.fingerprint, location.region, ...span) : [];
  return signatureProblem(digest, hash, location, head, known);
}

function untrusted({ bucket, key }: Hashed, problem: Problem<DigestFault>): FileResult {
  return { bucket, key, etag: null, verdict: 'untrusted', problem };
}

/** The link to the digest before. What it says of that one is signed: hash and signature must both be those. */
async function chainOf(
  { bucket, previous }: DigestFile,
  location: DigestLocation,
  { store, seen }: VerifyTools,
): Promise<ChainResult> {
  const broken = (code: ChainFault, reason: string): ChainResult => ({
    state: 'broken',
    problem: { code, reason },
  });
  if (!previous) {
    // Backfills come beside the chain of the hours.
    const older = !location.backfill && (await store.hasOlder(bucket, location));
    if (!older) return { state: 'start', problem: null };
    return broken('restarted', 'the chain starts again: logging, or its validation, was off in between');
  }
  const named = `s3://${previous.bucket}/${previous.key}`;
  const found = await readLink(previous, store);
  if (found) {
    const same = found.hash === previous.hash && found.signature === previous.signature;
    if (same) return { state: 'whole', problem: null };
    return broken('previous-differs', `the digest before, ${named}, is not the one it names`);
  }
  // A trail moved to another bucket goes on with its chain (aws-cli, validation.py): what is not here is not gone.
  if (!store.holds(previous.bucket)) return { state: 'open', elsewhere: named, problem: null };
  // The prefix may have changed between the two: what is older lies beside the one that is named.
  const before = digestLocation(previous.key);
  if (
    before &&
    chainName(before) === chainName(location) &&
    (await store.hasOlder(previous.bucket, before))
  ) {
    return broken('previous-missing', `the digest before, ${named}, is gone, although older ones are there`);
  }
  if (await seen?.(previous.bucket, previous.key)) {
    return broken('previous-missing', `the digest before, ${named}, is gone, although it was there`);
  }
  return { state: 'open', problem: null };
}

async function readLink({ bucket, key }: Hashed, store: DigestStore) {
  const object = store.holds(bucket) ? await store.open(bucket, key) : null;
  if (!object) return null;
  return { hash: await hashOf(object), signature: object.head.signature };
}

/** One log file against its hash. */
async function verifyFile(
  { bucket, key, hash }: Hashed,
  { store, textHash }: VerifyTools,
): Promise<FileResult> {
  const object = await store.open(bucket, key);
  if (!object) {
    const problem = { code: 'deleted' as const, reason: 'a digest names it, but it is gone' };
    return { bucket, key, etag: null, verdict: 'tampered', problem };
  }
  const { etag } = object;
  // What was hashed when it was audited, and is there still, need not be read twice. Whatever differs is read, and told of as it is.
  if (etag !== null && (await textHash?.({ bucket, key, etag })) === hash) {
    object.discard?.();
    return { bucket, key, etag, verdict: 'verified', problem: null };
  }
  const found = await hashOf(object);
  if (found === hash) return { bucket, key, etag, verdict: 'verified', problem: null };
  const reason =
    typeof found === 'string' ? `its SHA-256 is ${found}; the digest names ${hash}` : found.message;
  return { bucket, key, etag, verdict: 'tampered', problem: { code: 'hash-differs', reason } };
}

/** SHA-256 (hex); what is not a complete gzip file is not what CloudTrail wrote, whatever else it is. */
async function hashOf({ body }: StoredObject): Promise<string | NotWhole> {
  try {
    return await sha256Of(body);
  } catch (error) {
    if (error instanceof NotWhole) return error;
    throw error;
  }
}
