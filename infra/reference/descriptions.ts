/** What the reference says about one field of `roletrail.json`. */
export interface Description {
  means: string;
  /** what holds when an optional field is left out; not needed where `configDefaults` has the value */
  absent?: string;
}

/**
 * One entry for each field of the schema, by its path; `[]` stands for each entry of a list. The reference refuses to
 * be written when a field has no entry here, or an entry has no field.
 */
export const descriptions: Record<string, Description> = {
  $schema: {
    means:
      'The JSON Schema that editors check the file against, `infra/roletrail.schema.json`. Nothing else reads it.',
    absent: 'none',
  },
  name: {
    means:
      'Distinguishes several deployments in one account or with a common partner. It becomes part of the names of stacks, topics, metrics and the event source: `roletrail-NAME`.',
    absent: 'there is one, named roletrail',
  },
  production: { means: 'The account to audit, and where the pipeline runs.' },
  'production.account': { means: 'The account to audit. The pipeline is deployed into it.' },
  'production.region': { means: 'The Region of the pipeline.' },
  auditedRoles: {
    means:
      "The roles to audit, of the production account or of an account the trail covers. A role name matches under any path and in any case, because IAM role names are unique without regard to case. `AWSReservedSSO_NAME_*` stands for the roles of a permission set in every account. `['*']` audits every temporary credential.",
  },
  partners: {
    means:
      'The trusted accounts that send their AssumeRole events. Each account and Region gets a partner stack of its own. The list may be empty.',
  },
  'partners[].account': { means: 'The trusted account. It must differ from the production account.' },
  'partners[].regions': {
    means:
      'Each Region whose STS endpoint the partner uses. Calls to the global endpoint are logged in us-east-1.',
  },
  'partners[].externalIds': {
    means:
      'External IDs the partner passes to AssumeRole. The event rule of the partner matches these in addition to the audited roles.',
    absent: 'audited roles only',
  },
  trailBucket: { means: 'The S3 bucket that CloudTrail delivers to.' },
  'trailBucket.name': { means: 'The bucket name.' },
  'trailBucket.create': {
    means:
      '`true` creates the bucket with the stack. Otherwise the bucket must exist in the production account.',
    absent: '`false`',
  },
  'trailBucket.keyArn': {
    means: 'The KMS key that encrypts the log files of an existing bucket.',
    absent: 'no KMS key',
  },
  trailAccounts: {
    means:
      "The accounts, besides production, whose records the trail may hold. `['*']` accepts any account (an organization trail). `['unchecked']` also accepts records of another account than their file's, which replays of anonymized logs need.",
    absent: 'the partners',
  },
  batch: {
    means:
      'How many notifications one execution handles: `size` 10 and `windowSeconds` 20 suit a quiet account, 100 and 60 a busy one.',
  },
  'batch.size': {
    means: 'The most messages intake takes at once. Larger batches cost less, smaller ones answer sooner.',
  },
  'batch.windowSeconds': {
    means: 'How long intake waits to fill a batch. Must be at least 1 when `batch.size` is above 10.',
  },
  executionsAtOnce: {
    means:
      "How many executions run at once. Further messages wait in their queue, so that a backlog does not use up the account's Lambda concurrency. A partner's events may start a quarter more. `0` sets no limit.",
  },
  redelivered: {
    means:
      'What to do with a log file that was already processed for the same roles. CloudTrail may deliver a file again for up to 30 days.',
  },
  graceMinutes: {
    means:
      'How long an issuance may arrive late. Until then, its session raises no alert, and what a partner claims of it is no contradiction.',
  },
  lookbackDays: {
    means: 'Sessions that began earlier raise no alert, and their alerts are not withdrawn.',
  },
  quietMinutes: {
    means:
      'How long nothing may arrive from an account of the trail, or from a partner, after its first delivery. Then an alarm names it. `0` switches this off. The default is three days, so that a weekend raises no alarm.',
  },
  retentionDays: {
    means:
      'How long to keep evidence, answers, the ledger, quarantine and the log files of a created trail bucket, counted from the event or its processing, whichever is later. At least `lookbackDays`. Items that were written before it was set have no end ([how to give them one](deploy.md#set-retentiondays-later)).',
    absent: 'everything is kept',
  },
  lockDays: {
    means:
      'S3 Object Lock in governance mode for the log files of a created trail bucket: until then, only a principal with `s3:BypassGovernanceRetention` can delete them. At most `retentionDays`.',
    absent: 'no lock',
  },
  alarmEmail: {
    means: 'The address that receives alarms. Confirm the subscription that Amazon SNS sends.',
    absent: 'no e-mail',
  },
};
