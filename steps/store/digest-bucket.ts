import type { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { chainName, type DigestLocation, digestLocation } from '../../core/digests/digest-key.ts';
import type { DigestStore, StoredObject } from '../../core/digests/verify-digest.ts';
import { AuditError } from '../runtime/errors.ts';

/** Digests and log files where CloudTrail put them. */
export class DigestBucket implements DigestStore {
  readonly #s3: S3Client;
  readonly #buckets: readonly string[];

  /** `buckets`: the buckets that may be read */
  constructor(s3: S3Client, buckets: readonly string[]) {
    this.#s3 = s3;
    this.#buckets = buckets;
  }

  holds(bucket: string): boolean {
    return this.#buckets.includes(bucket);
  }

  async open(bucket: string, key: string): Promise<StoredObject | null> {
    try {
      const found = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (!found.Body) throw new AuditError('ObjectNotFound', 'S3 answered without a body');
      return {
        etag: found.ETag?.replaceAll('"', '') ?? null,
        head: {
          signature: found.Metadata?.signature ?? null,
          generated: found.Metadata?.['backfill-generation-timestamp'] ?? null,
        },
        body: found.Body as Readable,
        discard: () => (found.Body as Readable).destroy(),
      };
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }

  /**
   * S3 lists the days from the oldest on: where an older digest is kept, the first page has it, unless another trail wrote
   * there before. Days after its own are not asked for.
   */
  async hasOlder(bucket: string, location: DigestLocation): Promise<boolean> {
    for await (const key of this.keys(bucket, location.folder)) {
      const other = digestLocation(key);
      if (!other) continue;
      if (chainName(other) === chainName(location) && other.time < location.time) return true;
      if (other.time.slice(0, 8) > location.time.slice(0, 8)) return false;
    }
    return false;
  }

  /** Keys below a prefix, in S3's order. */
  async *keys(bucket: string, prefix: string): AsyncGenerator<string> {
    for await (const page of this.#pages(bucket, prefix)) {
      for (const { Key } of page.Contents ?? []) if (Key) yield Key;
    }
  }

  /** The folders right below a prefix, with their slash. */
  async folders(bucket: string, prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const page of this.#pages(bucket, prefix, '/')) {
      for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix) found.push(Prefix);
    }
    return found;
  }

  #pages(Bucket: string, Prefix: string, Delimiter?: string) {
    return paginateListObjectsV2({ client: this.#s3 }, { Bucket, Prefix, ...(Delimiter && { Delimiter }) });
  }
}
