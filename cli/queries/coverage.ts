import type { DigestRecord } from '../../core/digests/records.ts';
import { inParallel } from '../../core/parallel.ts';
import type { Store } from './store.ts';

/** A trail is one organisation's; a folder that was replayed may hold some. */
const mostOrganisations = 5;

/** The audited account, and those whose folders are in the trail bucket, also below an organisation's. */
export async function accountsOf({ trail }: Pick<Store, 'trail'>): Promise<string[]> {
  const namesIn = async (prefix: string) =>
    (await trail.folders(trail.bucket, prefix)).map(folder => folder.slice(prefix.length, -1));
  const folders = await namesIn('AWSLogs/');
  const organisations = folders.filter(name => /^o-[a-z0-9]{10,32}$/.test(name)).slice(0, mostOrganisations);
  for (const each of organisations) folders.push(...(await namesIn(`AWSLogs/${each}/`)));
  return [...new Set([trail.account, ...folders.filter(name => /^\d{12}$/.test(name))])];
}

/** Accounts that are asked whether anything was delivered for them. */
const mostAsked = 20;

/** The first of these accounts that something was delivered for. */
export async function firstDelivered(
  accounts: readonly string[],
  { ledger }: Pick<Store, 'ledger'>,
): Promise<string | undefined> {
  for (const account of accounts.slice(0, mostAsked)) if (await ledger.lastHour(account)) return account;
  return undefined;
}

/** How many log files of a day (`2025-03-11`) were processed, by the hour (`09`) in their names. */
export async function filesByHour(
  { account, region, day }: { account: string; region: string; day: string },
  { ledger }: Pick<Store, 'ledger'>,
): Promise<Map<string, number>> {
  const compact = day.replaceAll('-', '');
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for await (const { key } of ledger.files(account, region, compact)) {
    const time = /_(\d{8})T(\d\d)\d\dZ_[^/]*$/.exec(key);
    if (time?.[1] !== compact) break;
    // Processed again for other roles, or with other bytes, it is still one file of that hour.
    if (!seen.has(key)) counts.set(time[2] ?? '', (counts.get(time[2] ?? '') ?? 0) + 1);
    seen.add(key);
  }
  return counts;
}

/** What the digests of one region said on one day. */
export interface RegionDigests {
  region: string;
  records: DigestRecord[];
}

const atOnce = 8;

/** The checked digests of an account's day, region by region: those that have digests in the trail bucket, and `regions`. */
export async function digestsOf(
  { account, day, regions }: { account: string; day: string; regions: readonly string[] },
  { trail, integrity }: Pick<Store, 'trail' | 'integrity'>,
): Promise<RegionDigests[]> {
  const folders = await trail.folders(trail.bucket, `AWSLogs/${account}/CloudTrail-Digest/`);
  const named = folders.map(folder => folder.split('/').at(-2) ?? '');
  const all = [...new Set([...regions, ...named])].sort();
  const found = await inParallel(all, atOnce, async region => ({
    region,
    records: await integrity.digests(account, region, `${day}T00:00:00Z`, `${day}T23:59:59Z`),
  }));
  return found.filter(({ records }) => records.length > 0);
}
