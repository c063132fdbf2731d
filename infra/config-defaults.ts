import type { RoletrailConfig } from './roletrail-config.ts';

/** What holds where a configuration does not say. Nothing CloudTrail delivers again is older than 30 days. */
export const configDefaults = {
  redelivered: 'skip',
  graceMinutes: 60,
  lookbackDays: 35,
  quietMinutes: 4_320,
  executionsAtOnce: 20,
} as const satisfies Partial<RoletrailConfig>;

/** The value of RETENTION_DAYS. */
export function retentionDays({ retentionDays: days }: RoletrailConfig): string {
  return days === undefined ? 'unlimited' : String(days);
}
