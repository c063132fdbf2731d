import type { Json } from './read.ts';

/**
 * Records that CloudTrail keeps beside those of calls, by `eventType`, and in folders of their own (`CloudTrail-...`):
 * Insights tell rates; network activity is the record of a VPC endpoint's owner, beside the caller's own record of the call and with
 * less in it; aggregated events are sums of data events, with neither eventID nor eventName (CloudTrail guide, record contents for
 * Insights events, for network activity events, for aggregated events).
 */
export type Aside = 'insights' | 'network-activity' | 'aggregated';

const types: Record<string, Aside> = {
  AwsCloudTrailInsight: 'insights',
  AwsVpceEvent: 'network-activity',
  AwsAggregatedEvent: 'aggregated',
};

const folders: Record<string, Aside> = {
  Insight: 'insights',
  NetworkActivity: 'network-activity',
  Aggregated: 'aggregated',
};

/** What a record is that is no call's; null for a call's. */
export function asideOf({ eventType }: Json): Aside | null {
  return typeof eventType === 'string' && Object.hasOwn(types, eventType) ? (types[eventType] ?? null) : null;
}

/** What CloudTrail keeps under this key beside the log files of calls; null: nothing. */
export function asideOfKey(key: string): Aside | null {
  const [, folder = ''] = /(?:^|\/|_)CloudTrail-(Insight|NetworkActivity|Aggregated)(?:\/|_)/.exec(key) ?? [];
  return folders[folder] ?? null;
}
