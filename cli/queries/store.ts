import type { CoverageLedger } from '../../core/coverage/session-coverage.ts';
import type { PublicKeys } from '../../core/digests/public-keys.ts';
import type { DigestRecord, FileVerdict } from '../../core/digests/records.ts';
import type { DigestStore } from '../../core/digests/verify-digest.ts';
import type { Alert, OutstandingAlert } from '../../core/linking/alert.ts';
import type { FoundSession, Named, Newest } from '../../core/linking/found-sessions.ts';
import type { ListedRecord } from '../../core/linking/listed.ts';
import type { RefusedAttempt } from '../../core/linking/refused.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import type { CallEntry, Evidence } from '../../core/records/evidence.ts';
import type { TimeSpan } from '../../core/records/times.ts';
import type { ExecutionStore } from './execution-store.ts';
import type { QuarantineStore } from './quarantine-store.ts';

/**
 * All that is asked of what roletrail holds, wherever it is kept. Every part is read-only; lists are read on as they are taken.
 * Times are ISO 8601 in UTC. Each store passes the contract in test/cli/queries/contract.
 */
export interface Store {
  evidence: EvidenceStore;
  records: RecordStore;
  sessions: SessionStore;
  names: NameStore;
  alerts: AlertStore;
  refused: RefusedStore;
  ledger: LedgerStore;
  integrity: IntegrityStore;
  executions: ExecutionStore;
  quarantine: QuarantineStore;
  trail: TrailStore;
  /** how many minutes a trail's own record of an issuance may be late before its absence refutes a claim */
  readonly graceMinutes: number;
  /** days that evidence, answers and ledger are kept; null: for ever */
  readonly retentionDays: number | null;
}

/** A store as commands and the console ask it. */
export interface AskedStore extends Store {
  /** the roles that are audited: of calls under others nothing is kept */
  audited(): readonly string[];
  /** what of the records cannot be read, so that nothing is known of what their calls touched, as a sentence; null: all can */
  lack: string | null;
  /** the other process whose embedded cloud it is; null: none */
  host: number | null;
  /** whether anything is under way that may show soon; null where nobody can tell (AWS) */
  busy: (() => boolean) | null;
}

export interface EvidenceStore {
  /** all copies of one event: at most one of each account and provenance */
  event(eventID: string): Promise<Evidence[]>;
  /** the records of these calls, in their order; none for a call that is not held */
  records(calls: readonly RecordName[]): Promise<Evidence[]>;
  /** eventIDs of the records of one request: a sharedEventID, or the eventID that addenda complete. At most twenty */
  ofRequest(request: string): Promise<string[]>;
  /** the console session a fresh key of the console was used in; null when no such call is known */
  sessionOfKey(accessKeyId: string): Promise<string | null>;
  /** calls made with a credential, in the order of their time sort key (timeSortKey) */
  calls(credential: string, options?: CallsAsked): AsyncIterable<CallEntry>;
}

/** What names one copy of a record. */
export type RecordName = Pick<Evidence, 'eventID' | 'recipientAccountId' | 'provenance'>;

export interface CallsAsked {
  newestFirst?: boolean;
  /** so many and no more */
  limit?: number;
  /** the time sort key to begin with */
  from?: string;
  /** how many a request asks for, where few are wanted */
  perRequest?: number;
}

/** Records of our own trail over all sessions, newest first, each once. `until`: a time, or the name (recordName) of the record to continue with. */
export interface RecordStore {
  newestFirst(span?: TimeSpan): AsyncIterable<ListedRecord>;
  /** of calls that touched what is called so, in any case: an ARN, a name or the end of one (core/resources/filed.ts) */
  ofResource(name: string, span?: TimeSpan): AsyncIterable<ListedRecord>;
  /** of calls from an IP address or a service, in any case */
  ofAddress(address: string, span?: TimeSpan): AsyncIterable<ListedRecord>;
}

export interface SessionStore {
  /** the answers of one credential */
  read(credential: string): Promise<{ answers: SessionAnswer[] }>;
  /** sessions of a role, by any ARN of it, oldest first; `since`: sessions that began at or after it, a time or a time sort key */
  byRole(roleArn: string, since?: string): AsyncIterable<SessionAnswer>;
  /** the newest sessions of a role, newest first */
  newestOf(roleArn: string, limit: number): Promise<Newest>;
  /** all sessions, oldest first */
  since(since?: string): AsyncIterable<SessionAnswer>;
  /** all sessions, newest first; `until`: began before it, a time or the time sort key of the session to continue with */
  newestFirst(until?: string): AsyncIterable<SessionAnswer>;
  /** sessions of a status, oldest first */
  open(status: 'unlinked' | 'ambiguous' | 'unknown', since?: string): AsyncIterable<SessionAnswer>;
}

/** Names are compared without regard to case: core/linking/names.ts. */
export interface NameStore {
  /** what has this name */
  find(name: string): Promise<Named>;
  /** answers of sessions that a name led to; null for one that is not there */
  answersOf(found: readonly FoundSession[]): Promise<(SessionAnswer | null)[]>;
  /** sessions whose name, which begins with their key, begins so, in any case: by name, at most so many */
  beginning(text: string, limit: number): Promise<FoundSession[]>;
  /** ARNs of the roles with this name or unique id, whatever their account and path */
  roles(name: string): Promise<string[]>;
  /** sessions whose origin has this name, oldest first */
  behind(name: string, since?: string): AsyncIterable<SessionAnswer>;
}

export interface AlertStore {
  /** the alert on one session; null when there is none */
  of(session: Pick<SessionAnswer, 'credential' | 'session'>): Promise<Alert | null>;
  /** open alerts, by the time their sessions began; `until`: a time, or the `at` of the alert to continue with */
  newestFirst(span?: TimeSpan): AsyncIterable<OutstandingAlert>;
}

export interface RefusedStore {
  /** each event once; `until`: a time, or the name (attemptName) of the attempt to continue with */
  newestFirst(span?: TimeSpan): AsyncIterable<RefusedAttempt>;
}

/** A log file that was processed to the end. */
export interface ReadFile {
  key: string;
  etag: string;
  execution: string;
  at: string;
}

export interface LedgerStore extends CoverageLedger {
  /** the last hour in which something of the account was delivered, `2016040520`; null when nothing was */
  lastHour(account: string): Promise<string | null>;
  /** files of an account and region by the time in their names, from `since` (`20160405`) on */
  files(account: string, region: string, since: string): AsyncIterable<ReadFile>;
  /** the states of one file that were processed */
  ofFile(file: { bucket: string; key: string }): AsyncIterable<ReadFile>;
}

export interface IntegrityStore {
  /** all that digests said of a log file */
  file(bucket: string, key: string): Promise<FileVerdict[]>;
  /** the digests of an account and region that ended between two times */
  digests(account: string, region: string, from: string, to: string): Promise<DigestRecord[]>;
}

/** Log files and digests where CloudTrail put them. Throws {@link AccessRefused} for what may not be read. */
export interface TrailStore extends DigestStore {
  /** where the trail delivers to */
  readonly bucket: string;
  /** the account that is audited */
  readonly account: string;
  /** keys below a prefix, in their order */
  keys(bucket: string, prefix: string): AsyncIterable<string>;
  /** the folders right below a prefix, whole and with their slash */
  folders(bucket: string, prefix: string): Promise<string[]>;
  /** the keys that digests are signed with */
  publicKeys: PublicKeys;
}

/** Whoever asks may not read it. */
export class AccessRefused extends Error {
  override name = 'AccessRefused';
}
