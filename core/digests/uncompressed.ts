import { sha256OfStream } from '../hash.ts';
import { type Packing, unpackedMember } from './one-member.ts';

/** CloudTrail's log files hold at most 50 MB of text; a small file may unpack to terabytes. */
const mostBytes = 256 * 1024 * 1024;
const mostDigestBytes = 32 * 1024 * 1024;

/** SHA-256 (hex) of what a gzip holds; memory does not grow with it. Throws NotWhole. */
export function sha256Of(gzip: Packing, most = mostBytes): Promise<string> {
  return sha256OfStream(unpackedMember(gzip, most));
}

/** What the gzip of a digest holds. Throws NotWhole. */
export async function unpackedDigest(gzip: Packing): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of unpackedMember(gzip, mostDigestBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
