import { anyAccount, unchecked } from '../../core/reading/accounts.ts';
import { UsageError } from '../failure.ts';
import type { AccountRegion } from './account-regions.ts';

/** The accounts and Regions whose log files the deployment would read, and the accounts of the others. */
export interface Covered {
  accountRegions: AccountRegion[];
  leftOut: string[];
}

/**
 * Leaves out what Fetch would refuse as `UnknownAccount`, file by file. `known`: the accounts of the deployment's trail.
 * Throws UsageError when an account that was asked for is not covered, or none that is there.
 */
export function coveredAccountRegions(
  accountRegions: AccountRegion[],
  known: readonly string[],
  asked: readonly string[],
): Covered {
  if (known.includes(anyAccount) || known.includes(unchecked)) return { accountRegions, leftOut: [] };
  const stranger = asked.find(account => !known.includes(account));
  if (stranger)
    throw new UsageError(`the trail of this deployment does not cover account ${stranger} (trailAccounts)`);
  const kept = accountRegions.filter(({ account }) => known.includes(account));
  const accounts = accountRegions
    .filter(({ account }) => !known.includes(account))
    .map(({ account }) => account);
  const leftOut = [...new Set(accounts)].sort();
  if (kept.length === 0) {
    throw new UsageError(
      `the bucket has log files of account ${leftOut.join(', ')} only, which this deployment does not cover (trailAccounts)`,
    );
  }
  return { accountRegions: kept, leftOut };
}
