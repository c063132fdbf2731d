import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { chainName, digestLocation } from '../../../core/digests/digest-key.ts';
import type { DigestStore } from '../../../core/digests/verify-digest.ts';
import { bucket, type Objects } from './chain.ts';

/** The one bucket of a test. */
export function memoryStore(objects: Objects): DigestStore {
  return {
    holds: name => name === bucket,
    open: async (name, key) => {
      const stored = name === bucket ? objects.get(key) : undefined;
      if (!stored) return null;
      const etag = createHash('md5').update(stored.bytes).digest('hex');
      const { signature = null, 'backfill-generation-timestamp': generated = null } = stored.metadata;
      return { etag, head: { signature, generated }, body: Readable.from([stored.bytes]) };
    },
    hasOlder: async (_, location) =>
      [...objects.keys()].some(key => {
        const other = digestLocation(key);
        return other !== null && chainName(other) === chainName(location) && other.time < location.time;
      }),
  };
}
