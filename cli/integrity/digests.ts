import { chainName, type DigestLocation, dayFolders, digestLocation } from '../../core/digests/digest-key.ts';
import { isLogFile } from '../../core/digests/unnamed.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { compactMillis, compactTime, hourMillis, isoSeconds, laterBy } from '../../core/records/times.ts';
import type { TrailStore } from '../queries/store.ts';

export interface Found {
  key: string;
  location: DigestLocation;
}

/** Which digests are asked for; times ISO 8601. */
export interface Wanted {
  account?: string;
  region?: string;
  from?: string;
  to?: string;
}

/** The digests among keys that are wanted: chain by chain, newest first, as the chain is followed. */
export function wantedAmong(keys: Iterable<string>, wanted: Wanted): Found[] {
  const from = wanted.from ? compactTime(wanted.from) : '';
  // A file of the last hour asked for stands in the digest of the hour after it.
  const to = wanted.to ? compactTime(laterBy(hourMillis, wanted.to)) : '9';
  const found: Found[] = [];
  for (const key of keys) {
    const location = digestLocation(key);
    if (!location || location.time < from || location.time > to) continue;
    if (wanted.account && wanted.account !== location.account) continue;
    if (wanted.region && wanted.region !== location.region) continue;
    found.push({ key, location });
  }
  const order = ({ key, location }: Found) => [chainName(location), location.time, key] as const;
  return found.sort((a, b) => compare(order(a), order(b)));
}

function compare(a: readonly [string, string, string], b: readonly [string, string, string]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] !== b[1]) return a[1] > b[1] ? -1 : 1;
  return a[2] > b[2] ? -1 : 1;
}

/** The log files among keys that are wanted, by what their names say; one whose name says nothing always is. */
export function wantedLogs(keys: Iterable<string>, { account, region, from, to }: Wanted): string[] {
  const [first, last] = [from, to].map(time => (time ? Date.parse(time) : null));
  return [...keys].filter(key => {
    if (!isLogFile(key)) return false;
    const parts = logKeyParts(key);
    if (!parts) return true;
    const at = compactMillis(parts.time);
    if ((account && account !== parts.account) || (region && region !== parts.region)) return false;
    return !(typeof first === 'number' && at < first) && !(typeof last === 'number' && at > last);
  });
}

/**
 * Keys of the digests, or of the log files, in the trail's bucket: the accounts' and regions' folders are listed, then the days asked
 * for. `prefix`: the trail's, with its slash, or empty.
 */
export async function keysIn(
  trail: TrailStore,
  prefix: string,
  wanted: Wanted,
  kind: 'CloudTrail-Digest' | 'CloudTrail',
): Promise<string[]> {
  const { bucket } = trail;
  const root = `${prefix}AWSLogs/`;
  const below = await trail.folders(bucket, root);
  const organizations = below.filter(folder => /\/o-[a-z0-9]+\/$/.test(folder));
  const members = await Promise.all(organizations.map(folder => trail.folders(bucket, folder)));
  const accounts = [...below, ...members.flat()].filter(folder =>
    wanted.account ? folder.endsWith(`/${wanted.account}/`) : /\/\d{12}\/$/.test(folder),
  );
  const keys: string[] = [];
  for (const account of accounts) {
    for (const folder of await trail.folders(bucket, `${account}${kind}/`)) {
      if (wanted.region && !folder.endsWith(`/${wanted.region}/`)) continue;
      for (const days of foldersIn(folder, wanted)) {
        for await (const key of trail.keys(bucket, days)) keys.push(key);
      }
    }
  }
  return keys;
}

function foldersIn(folder: string, { from, to }: Wanted): string[] {
  if (!from) return [folder];
  const until = to ? Date.parse(to) + hourMillis : Date.now();
  return dayFolders({ folder }, Date.parse(from), until);
}

/** `2015-08-17T15:01:31Z` of a digest. */
export function endOf({ time }: DigestLocation): string {
  return isoSeconds(compactMillis(time));
}
