/** What a deployment is told: `roletrail.json`. */
export interface RoletrailConfig {
  /** the JSON Schema that editors hold the file against; nothing else reads it */
  $schema?: string;
  /** tells deployments beside each other apart: in the names of stacks, topics, metrics and events. Absent: there is one */
  name?: string;
  /** the account that is audited, and the region the pipeline runs in */
  production: { account: string; region: string };
  /** role ARNs, role names (exact), or '*' for every temporary credential */
  auditedRoles: string[];
  /** trusted accounts that send their AssumeRole events; one partner stack per account and region */
  partners: { account: string; regions: string[]; externalIds?: string[] }[];
  /**
   * the bucket CloudTrail writes to; `existing` by name (in this account), or created with the stack.
   * `keyArn`: the KMS key an existing bucket's log files are encrypted with, if they are
   */
  trailBucket: { name: string; create?: boolean; keyArn?: string };
  /**
   * accounts whose records the trail may hold beside production's: ids, `['*']` for any (an organisation's trail), or
   * `['unchecked']`, as replays of logs that were made anonymous need it. Absent: the partners'
   */
  trailAccounts?: string[];
  /** how many messages intake takes at once, and how long it waits for them */
  batch: { size: number; windowSeconds: number };
  /** while so many executions run, messages wait in their queue; 0: never. Absent: 20 */
  executionsAtOnce?: number;
  /**
   * a log file that was processed for the same roles already: CloudTrail delivers files again for up to 30 days.
   * Absent: skip
   */
  redelivered?: 'skip' | 'process';
  /** how long a session may be unlinked before it is an alert: its issuance may be late. Absent: 60 */
  graceMinutes?: number;
  /** sessions that began earlier raise no alert, and none is withdrawn for them. Absent: 35 */
  lookbackDays?: number;
  /**
   * how long nothing may come from an account of the trail, or from a partner, that something came from before; 0: nobody is told.
   * Absent: 4,320, so that a weekend is no silence
   */
  quietMinutes?: number;
  /**
   * how long evidence, answers, ledger, quarantine and the log files of a created trail bucket are kept; items that were written before it
   * was set have no end. Absent: for ever
   */
  retentionDays?: number;
  /** how long nobody but who may bypass governance deletes a log file of a created trail bucket. Absent: no lock */
  lockDays?: number;
  alarmEmail?: string;
}
