import type { S3Client } from '@aws-sdk/client-s3';
import type { PublicKeys } from '../../core/digests/public-keys.ts';
import type { StoredObject } from '../../core/digests/verify-digest.ts';
import { DigestBucket } from '../../steps/store/digest-bucket.ts';
import { AccessRefused, type TrailStore } from '../queries/store.ts';

/** A trail's bucket, and CloudTrail's own keys. */
export class TrailBucket extends DigestBucket implements TrailStore {
  readonly bucket: string;
  readonly account: string;
  readonly publicKeys: PublicKeys;

  /** `account`: the one that is audited */
  constructor(
    client: S3Client,
    { bucket, account, keys }: { bucket: string; account: string; keys: PublicKeys },
  ) {
    super(client, [bucket]);
    this.bucket = bucket;
    this.account = account;
    this.publicKeys = (...asked) => keys(...asked).catch(refused);
  }

  override open(bucket: string, key: string): Promise<StoredObject | null> {
    return super.open(bucket, key).catch(refused);
  }
}

// S3 answers 403; CloudTrail 400 with a name.
function refused(error: Error & { $metadata?: { httpStatusCode?: number } }): never {
  const { name, message, $metadata } = error;
  if ($metadata?.httpStatusCode !== 403 && !name.startsWith('AccessDenied')) throw error;
  throw new AccessRefused(message, { cause: error });
}
