import { chainName, type DigestLocation, digestLocation } from '../../core/digests/digest-key.ts';
import type { DigestHead } from '../../core/digests/signature.ts';
import type { DigestStore, StoredObject } from '../../core/digests/verify-digest.ts';
import type { Copy } from './copies.ts';

/** A folder that holds copies of a trail bucket's objects under their keys. */
export class FolderStore implements DigestStore {
  readonly #copies: Map<string, Copy>;
  readonly #heads: ReadonlyMap<string, DigestHead>;
  readonly #buckets: ReadonlySet<string>;
  readonly #chains: { chain: string; time: string }[];

  /**
   * `buckets`: those its digests say they lie in; a folder itself does not say where it was copied from. `heads`: what is known of
   * the digests' metadata, by key
   */
  constructor(copies: readonly Copy[], buckets: ReadonlySet<string>, heads: ReadonlyMap<string, DigestHead>) {
    this.#buckets = buckets;
    this.#copies = new Map(copies.map(copy => [copy.key, copy]));
    this.#heads = heads;
    this.#chains = copies.flatMap(({ key }) => {
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
    const copy = this.#copies.get(key);
    if (!copy) return null;
    const head = this.#heads.get(key) ?? { signature: null, generated: null };
    return { etag: null, head, body: copy.bytes.stream() };
  }

  async hasOlder(_bucket: string, location: DigestLocation): Promise<boolean> {
    return this.#chains.some(other => other.chain === chainName(location) && other.time < location.time);
  }
}
