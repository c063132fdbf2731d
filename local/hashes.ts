import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { ServiceError } from './contract.ts';

/** A checksum over chunks as they pass by; `digest` once, at the end. */
export interface Hasher {
  update(chunk: Uint8Array): unknown;
  digest(): Promise<Buffer>;
}

function crc32Hasher(): Hasher {
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    async digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

const nodeHasher = (algorithm: string): Hasher => {
  const hash = createHash(algorithm);
  return { update: chunk => hash.update(chunk), digest: async () => hash.digest() };
};

const sdkHasher = (hash: { update(chunk: Uint8Array): void; digest(): Promise<Uint8Array> }): Hasher => ({
  update: chunk => hash.update(chunk),
  digest: async () => Buffer.from(await hash.digest()),
});

const hashers: Record<string, () => Hasher> = {
  md5: () => nodeHasher('md5'),
  sha1: () => nodeHasher('sha1'),
  sha256: () => nodeHasher('sha256'),
  crc32: crc32Hasher,
  crc32c: () => sdkHasher(new Crc32c()),
  crc64nvme: () => sdkHasher(new Crc64Nvme()),
};

/** A hasher by S3's name of the algorithm, in lower case. Throws InvalidRequest for one S3 does not have. */
export function createHasher(algorithm: string): Hasher {
  const create = Object.hasOwn(hashers, algorithm) ? hashers[algorithm] : undefined;
  if (!create) throw new ServiceError('InvalidRequest', `${algorithm} is no checksum algorithm`);
  return create();
}
