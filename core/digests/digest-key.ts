import { dayMillis } from '../records/times.ts';

/**
 * Where CloudTrail puts digests (CloudTrail guide, digest file structure):
 * `[prefix/]AWSLogs/[o-id/]account/CloudTrail-Digest/region/Y/M/D/account_CloudTrail-Digest_region_trail_home_time.json.gz`,
 * and `..._time_backfill.json.gz` for log files that the digest of their hour had missed.
 */
const digestKey =
  /^((?:.*\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/CloudTrail-Digest\/([a-z0-9-]+)\/)\d{4}\/\d\d\/\d\d\/(\d{12})_CloudTrail-Digest_([a-z0-9-]+)_(.+)_([a-z0-9-]+)_(\d{8}T\d{6}Z)(_backfill)?\.json\.gz$/;

/** What the key of a digest says. Several trails may write to one folder: `trail` and `home` tell them apart. */
export interface DigestLocation {
  /** the key up to the region's slash: below it lie the days */
  folder: string;
  account: string;
  /** the region the digest covers; its keys are that region's */
  region: string;
  trail: string;
  /** the region the trail was made in */
  home: string;
  /** the end of what the digest covers: `20150817T150131Z` */
  time: string;
  backfill: boolean;
}

/** Null for a key that is not a digest's, also when folder and name contradict each other. */
export function digestLocation(key: string): DigestLocation | null {
  const [, folder, account, region, named, namedRegion, trail, home, time, backfill] =
    digestKey.exec(key) ?? [];
  if (!folder || !account || !region || !trail || !home || !time) return null;
  if (named !== account || namedRegion !== region) return null;
  return { folder, account, region, trail, home, time, backfill: backfill !== undefined };
}

/** Digests of one trail, account and region form one chain; its backfill digests one of their own (aws-cli#10055). */
export function chainName({ account, region, trail, home, backfill }: DigestLocation): string {
  return `${account} ${region} ${trail} ${home}${backfill ? ' backfill' : ''}`;
}

/** The folders of the days from one time to another (milliseconds), oldest first. */
export function dayFolders({ folder }: Pick<DigestLocation, 'folder'>, from: number, to: number): string[] {
  const folders: string[] = [];
  for (let at = Math.floor(from / dayMillis) * dayMillis; at <= to; at += dayMillis) {
    folders.push(`${folder}${new Date(at).toISOString().slice(0, 10).replaceAll('-', '/')}/`);
  }
  return folders;
}
