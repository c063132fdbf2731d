/**
 * Object keys of a trail bucket (CloudTrail guide, "Finding your CloudTrail log files" and "CloudTrail log file examples"):
 * `[prefix/]AWSLogs/[o-id/]account/CloudTrail/region/Y/M/D/account_CloudTrail_region_time_unique.json.gz`.
 */

const notLogs = /(?:^|\/|_)CloudTrail-(?:Digest|Insight|NetworkActivity|Aggregated)(?:\/|_)/;
const trailKey =
  /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/CloudTrail\/([a-z0-9-]+)\/\d{4}\/\d\d\/\d\d\/\d{12}_CloudTrail_[a-z0-9-]+_(\d{8}T\d{4}Z)_[^/]+\.json\.gz$/;
const accountFolder = /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\//;
const logName = /(?:^|\/)(\d{12})_CloudTrail_([a-z0-9-]+)_(\d{8}T\d{4}Z)_[^/]+$/;

/** Where a replay onto a deployed stack stores log files: `roletrail-replay/STAMP/KEY`, its AWSLogs/ written as logs/. */
const replayed = /^(roletrail-replay\/\d{8}T\d{9}Z\/(?:.*\/)?)logs\/(?=(?:o-[a-z0-9]+\/)?\d{12}\/)/;

/** Whether a text is what a replay is called by: the moment it began, `20250311T091000000Z`. */
export function isReplayStamp(text: string): boolean {
  return /^\d{8}T\d{9}Z$/.test(text);
}

/** A key CloudTrail itself would have written a log file to. */
export function isTrailKey(key: string): boolean {
  return trailKey.test(key) && !notLogs.test(key);
}

/**
 * The key that a replay stores a log file of this key under; `stamp`: `20250311T091000000Z`. The rule on the trail bucket wants
 * AWSLogs/ and announces none of them: nothing is to run twice.
 */
export function replayedKey(stamp: string, key: string): string {
  return `roletrail-replay/${stamp}/${key.replaceAll('AWSLogs/', 'logs/')}`;
}

/** The trail's key that a file was replayed of; any other key as it is. */
export function trailKeyOf(key: string): string {
  return key.replace(replayed, '$1AWSLogs/');
}

/** A key whose object may hold log records. Digests, Insights and the like have their own folders and names. */
export function isLogKey(key: string): boolean {
  return /\.json(?:\.gz)?$/.test(key) && !notLogs.test(key);
}

/** What a log file's name says of itself: account, region, time of delivery (`20160405T2045Z`). Null for other names. */
export function logKeyParts(key: string): { account: string; region: string; time: string } | null {
  const [, account, region, time] = logName.exec(key) ?? [];
  return account && region && time ? { account, region, time } : null;
}

/** The accounts that the folder and the name of a log file say; null where one says none. */
export function accountsOfKey(key: string): { folder: string | null; name: string | null } {
  return {
    folder: accountFolder.exec(trailKeyOf(key))?.[1] ?? null,
    name: logKeyParts(key)?.account ?? null,
  };
}
