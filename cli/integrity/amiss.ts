import type { DigestRecord } from '../../core/digests/records.ts';

/** Is the digest, or a log file it names, not as CloudTrail left it? */
export function isAmiss({ problem, tampered }: DigestRecord): boolean {
  return problem !== null || tampered > 0;
}
