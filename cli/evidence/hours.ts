import { type DigestFile, parseDigest } from '../../core/digests/digest-file.ts';
import { NotWhole } from '../../core/digests/one-member.ts';
import { sha256Of, unpackedDigest } from '../../core/digests/uncompressed.ts';
import type { Fetched } from './objects.ts';

/**
 * The log files that digests name beside those that are there already, hour by hour, while they have no more than `room`
 * bytes together: of an hour that does not fit none is taken. One that is gone, or not as its digest has it, is left out: the
 * check of the bundle counts how many of an hour it looked at.
 */
export async function hoursLogs(
  digests: readonly Fetched[],
  there: ReadonlySet<string>,
  room: number,
  fetch: (uri: string) => Promise<Fetched>,
): Promise<Fetched[]> {
  const taken = new Map<string, Fetched>();
  let left = room;
  for (const each of digests) {
    const digest = await readDigest(each);
    const hour: Fetched[] = [];
    let bytes = 0;
    for (const { bucket, key, hash } of digest?.logFiles ?? []) {
      const uri = `s3://${bucket}/${key}`;
      if (there.has(uri) || taken.has(uri)) continue;
      const log = await fetch(uri);
      if (!log.bytes || !(await has(log.bytes, hash))) continue;
      bytes += log.bytes.length;
      if (bytes > left) break;
      hour.push(log);
    }
    if (bytes > left) continue;
    left -= bytes;
    for (const log of hour) taken.set(log.uri, log);
  }
  return [...taken.values()];
}

async function readDigest({ bytes }: Fetched): Promise<DigestFile | null> {
  try {
    return bytes ? parseDigest((await unpackedDigest(bytes)).toString('utf8')) : null;
  } catch {
    // The verdict that cites it says what is wrong with it.
    return null;
  }
}

async function has(bytes: Uint8Array, hash: string): Promise<boolean> {
  try {
    return (await sha256Of(bytes)) === hash;
  } catch (error) {
    if (error instanceof NotWhole) return false;
    throw error;
  }
}
