import { isLogKey, logKeyParts } from '../records/log-key.ts';
import { compactMillis, isoSeconds, minuteMillis } from '../records/times.ts';
import type { DigestResult } from './verdicts.ts';

/**
 * A log file that no digest names. `unnamed`: the digests of its time are there, or should be. `cut-end`: so much younger than
 * the newest digest that one must have come since: the end of the chain is missing. `pending`: its digest may not be due yet.
 */
export interface UnnamedFile {
  key: string;
  code: 'unnamed' | 'cut-end' | 'pending';
  /** half a sentence */
  reason: string;
}

/** A digest comes each hour, also when nothing was delivered (CloudTrail guide, digest file structure); an hour more for its way. */
const dueAfter = 120 * minuteMillis;
/** A name has the minute in which a file was begun: it may be delivered in the hour after it. */
const slack = 5 * minuteMillis;

/**
 * The log files among keys that none of these digests names, in the order of the keys. A digest that is not trusted names its
 * files too: it is a finding itself. Time and memory grow with keys and digests alone.
 */
export function unnamedFiles(keys: Iterable<string>, results: readonly DigestResult[]): UnnamedFile[] {
  const named = new Set(results.flatMap(({ digest }) => digest?.logFiles.map(({ key }) => key) ?? []));
  const newest = newestEnds(results);
  const found: UnnamedFile[] = [];
  for (const key of keys) {
    if (isLogFile(key) && !named.has(key)) found.push({ key, ...judged(key, newest) });
  }
  return found;
}

/** Digests, Insights and the like have folders of their own; what is not a log file by its name is one where log files lie. */
export function isLogFile(key: string): boolean {
  return isLogKey(key) && (logKeyParts(key) !== null || /(?:^|\/)AWSLogs\/.*\/CloudTrail\//.test(key));
}

/** By account and region, milliseconds: until when digests that are trusted name what was delivered. */
function newestEnds(results: readonly DigestResult[]): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { problem, location } of results) {
    if (problem !== null || location.backfill) continue;
    const name = locationName(location);
    ends.set(name, Math.max(ends.get(name) ?? 0, compactMillis(location.time)));
  }
  return ends;
}

function judged(key: string, newest: ReadonlyMap<string, number>): Omit<UnnamedFile, 'key'> {
  const parts = logKeyParts(key);
  if (!parts) return { code: 'unnamed', reason: 'CloudTrail does not give log files such names' };
  const end = newest.get(locationName(parts));
  if (end === undefined)
    return { code: 'unnamed', reason: 'no digest of its account and Region that can be trusted is here' };
  const at = compactMillis(parts.time);
  const newestEnd = isoSeconds(end);
  if (at > end + dueAfter)
    return {
      code: 'cut-end',
      reason: `it is more than two hours younger than the newest digest (${newestEnd}): later digests are gone`,
    };
  if (at >= end - slack)
    return { code: 'pending', reason: `its digest is not due yet: the newest ends ${newestEnd}` };
  return {
    code: 'unnamed',
    reason: 'no digest names it: CloudTrail may not have written it, or its digest is gone',
  };
}

function locationName({ account, region }: { account: string; region: string }): string {
  return `${account} ${region}`;
}
