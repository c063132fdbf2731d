import { deflateRawSync, inflateRawSync } from 'node:zlib';

// For texts of a few KB: the same sizes in two thirds of the time, which else goes into clearing memory.
const small = { level: 9, windowBits: 14, memLevel: 5, chunkSize: 4096 };

/**
 * Text as raw deflate (RFC 1951) with a preset dictionary (the last 16 KB of it count). Only the same dictionary reads it
 * again. The bytes may differ from one zlib to the next: they are never compared.
 */
export function deflateText(text: string, dictionary: string): Uint8Array {
  return deflateRawSync(text, { dictionary: Buffer.from(dictionary), ...small });
}

export function inflateText(bytes: Uint8Array, dictionary: string): string {
  return inflateRawSync(bytes, { dictionary: Buffer.from(dictionary) }).toString('utf8');
}
