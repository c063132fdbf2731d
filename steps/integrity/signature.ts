import { createPublicKey, verify } from 'node:crypto';
import type { DigestFile } from './digest-file.ts';
import type { PublicKey } from './public-keys.ts';
import type { DigestFault, Problem } from './verdicts.ts';

/**
 * The string CloudTrail signs (CloudTrail guide, custom implementations of log file integrity validation): the end of the
 * range, where the digest lies, the SHA-256 (hex) of its uncompressed bytes, the signature of the digest before, or `null`.
 */
export function signedText({ endTime, bucket, key, previous }: DigestFile, hash: string): string {
  return `${endTime}\n${bucket}/${key}\n${hash}\n${previous?.signature ?? 'null'}`;
}

/** Why a digest's signature is not CloudTrail's; null when it is. `hash`: of its uncompressed bytes. */
export function signatureProblem(
  digest: DigestFile,
  hash: string,
  signature: string | null,
  keys: readonly PublicKey[],
): Problem<DigestFault> | null {
  if (!signature) return { code: 'no-signature', reason: 'its object has no signature in its metadata' };
  const key = keys.find(({ fingerprint }) => fingerprint === digest.fingerprint);
  if (!key) {
    return { code: 'unknown-key', reason: `CloudTrail has no public key ${digest.fingerprint} for its time` };
  }
  const [from, to] = [Date.parse(digest.startTime), Date.parse(digest.endTime)];
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
