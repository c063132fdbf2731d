import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { inParallel } from '../../core/parallel.ts';
import { UsageError } from '../failure.ts';

/** The requested part of a bucket: `prefix` as CloudTrail's, before `AWSLogs/`, or one further down. */
export interface Scope {
  bucket: string;
  prefix: string;
  /** empty: all there are */
  accounts: readonly string[];
  regions: readonly string[];
}

/** The log files of one account and region: all keys below `prefix`, in the order of their delivery. */
export interface AccountRegion {
  account: string;
  region: string;
  /** `[prefix/]AWSLogs/[o-id/]account/CloudTrail/region/` */
  prefix: string;
}

/** Listings under way at once. */
const atOnce = 8;

/**
 * The accounts and regions that have log files, found by their folders: no key is listed for it. Throws UsageError when
 * there are none, or when one that was asked for is not there.
 */
export async function findAccountRegions(s3: S3Client, scope: Scope): Promise<AccountRegion[]> {
  const { bucket } = scope;
  const { root, names } = startOf(scope.prefix);
  const wanted = (level: number, filter: readonly string[]) => {
    const fixed = names[level];
    return (name: string) => (fixed ? name === fixed : filter.length === 0 || filter.includes(name));
  };
  const found = await foldersIn(s3, bucket, root);
  const organizations = found.filter(name => /^o-[a-z0-9]+$/.test(name));
  const parents = [root, ...organizations.map(name => `${root}${name}/`)];
  const accounts = await inParallel(parents, atOnce, async parent =>
    (parent === root ? found : await foldersIn(s3, bucket, parent))
      .filter(name => /^\d{12}$/.test(name) && wanted(0, scope.accounts)(name))
      .map(account => ({ account, parent })),
  );
  const accountRegions = await inParallel(accounts.flat(), atOnce, async ({ account, parent }) => {
    const folder = `${parent}${account}/CloudTrail/`;
    const regions = await foldersIn(s3, bucket, folder);
    return regions
      .filter(wanted(1, scope.regions))
      .map(region => ({ account, region, prefix: `${folder}${region}/` }));
  });
  return checked(accountRegions.flat(), scope);
}

function checked(
  accountRegions: AccountRegion[],
  { bucket, prefix, accounts, regions }: Scope,
): AccountRegion[] {
  const where = `s3://${bucket}/${prefix}`;
  const missing = accounts.find(account => !accountRegions.some(at => at.account === account));
  if (missing) throw new UsageError(`${where} has no log files of account ${missing}`);
  const absent = regions.find(region => !accountRegions.some(at => at.region === region));
  if (absent) throw new UsageError(`${where} has no log files of region ${absent}`);
  if (accountRegions.length === 0) {
    throw new UsageError(
      `${where} has no folder AWSLogs/ACCOUNT/CloudTrail/REGION: --prefix is what comes before AWSLogs/`,
    );
  }
  return accountRegions;
}

/** Where the accounts' folders lie, and account and region when the prefix goes down to them. */
function startOf(prefix: string): { root: string; names: string[] } {
  const parts = prefix.split('/').filter(part => part !== '');
  const at = parts.indexOf('AWSLogs');
  if (at < 0) return { root: [...parts, 'AWSLogs', ''].join('/'), names: [] };
  const [organization] = parts.slice(at + 1);
  const own = organization?.startsWith('o-') ? 2 : 1;
  const [account, kind = 'CloudTrail', region, ...rest] = parts.slice(at + own);
  if (kind !== 'CloudTrail' || rest.length > 0)
    throw new UsageError(
      `${prefix} is too long a prefix: end it before AWSLogs/, and give the days with --from and --to`,
    );
  const names = [account, region].map(name => name ?? '');
  return { root: `${parts.slice(0, at + own).join('/')}/`, names };
}

/** Names of the folders right below a prefix that ends with `/`. */
async function foldersIn(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const names: string[] = [];
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix, Delimiter: '/' });
  for await (const { CommonPrefixes = [] } of pages)
    for (const { Prefix } of CommonPrefixes) if (Prefix) names.push(Prefix.slice(prefix.length, -1));
  return names;
}
