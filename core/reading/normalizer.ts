import type { AuditedRoles } from '../identities/roles.ts';
import type { Occurrence, Setting } from '../records/event.ts';
import { oneRequest } from '../records/one-request.ts';
import { fits } from '../records/storable.ts';
import { eventTime } from '../records/times.ts';
import type { TrailAccounts } from './accounts.ts';
import { normalize, type RecordSource } from './normalize.ts';
import { type PlainRecord, recordOf, type WholeRecord } from './plain-record.ts';

/** Normalizes records of one source: what is the same for many calls of a session is read once. */
export class Normalizer {
  readonly #source: RecordSource;
  readonly #roles: AuditedRoles;
  readonly #accounts: TrailAccounts;
  /** by what the records repeat to the letter */
  readonly #settings = new WeakMap<PlainRecord['setting'], Setting>();

  constructor(source: RecordSource, roles: AuditedRoles, accounts: TrailAccounts) {
    this.#source = source;
    this.#roles = roles;
    this.#accounts = accounts;
  }

  /**
   * The two parts of a record's event; those of one setting share it, so nobody may change it. Throws RecordError as
   * normalize and TrailAccounts.checkRecord do.
   */
  normalize(read: PlainRecord | WholeRecord, hash: string): { setting: Setting; occurrence: Occurrence } {
    if (!('whole' in read)) {
      const setting = this.#settings.get(read.setting);
      const occurrence = setting && occurrenceOf(read, hash);
      if (occurrence) return { setting, occurrence };
    }
    const event = normalize(recordOf(read), this.#source, this.#roles, hash);
    this.#accounts.checkRecord(event.recipientAccountId, this.#source);
    if (!('whole' in read)) this.#settings.set(read.setting, event);
    return { setting: event, occurrence: event };
  }
}

// Null for what normalize may refuse.
function occurrenceOf(read: PlainRecord, hash: string): Occurrence | null {
  const { action, eventID, eventTime: time, sharedEventID, addendum } = read;
  const { eventSource, eventName } = action;
  const errorCode = action.errorCode || null;
  if (typeof eventID !== 'string' || eventID === '' || typeof time !== 'string' || time === '') return null;
  if (!fits(eventID) || !fits(eventSource) || !fits(eventName)) return null;
  if (errorCode !== null && !fits(errorCode)) return null;
  return {
    eventID,
    eventTime: eventTime(time),
    eventSource,
    eventName,
    errorCode,
    ...oneRequest({ sharedEventID, addendum }),
    issuance: null,
    hash,
  };
}
