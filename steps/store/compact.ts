import { deflateRawSync, inflateRawSync } from 'node:zlib';

// For texts of a few KB: the same sizes in two thirds of the time, which else goes into clearing memory.
const small = { level: 9, windowBits: 14, memLevel: 5, chunkSize: 4096 };

/**
 * Text as raw deflate (RFC 1951) with a preset dictionary (the last 16 KB of it count). Only the same dictionary reads it
 * again. The bytes may differ from one zlib to the next: they are never compared.
 */
export function deflateText(text: string, dictionary: Dictionary): Uint8Array {
  return deflateRawSync(text, { dictionary: bytesOf(dictionary), ...small });
}

export function inflateText(bytes: Uint8Array, dictionary: Dictionary): string {
  return inflateRawSync(bytes, { dictionary: bytesOf(dictionary) }).toString('utf8');
}

/** What all texts of a kind repeat, and then what this one's item says already. */
export type Dictionary = readonly [common: string, beside: string];

function bytesOf([common, beside]: Dictionary): Buffer {
  const known = encoded.get(common) ?? Buffer.from(common);
  encoded.set(common, known);
  return Buffer.concat([known, Buffer.from(beside)]);
}

/** There are two, of 10 KB at most. */
const encoded = new Map<string, Buffer>();
