import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { ServiceError } from './contract.ts';

/** In hexadecimal. */
export function md5(data: string): string {
  return createHash('md5').update(data).digest('hex');
}

/** In hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

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
  if (!create) throw new ServiceError('InvalidRequest', `${algorithm} is not a checksum algorithm`);
  return create();
}

/** SHA-256, or its HMAC with a secret, as AWS's signing library asks for it. */
export class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    // Node takes five times as long for a key that it is given as bytes.
    const key =
      secret === undefined || typeof secret === 'string' ? secret : createSecretKey(bytesOf(secret));
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
