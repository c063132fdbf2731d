import { hourOf, laterBy, minuteMillis } from '../records/times.ts';

/**
 * Do our logs cover the place where a credential's issuance would have been logged? Where they do not, nothing can be
 * said of it: the answer is "unknown: no coverage", never "unlinked".
 */
export interface Whereabouts {
  /** the account whose trail would have it: the role's */
  account: string;
  /** when the credential was created, or first seen; ISO 8601 */
  at: string;
  /** the regions whose STS may have issued it (see {@link stsRegions}); empty: not known, any will do */
  regions: readonly string[];
}

/** A region of an account for which a file was delivered in this hour (`2016040520`, UTC). */
export interface Delivery {
  hour: string;
  region: string;
}

/** The first file there is of an account and region. Times ISO 8601. */
export interface FirstFile {
  /** in its name: when it was delivered */
  time: string;
  /** of its records; null: not known */
  earliest: string | null;
}

/** `regions`: the Regions that cover it. */
export type Coverage = { covered: true; regions: string[] } | { covered: false; reason: string };

/** CloudTrail delivers within about 5 minutes on average; 15 is what it typically stays below (CloudTrail guide). */
const deliveryMinutes = 15;

/**
 * CloudTrail writes no file when there is nothing to write, so a quiet quarter of an hour is not a gap. An account in use
 * has something to log within an hour: a file delivered that near shows that its trail was working.
 */
const quietMinutes = 60;

/** A first file says nothing of what came longer before it: records that late belong to files that are not there. */
const mostBackMinutes = 75;

/** From when on the logs cover a place: from the earliest record of its first file. */
export function coveredFrom({ time, earliest }: FirstFile): string {
  const bound = laterBy(-mostBackMinutes * minuteMillis, time);
  if (earliest === null || earliest > time) return time;
  return earliest < bound ? bound : earliest;
}

/** The times between which a file must have been delivered: an issuance is in a file delivered after it. */
export function coverageWindow(at: string): { from: string; to: string } {
  const minutes = (count: number) => new Date(Date.parse(at) + count * minuteMillis).toISOString();
  return { from: minutes(-quietMinutes), to: minutes(deliveryMinutes + quietMinutes) };
}

/**
 * `deliveries`: what the ledger has of the account between the times of {@link coverageWindow}. It counts by the hour, so
 * the window is taken to whole hours, outwards.
 */
export function coverageAt({ account, at, regions }: Whereabouts, deliveries: readonly Delivery[]): Coverage {
  const { from, to } = coverageWindow(at);
  const near = deliveries.filter(({ hour }) => hour >= hourOf(from) && hour <= hourOf(to));
  const covering = near.filter(({ region }) => regions.length === 0 || regions.includes(region));
  if (covering.length > 0)
    return { covered: true, regions: [...new Set(covering.map(({ region }) => region))].sort() };
  const where = near.length > 0 ? ` in ${[...regions].sort().join(', ')}` : '';
  return {
    covered: false,
    reason: `no coverage: no log file named for account ${account}${where} was delivered between ${from} and ${to}`,
  };
}

/**
 * Where the issuance of a session may be logged: calls to STS's global endpoint in us-east-1, calls to a regional one in
 * that region (STS guide, regions and endpoints), which is the region a client works in. Other partitions than `aws` have
 * no global endpoint. `seen`: the regions of the session's calls.
 */
export function stsRegions(partition: string, seen: Iterable<string | null>): string[] {
  const regions = [...seen].filter(region => region !== null);
  return [...new Set([...(partition === 'aws' ? ['us-east-1'] : []), ...regions])].sort();
}
