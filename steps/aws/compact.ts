import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * Text as raw deflate (RFC 1951) with a preset dictionary (at most 32 KB of it count). Only the same dictionary reads it
 * again. The bytes may differ from one zlib to the next: they are never compared.
 */
export function deflateText(text: string, dictionary: string): Uint8Array {
  return deflateRawSync(text, { dictionary: Buffer.from(dictionary), level: 9, memLevel: 9 });
}

export function inflateText(bytes: Uint8Array, dictionary: string): string {
  return inflateRawSync(bytes, { dictionary: Buffer.from(dictionary) }).toString('utf8');
}
