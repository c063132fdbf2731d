import type { PublicKey } from '../../core/digests/public-keys.ts';
import type { DigestHead } from '../../core/digests/signature.ts';

/** An object of the trail bucket as S3 has it now. */
export interface Fetched {
  uri: string;
  bytes: Uint8Array | null;
  /** a digest's metadata */
  head: DigestHead;
  /** why it, or the key that it is checked with, is not to be had */
  missing: string | null;
}

/** The objects from which the verdicts of a bundle can be derived again. */
export interface Proofs {
  digests: Fetched[];
  /** null: not asked for */
  logs: Fetched[] | null;
  keys: PublicKey[];
}
