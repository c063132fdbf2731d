// Contract (fields and meaning); validation and the sentences for wrong values belong here too.
export interface RoletrailConfig {
  /** the account that is audited, and the region the pipeline runs in */
  production: { account: string; region: string };
  /** role ARNs, role names (exact), or '*' for every temporary credential */
  auditedRoles: string[];
  /** trusted accounts that send their AssumeRole events; one partner stack per account and region */
  partners: { account: string; regions: string[]; externalIds?: string[] }[];
  /** the bucket CloudTrail writes to; `existing` by name (in this account), or created with the stack */
  trailBucket: { name: string; create?: boolean };
  /** how many messages intake takes at once, and how long it waits for them */
  batch: { size: number; windowSeconds: number };
  workflow: 'standard' | 'express';
  alarmEmail?: string;
}
