import { anyAccount, unchecked } from '../../core/reading/accounts.ts';
import { UsageError } from '../failure.ts';
import type { Place } from './places.ts';

/** The places whose log files the deployment would read, and the accounts of the others. */
export interface Covered {
  places: Place[];
  leftOut: string[];
}

/**
 * Leaves out what Fetch would refuse as `UnknownAccount`, file by file. `known`: the accounts of the deployment's trail.
 * Throws UsageError when an account that was asked for is not covered, or none that is there.
 */
export function coveredPlaces(places: Place[], known: readonly string[], asked: readonly string[]): Covered {
  if (known.includes(anyAccount) || known.includes(unchecked)) return { places, leftOut: [] };
  const stranger = asked.find(account => !known.includes(account));
  if (stranger)
    throw new UsageError(`the trail of this deployment does not cover account ${stranger} (trailAccounts)`);
  const kept = places.filter(({ account }) => known.includes(account));
  const accounts = places.filter(({ account }) => !known.includes(account)).map(({ account }) => account);
  const leftOut = [...new Set(accounts)].sort();
  if (kept.length === 0) {
    throw new UsageError(
      `the bucket has log files of account ${leftOut.join(', ')} only, which this deployment does not cover (trailAccounts)`,
    );
  }
  return { places: kept, leftOut };
}
