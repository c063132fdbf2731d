import { createPublicKey, verify } from 'node:crypto';
import { hourMillis } from '../records/times.ts';
import type { DigestFile } from './digest-file.ts';
import type { DigestLocation } from './digest-key.ts';
import type { PublicKey } from './public-keys.ts';
import type { DigestFault, Problem } from './verdicts.ts';

/**
 * The string CloudTrail signs (CloudTrail guide, custom implementations of log file integrity validation): the end of the
 * range, where the digest lies, the SHA-256 (hex) of its uncompressed bytes, the signature of the digest before, or `null`.
 */
export function signedText({ endTime, bucket, key, previous }: DigestFile, hash: string): string {
  return `${endTime}\n${bucket}/${key}\n${hash}\n${previous?.signature ?? 'null'}`;
}

/** What S3 keeps beside a digest, as its metadata. */
export interface DigestHead {
  /** hex (`signature`); null: there is none */
  signature: string | null;
  /** ISO 8601 (`backfill-generation-timestamp`): when a backfill digest was made; null: there is none */
  generated: string | null;
}

/** A key rotates beside the hours that digests cover: AWS's own tool asks two hours to both sides (aws-cli#10073). */
const margin = 2 * hourMillis;

/**
 * The time (milliseconds) within which a digest was signed, margin included: around the hour it covers; a backfill digest
 * around the time it was made, which may be days later (aws-cli, validation.py). Null for a backfill that does not say it.
 */
export function signedWithin(
  { startTime, endTime }: Pick<DigestFile, 'startTime' | 'endTime'>,
  { backfill }: Pick<DigestLocation, 'backfill'>,
  { generated }: Pick<DigestHead, 'generated'>,
): [from: number, to: number] | null {
  const [from, to] = backfill ? [generated, generated] : [startTime, endTime];
  const span: [number, number] = [Date.parse(from ?? '') - margin, Date.parse(to ?? '') + margin];
  return span.some(Number.isNaN) ? null : span;
}

/** Why a digest's signature is not CloudTrail's; null when it is. `hash`: of its uncompressed bytes. */
export function signatureProblem(
  digest: DigestFile,
  hash: string,
  location: Pick<DigestLocation, 'backfill'>,
  head: DigestHead,
  keys: readonly PublicKey[],
): Problem<DigestFault> | null {
  const { signature } = head;
  if (!signature) return { code: 'no-signature', reason: 'its object has no signature in its metadata' };
  const within = signedWithin(digest, location, head);
  if (!within) {
    return { code: 'unreadable', reason: 'its object has no backfill-generation-timestamp in its metadata' };
  }
  const [from, to] = within;
  const key = keys.find(({ fingerprint }) => fingerprint === digest.fingerprint);
  if (!key) {
    return { code: 'unknown-key', reason: `CloudTrail has no public key ${digest.fingerprint} for its time` };
  }
  if (key.validFrom > to || key.validUntil < from) {
    const span = [key.validFrom, key.validUntil].map(time => new Date(time).toISOString()).join(' to ');
    return { code: 'key-not-valid', reason: `the key ${key.fingerprint} was valid from ${span} only` };
  }
  const good =
    /^(?:[0-9a-f]{2})+$/i.test(signature) &&
    verify(
      'sha256',
      Buffer.from(signedText(digest, hash)),
      createPublicKey({ key: key.der, format: 'der', type: 'pkcs1' }),
      Buffer.from(signature, 'hex'),
    );
  return good ? null : { code: 'signature-differs', reason: 'its signature is not CloudTrail’s' };
}
