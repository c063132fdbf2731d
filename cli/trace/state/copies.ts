import { copiesAmong, type RequestRecord } from '../../../core/linking/one-call.ts';
import type { State } from './state.ts';

type Columns = [
  eventID: string,
  recipientAccountId: string,
  eventTime: string,
  sharedEventID: string | null,
  amends: string | null,
  callerAccount: string | null,
];

/** Of records: those that count, where several accounts have one of an event. Holds when there are {@link Copies}. */
export const ownRecords = 'row NOT IN (SELECT row FROM temp.hidden)';

const requestSql = `
  SELECT eventID, account, time, shared, amends, callerAccount FROM records JOIN settings USING (setting)
  WHERE credential IS NOT NULL AND ${ownRecords}`;

/** Records that an addendum ties to others, and the requests that they are of: few, because CloudTrail writes few addenda. */
const tiedSql = `
  CREATE TEMP TABLE tied (row INTEGER PRIMARY KEY);
  INSERT INTO tied SELECT row FROM records WHERE amends IS NOT NULL;
  INSERT OR IGNORE INTO tied
    SELECT row FROM records WHERE eventID IN (SELECT amends FROM records WHERE amends IS NOT NULL);
  CREATE TEMP TABLE tiedRequests (shared TEXT PRIMARY KEY) WITHOUT ROWID;
  INSERT OR IGNORE INTO tiedRequests SELECT shared FROM records WHERE shared IS NOT NULL AND row IN (SELECT row FROM tied);
  INSERT OR IGNORE INTO tied SELECT row FROM records WHERE shared IN (SELECT shared FROM tiedRequests);`;

const severalSql = `shared IN (SELECT shared FROM records WHERE shared IS NOT NULL GROUP BY shared HAVING count(*) > 1)`;

/**
 * Which records are of a call that another record stands for. They lie in tables of SQLite's own temporary file: in logs of an
 * organization each second record may share its request with another account's, and no memory holds those of many files.
 */
export class Copies {
  readonly #state: State;
  /** records that an addendum completes */
  readonly #completed = new Set<string>();
  readonly #areNone: boolean;

  /** `state`: with its indexes, and each record once. */
  constructor(state: State) {
    this.#state = state;
    this.#areNone = state.transaction(() => this.#find());
  }

  #find(): boolean {
    const state = this.#state;
    state.exec(`
      DROP TABLE IF EXISTS temp.hidden; DROP TABLE IF EXISTS temp.copies;
      DROP TABLE IF EXISTS temp.tied; DROP TABLE IF EXISTS temp.tiedRequests;
      CREATE TEMP TABLE hidden (row INTEGER PRIMARY KEY);
      CREATE TEMP TABLE copies (eventID TEXT PRIMARY KEY, original TEXT) WITHOUT ROWID;`);
    this.#hide();
    state.exec(tiedSql);
    for (const [eventID] of state.eachList<[string]>('SELECT amends FROM records WHERE amends IS NOT NULL'))
      this.#completed.add(eventID);
    this.#write(copiesAmong(this.#requests('AND row IN (SELECT row FROM tied)')));
    for (const group of this.#groups()) this.#write(copiesAmong(group));
    return state.get('SELECT 1 FROM copies LIMIT 1') === undefined;
  }

  /** The eventID of the record that stands for this record's call; null: it stands for itself. */
  originalOf({ eventID, sharedEventID, amends }: Omit<RequestRecord, 'callerAccount'>): string | null {
    if (this.#areNone) return null;
    if (sharedEventID === null && amends === null && !this.#completed.has(eventID)) return null;
    const found = this.#state.get<{ original: string }>(
      'SELECT original FROM copies WHERE eventID = ?',
      eventID,
    );
    return found?.original ?? null;
  }

  /** Another account's records under the same eventID: the one of the account that sorts first is the call's. */
  #hide(): void {
    this.#state.exec(`
      INSERT INTO hidden SELECT row FROM (
        SELECT row, row_number() OVER (PARTITION BY eventID ORDER BY copy) AS place
        FROM records JOIN settings USING (setting)
        WHERE credential IS NOT NULL AND eventID IN (SELECT eventID FROM records GROUP BY eventID HAVING count(*) > 1))
      WHERE place > 1`);
  }

  /** Records of one request each time, where a request has several. */
  *#groups(): Generator<RequestRecord[]> {
    let group: RequestRecord[] = [];
    const several = `AND ${severalSql} AND row NOT IN (SELECT row FROM tied) ORDER BY shared`;
    for (const record of this.#requests(several)) {
      if (group[0] && group[0].sharedEventID !== record.sharedEventID) {
        yield group;
        group = [];
      }
      group.push(record);
    }
    yield group;
  }

  *#requests(which: string): Generator<RequestRecord> {
    for (const row of this.#state.eachList<Columns>(`${requestSql} ${which}`)) {
      const [eventID, recipientAccountId, eventTime, sharedEventID, amends, callerAccount] = row;
      yield { eventID, recipientAccountId, eventTime, sharedEventID, amends, callerAccount };
    }
  }

  #write(copies: ReadonlyMap<string, string>): void {
    for (const [eventID, original] of copies)
      this.#state.run('INSERT INTO copies VALUES (?, ?)', eventID, original);
  }
}
