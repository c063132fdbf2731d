/** The configuration of a deployment: `roletrail.json`. */
export interface RoletrailConfig {
  /** the JSON Schema that editors hold the file against; nothing else reads it */
  $schema?: string;
  /** distinguishes deployments: part of the names of stacks, topics, metrics and events. Absent: there is only one */
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
   * accounts whose records the trail may hold, besides production: ids, `['*']` for any (an organisation's trail), or
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
   * how long an account of the trail, or a partner, may deliver nothing after its first delivery, before an alarm; 0: no alarm.
   * Absent: 4,320, so that a weekend raises no alarm
   */
  quietMinutes?: number;
  /**
   * how long evidence, answers, ledger, quarantine and the log files of a created trail bucket are kept; items that were written before it
   * was set do not expire. Absent: nothing expires
   */
  retentionDays?: number;
  /** how long a log file of a created trail bucket can be deleted only by bypassing governance mode. Absent: no lock */
  lockDays?: number;
  alarmEmail?: string;
}
