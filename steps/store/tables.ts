/**
 * Keys and indexes of the tables: the one place infra (which creates them), the steps (which write them) and the
 * CLI (which reads them) take them from. Every look-up of the design is one Query on one of these.
 */
export interface KeySchema {
  partition: string;
  sort: string;
}

export interface TableSchema extends KeySchema {
  indexes: Record<string, KeySchema & { project: 'ALL' | string[] }>;
}

/** When an item of evidence, sessions, ledger or look-ups may be deleted, in seconds since 1970; absent: never. See retention.ts. */
export const endAttribute = 'expires';

/**
 * Evidence: one item per event and voucher, written once.
 * `copy` is `recipientAccountId#provenance`, so a partner's claim never takes the place of our own trail's record.
 * `at` is `eventTime#` and the beginning of the eventID; `credential` is the access key id the call was made with (absent: not in the index).
 */
export const evidenceTable: TableSchema = {
  partition: 'eventID',
  sort: 'copy',
  indexes: {
    /** sparse: only calls whose key is not their credential: the console's fresh keys */
    byKey: { partition: 'accessKeyId', sort: 'at', project: ['credential', 'use'] },
    byCredential: {
      partition: 'credential',
      sort: 'at',
      project: [
        'eventName',
        'eventSource',
        'awsRegion',
        'errorCode',
        'sourceIPAddress',
        'agent',
        'use',
        'request',
        'amends',
      ],
    },
    /** sparse: only records that may have others of the same request: by sharedEventID, an addendum by the eventID it completes */
    byRequest: { partition: 'request', sort: 'at', project: ['credential', 'use'] },
  },
};

/**
 * Sessions: all that is known of one credential in one partition: `item` is `issuance#...`, `use#...`, `child#...`
 * (facts, written once), `word#SENDER#...` and `word-child#SENDER#...` (the same as a partner claims it) or `session#...` (the
 * answer derived from the facts, replaced when they grow).
 * Only answers carry the index attributes. `at` is `time#session`. What finds answers (name-item.ts): in partitions `name#...`, in small
 * letters or hashed, an item `~kind#time#session#marks` for each session filed there, `~role#...` for each role and `~alias#...` where
 * an id leads; in the partition `days` each day that sessions began on. In addition `alert#...`, what the watch has sent about a
 * session; while an alert is outstanding it is in `byStatus` as `alerted`. And the partition `refused`: the refused attempts
 * to assume an audited role, `~refused#time#eventID#account#provenance`, by which they are listed in time without an index; and the
 * partition `heard`, until when each partner was heard, `~partner#ACCOUNT`, and who is known to be quiet, `~quiet#by#ACCOUNT`.
 */
export const sessionsTable: TableSchema = {
  partition: 'credential',
  sort: 'item',
  indexes: {
    /** all, by the day they began on: one day's sessions share a partition, not those of all time */
    byDay: { partition: 'day', sort: 'at', project: 'ALL' },
    /** by the role, under any of its ARNs, and the time of issue */
    byRole: { partition: 'role', sort: 'at', project: 'ALL' },
    /** sparse: only sessions whose status is not `linked` */
    byStatus: { partition: 'open', sort: 'at', project: 'ALL' },
  },
};

/**
 * Ledger: the log files that were processed to the end, one item per file, bytes (etag) and roles. `place` is
 * `account#region` as the file's name says, or `unnamed`; `file` is `time#bucket/key#etag#roles`. Beside them, for
 * coverage, an item per account, hour and region a file was delivered in: `coverage#account`, `2016040520#region`; and the partition
 * `accounts` lists the accounts.
 * And what digests said: `digests#account#region`, `endTime#hash`, and of each file `integrity#s3://bucket/key`, `verdict#hash`.
 */
export const ledgerTable: TableSchema = { partition: 'place', sort: 'file', indexes: {} };

/**
 * Look-ups: what finds calls by time, resource and address, over all sessions. `calls#2025-03-11` has a day's calls, as segments
 * `HOUR#HASH`: the calls of one hour in one log file, so that the same file leaves the same items, whatever it came with. `resource#PLACE`
 * and `address#ADDRESS` have the hours in which calls touched it or came from it (`2025-03-11T09`), the partition `days` has the days.
 * No item is changed, and none grows: who reads counts each event once.
 */
export const lookupsTable: TableSchema = { partition: 'place', sort: 'item', indexes: {} };

/** Powertools' defaults for its persistence layer. */
export const idempotencyTable = { partition: 'id', ttl: 'expiration' };

/** How many refusals of a sender were kept in an hour: `222233334444#2025-03-11T10`. Forgotten after two days. */
export const sendersTable = { partition: 'sender', ttl: 'expires' };

/** Key prefixes of the work bucket: `work/` expires after a day, `quarantine/` is kept. */
export const workPrefix = 'work/';
export const quarantinePrefix = 'quarantine/';

/** Beside the quarantine, not in it, because an entry is never changed: an object for each entry that was sent again. */
export const retriedPrefix = 'quarantine-retried/';
