import { createReadStream, existsSync } from 'node:fs';
import { chainName, type DigestPlace, digestPlace } from '../../steps/integrity/digest-key.ts';
import type { DigestStore, StoredObject } from '../../steps/integrity/verify-digest.ts';
import { type Copy, signaturesOf } from './copies.ts';

/** A folder that holds copies of a trail bucket's objects under their keys. */
export class FolderStore implements DigestStore {
  readonly #files: Map<string, string>;
  readonly #signatures: Map<string, string>;
  readonly #chains: { chain: string; time: string }[];

  constructor(copies: readonly Copy[]) {
    this.#files = new Map(copies.map(({ file, key }) => [key, file]));
    const digests = copies.filter(({ key }) => digestPlace(key));
    this.#signatures = signaturesOf(digests);
    this.#chains = digests.flatMap(({ key }) => {
      const place = digestPlace(key);
      return place ? [{ chain: chainName(place), time: place.time }] : [];
    });
  }

  /** A folder does not say which bucket it was copied from. */
  holds(): boolean {
    return true;
  }

  /** Whether a digest's signature is known. */
  isSigned(key: string): boolean {
    return this.#signatures.has(key);
  }

  async open(_bucket: string, key: string): Promise<StoredObject | null> {
    const file = this.#files.get(key);
    if (!file || !existsSync(file)) return null;
    return { etag: null, signature: this.#signatures.get(key) ?? null, body: createReadStream(file) };
  }

  async hasOlder(_bucket: string, place: DigestPlace, time: string): Promise<boolean> {
    return this.#chains.some(other => other.chain === chainName(place) && other.time < time);
  }
}
