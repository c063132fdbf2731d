import { createReadStream, existsSync } from 'node:fs';
import { chainName, type DigestLocation, digestLocation } from '../../core/digests/digest-key.ts';
import type { DigestHead } from '../../core/digests/signature.ts';
import type { DigestStore, StoredObject } from '../../core/digests/verify-digest.ts';
import { type Copy, headsOf } from './copies.ts';

/** A folder that holds copies of a trail bucket's objects under their keys. */
export class FolderStore implements DigestStore {
  readonly #files: Map<string, string>;
  readonly #heads: Map<string, DigestHead>;
  readonly #buckets: ReadonlySet<string>;
  readonly #chains: { chain: string; time: string }[];

  /** `buckets`: those its digests say they lie in; a folder itself does not say where it was copied from */
  constructor(copies: readonly Copy[], buckets: ReadonlySet<string>) {
    this.#buckets = buckets;
    this.#files = new Map(copies.map(({ file, key }) => [key, file]));
    const digests = copies.filter(({ key }) => digestLocation(key));
    this.#heads = headsOf(digests);
    this.#chains = digests.flatMap(({ key }) => {
      const location = digestLocation(key);
      return location ? [{ chain: chainName(location), time: location.time }] : [];
    });
  }

  holds(bucket: string): boolean {
    return this.#buckets.has(bucket);
  }

  /** Whether a digest's signature is known. */
  isSigned(key: string): boolean {
    return this.#heads.has(key);
  }

  async open(_bucket: string, key: string): Promise<StoredObject | null> {
    const file = this.#files.get(key);
    if (!file || !existsSync(file)) return null;
    const head = this.#heads.get(key) ?? { signature: null, generated: null };
    return { etag: null, head, body: createReadStream(file) };
  }

  async hasOlder(_bucket: string, location: DigestLocation): Promise<boolean> {
    return this.#chains.some(other => other.chain === chainName(location) && other.time < location.time);
  }
}
