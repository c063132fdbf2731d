import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { inParallel } from '../../core/parallel.ts';
import { isTrailKey, logKeyParts } from '../../core/records/log-key.ts';
import type { AccountRegion } from './account-regions.ts';
import { dayFolder, lastFolder, type Minute } from './range.ts';

/** One log file of the bucket. `size` in bytes, `etag` without quotes, `time` of its delivery as its name says. */
export interface LogFile {
  key: string;
  size: number;
  etag: string;
  time: Minute;
}

export interface Range {
  from: Minute;
  /** without */
  to: Minute;
  /** the key to go on behind; null: from the beginning */
  after: string | null;
}

/** Keys of all accounts and Regions together that are held at once; a page is at most 1,000 of them. */
const mostHeld = 200_000;

/**
 * The log files of all accounts and Regions in one order, that of delivery: what one account did and what another issued for it lie
 * close together, so that no credential waits for hours for its issuance. One listing for each, from the first day to
 * the last; nothing before or behind is read.
 */
export class LogFiles {
  /** objects in the days' folders that are not log files of its account and Region */
  others = 0;
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #range: Range;
  readonly #largestPage: number;

  /** `largestPage`: keys of one answer; S3 gives at most 1,000 */
  constructor(s3: S3Client, bucket: string, range: Range, largestPage = 1000) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#range = range;
    this.#largestPage = largestPage;
  }

  async *of(accountRegions: readonly AccountRegion[]): AsyncGenerator<LogFile> {
    const pageSize = Math.min(
      this.#largestPage,
      Math.max(50, Math.floor(mostHeld / Math.max(1, accountRegions.length))),
    );
    const ways = accountRegions.map(at => new Way(this.#filesAt(at, pageSize)));
    await inParallel(ways, 8, way => way.advance());
    for (;;) {
      const next = earliest(ways);
      if (!next?.head) return;
      yield next.head;
      await next.advance();
    }
  }

  async *#filesAt(at: AccountRegion, pageSize: number): AsyncGenerator<LogFile> {
    const { from, to, after } = this.#range;
    const behind = after === null ? null : orderOf(after);
    const last = lastFolder(to);
    const pages = paginateListObjectsV2(
      { client: this.#s3, pageSize },
      { Bucket: this.#bucket, Prefix: at.prefix, StartAfter: startOf(at, from, after) },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key = '', Size = 0, ETag = '' } of Contents) {
        if (Key.slice(at.prefix.length, at.prefix.length + last.length) > last) return;
        const file = this.#fileOf(at, Key, Size, ETag);
        if (!file || file.time < from || file.time >= to) continue;
        if (behind === null || orderOf(Key) > behind) yield file;
      }
    }
  }

  #fileOf(at: AccountRegion, key: string, size: number, etag: string): LogFile | null {
    const parts = isTrailKey(key) ? logKeyParts(key) : null;
    // A file of another account or Region among these would break the order that a stopped backfill goes on by.
    if (parts?.account !== at.account || parts.region !== at.region) {
      this.others += 1;
      return null;
    }
    return { key, size, etag: etag.replaceAll('"', ''), time: parts.time };
  }
}

/** What files of all accounts and Regions are ordered by: the day's folder, the time in the name, the key. */
export function orderOf(key: string): string {
  const day = /\/(\d{4}\/\d\d\/\d\d)\/[^/]+$/.exec(key)?.[1] ?? '';
  return `${day} ${logKeyParts(key)?.time ?? ''} ${key}`;
}

function startOf({ prefix, account, region }: AccountRegion, from: Minute, after: string | null): string {
  const time = after === null ? null : logKeyParts(after)?.time;
  if (!time) return `${prefix}${dayFolder(from)}`;
  return `${prefix}${dayFolder(time)}/${account}_CloudTrail_${region}_${time}`;
}

class Way {
  head: LogFile | null = null;
  order = '';
  readonly #files: AsyncGenerator<LogFile>;

  constructor(files: AsyncGenerator<LogFile>) {
    this.#files = files;
  }

  async advance(): Promise<void> {
    const { value, done } = await this.#files.next();
    this.head = done ? null : value;
    this.order = this.head ? orderOf(this.head.key) : '';
  }
}

function earliest(ways: readonly Way[]): Way | undefined {
  let first: Way | undefined;
  for (const way of ways) if (way.head && (!first || way.order < first.order)) first = way;
  return first;
}
