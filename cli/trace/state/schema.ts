/** Changes with every change of what the tables hold: a state of another version is begun anew. */
export const schemaVersion = 1;

/**
 * One file holds what a trace came to. Records are references: where in which log file they lie. All rows of `records` are in the
 * order of delivery, so that the first of several records of one event is the one that counts.
 */
export const schema = `
  CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

  -- what was read: a log file, a message, a digest, or an export of which several log files are made; it is the file at path, or
  -- lies in that archive. size and hash are the file's on disk, or
  -- size and ETag the object's in S3, of which changed is null; said is the input as it was found
  CREATE TABLE inputs (
    input INTEGER PRIMARY KEY, file TEXT UNIQUE, path TEXT, key TEXT, size INTEGER, changed REAL, hash TEXT, said TEXT, kind TEXT,
    told TEXT);
  CREATE TABLE sources (
    source INTEGER PRIMARY KEY, input INTEGER, member INTEGER, name TEXT, key TEXT, run TEXT, at TEXT,
    records INTEGER, kept INTEGER, normalized INTEGER, otherAccounts INTEGER, earliest TEXT, reads INTEGER, outcome TEXT,
    refusals TEXT, account TEXT, region TEXT, time TEXT, hour TEXT);
  CREATE INDEX sourcesByPlace ON sources (account, region, time) WHERE outcome = 'read';
  CREATE INDEX sourcesByHour ON sources (account, hour, region) WHERE outcome = 'read';
  CREATE INDEX sourcesThatRead ON sources (account) WHERE outcome = 'read' AND reads = 1;
  CREATE INDEX sourcesByName ON sources (name);
  CREATE INDEX inputsByKey ON inputs (key);

  CREATE TABLE records (
    row INTEGER PRIMARY KEY, eventID TEXT, copy INTEGER, source INTEGER, offset INTEGER, length INTEGER, hash BLOB, time TEXT,
    action INTEGER, setting INTEGER, shared TEXT, amends TEXT, issues TEXT);
  CREATE TABLE actions (action INTEGER PRIMARY KEY, source TEXT, name TEXT, error TEXT);
  CREATE TABLE settings (
    setting INTEGER PRIMARY KEY, account TEXT, provenance TEXT, region TEXT, address TEXT, agent TEXT, credential TEXT,
    accessKey TEXT, use TEXT, callerAccount TEXT, denied TEXT);
  -- names of records that say something else than the first one of their event
  CREATE TABLE contradicting (name TEXT PRIMARY KEY) WITHOUT ROWID;

  CREATE TABLE issuances (name TEXT PRIMARY KEY, issuance TEXT) WITHOUT ROWID;
  CREATE TABLE issued (credential TEXT, name TEXT, PRIMARY KEY (credential, name)) WITHOUT ROWID;
  CREATE TABLE uses (
    credential TEXT, hash TEXT, shown TEXT, firstSeen TEXT, lastSeen TEXT, firstTaken TEXT, lastTaken TEXT,
    PRIMARY KEY (credential, hash)) WITHOUT ROWID;
  CREATE TABLE children (parent TEXT, child TEXT, PRIMARY KEY (parent, child)) WITHOUT ROWID;
  CREATE TABLE claimedChildren (parent TEXT, child TEXT, PRIMARY KEY (parent, child)) WITHOUT ROWID;
  CREATE TABLE attempts (name TEXT PRIMARY KEY, eventID TEXT, attempt TEXT) WITHOUT ROWID;
  CREATE TABLE roles (arn TEXT PRIMARY KEY) WITHOUT ROWID;
  -- what a report is made of: keys and sessions that were used, or issued
  CREATE TABLE credentials (credential TEXT PRIMARY KEY) WITHOUT ROWID;
  -- credentials whose answers are older than their facts
  CREATE TABLE unsettled (credential TEXT PRIMARY KEY) WITHOUT ROWID;

  CREATE TABLE answers (
    credential TEXT, slot INTEGER, session TEXT, own INTEGER, began TEXT, status TEXT, role TEXT, answer TEXT, basis TEXT,
    PRIMARY KEY (credential, slot)) WITHOUT ROWID;
  CREATE TABLE names (name TEXT, session TEXT, credential TEXT, kind TEXT, PRIMARY KEY (name, session, credential)) WITHOUT ROWID;
  CREATE TABLE roleNames (name TEXT, arn TEXT, PRIMARY KEY (name, arn)) WITHOUT ROWID;
`;

/** Made when all is read, which takes a fraction of what it takes to keep them up to date row by row. */
export const indexes = {
  recordsByEvent: 'records (eventID, copy)',
  recordsBySetting: 'records (setting)',
  recordsByShared: 'records (shared) WHERE shared IS NOT NULL',
  recordsByAmended: 'records (amends) WHERE amends IS NOT NULL',
  settingsByCredential: 'settings (credential) WHERE credential IS NOT NULL',
  settingsByKey: 'settings (accessKey) WHERE accessKey <> credential',
  answersByBegin: 'answers (began, session)',
  answersByRole: 'answers (role, began, session)',
  answersBySession: 'answers (session)',
} as const;
