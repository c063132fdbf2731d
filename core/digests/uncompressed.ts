import { createHash } from 'node:crypto';
import { unpackedMember } from './one-member.ts';

/** CloudTrail's log files hold at most 50 MB of text; a small file may unpack to terabytes. */
const mostBytes = 256 * 1024 * 1024;
const mostDigestBytes = 32 * 1024 * 1024;

/** SHA-256 (hex) of what a gzip holds; memory does not grow with it. Throws NotWhole. */
export async function sha256Of(gzip: AsyncIterable<Uint8Array>, most = mostBytes): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of unpackedMember(gzip, most)) hash.update(chunk);
  return hash.digest('hex');
}

/** What the gzip of a digest holds. Throws NotWhole. */
export async function unpackedDigest(gzip: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(unpackedMember(gzip, mostDigestBytes)));
}
