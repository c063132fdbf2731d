import { type BinaryToTextEncoding, createHash, hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of bytes, or of a text's UTF-8; in hex unless another encoding is asked for. */
export function sha256(data: Uint8Array | string, encoding: BinaryToTextEncoding = 'hex'): string {
  return hash('sha256', data, encoding);
}

/** SHA-256 (hex) of parts as if they were one text. */
export function sha256OfParts(parts: Iterable<Uint8Array | string>): string {
  const whole = createHash('sha256');
  for (const part of parts) whole.update(part);
  return whole.digest('hex');
}

/** SHA-256 (hex) of a stream's bytes; memory does not grow with them. */
export async function sha256OfStream(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const whole = createHash('sha256');
  for await (const chunk of chunks) whole.update(chunk);
  return whole.digest('hex');
}

/** 16 hex digits of the SHA-256 of a value's JSON: names things, proves nothing. */
export function shortHash(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, 16);
}

/** MD5 (hex): only for what AWS itself tells by it, the fingerprints of CloudTrail's public keys. */
export function md5(data: Uint8Array): string {
  return hash('md5', data, 'hex');
}

/** Whether two secrets are the same; the time it takes does not tell where they differ, because hashes are equally long. */
export function sameSecret(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
