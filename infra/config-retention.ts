import type { Wrong } from './config-accounts.ts';
import { configDefaults } from './config-defaults.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/** Checks that retention, lock and lookback are consistent. */
export function checkRetention(config: RoletrailConfig, wrong: Wrong): void {
  const { retentionDays, lockDays, trailBucket } = config;
  const lookbackDays = config.lookbackDays ?? configDefaults.lookbackDays;
  // An alert that expires while its session is watched would be raised again.
  if (retentionDays !== undefined && lookbackDays > retentionDays)
    wrong(
      ['lookbackDays'],
      `${lookbackDays} is more than retentionDays, ${retentionDays}: what is looked at must still be there`,
    );
  if (lockDays === undefined) return;
  if (!trailBucket.create)
    wrong(['lockDays'], 'locks the bucket that trailBucket.create makes; the lock of another is its owner’s');
  if (retentionDays !== undefined && lockDays > retentionDays)
    wrong(['lockDays'], `${lockDays} is more than retentionDays, ${retentionDays}`);
}
