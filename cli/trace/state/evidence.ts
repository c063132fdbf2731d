import type { CallEntry, Evidence } from '../../../core/records/evidence.ts';
import { timeSortKey } from '../../../core/records/evidence.ts';
import type { CallsAsked, EvidenceStore, RecordName } from '../../queries/store.ts';
import { type CallRow, callSql, entryOf } from './calls.ts';
import type { State } from './state.ts';
import { Texts } from './texts.ts';

interface Row extends CallRow {
  place: number;
  offset: number;
  length: number;
  hash: string;
  issues: string | null;
  denied: string | null;
  from: string;
  run: string;
}

const rowSql = `
  SELECT row, eventID, settings.account AS account, provenance, records.time AS time, actions.source AS source, actions.name AS name,
    error, settings.region AS region, address, agent, credential, accessKey, use, callerAccount, shared, amends, records.source AS place,
    offset, length, lower(hex(hash)) AS hash, issues, denied, sources.name AS "from", run
  FROM records JOIN settings USING (setting) JOIN actions USING (action) JOIN sources ON sources.source = records.source`;

/** A request reaches into a few accounts, and few addenda follow; more says that a log is forged. */
const mostOfRequest = 20;

/** Records, read again from the files that they lie in. */
export class StateEvidence implements EvidenceStore {
  readonly #state: State;
  readonly #texts: Texts;

  constructor(state: State) {
    this.#state = state;
    this.#texts = new Texts(state);
  }

  async event(eventID: string): Promise<Evidence[]> {
    const rows = this.#state.all<Row>(`${rowSql} WHERE eventID = ? ORDER BY copy`, eventID);
    const found: Evidence[] = [];
    for (const row of rows) found.push(await this.#evidenceOf(row));
    return found;
  }

  async records(calls: readonly RecordName[]): Promise<Evidence[]> {
    const found: Evidence[] = [];
    const distinct = new Map(
      calls.map(call => [`${call.eventID} ${call.recipientAccountId} ${call.provenance}`, call]),
    );
    for (const { eventID, recipientAccountId, provenance } of distinct.values()) {
      const named = `${rowSql} WHERE eventID = ? AND settings.account = ? AND provenance = ?`;
      const row = this.#state.get<Row>(named, eventID, recipientAccountId, provenance);
      if (row) found.push(await this.#evidenceOf(row));
    }
    return found;
  }

  async ofRequest(request: string): Promise<string[]> {
    const rows = this.#state.all<{ eventID: string; time: string }>(
      `SELECT eventID, time FROM records WHERE amends = ?
       UNION SELECT eventID, time FROM records WHERE shared = ? AND amends IS NULL`,
      ...[request, request],
    );
    const sorted = rows.map(row => ({ ...row, at: timeSortKey({ ...row, eventTime: row.time }) }));
    sorted.sort((a, b) => (a.at < b.at ? -1 : 1));
    return [...new Set(sorted.map(({ eventID }) => eventID))].slice(0, mostOfRequest);
  }

  async sessionOfKey(accessKeyId: string): Promise<string | null> {
    const found = this.#state.get<{ credential: string }>(
      'SELECT credential FROM settings WHERE accessKey = ? AND accessKey <> credential LIMIT 1',
      accessKeyId,
    );
    return found?.credential ?? null;
  }

  async *calls(credential: string, asked: CallsAsked = {}): AsyncGenerator<CallEntry> {
    const { newestFirst = false, limit = -1, from = '' } = asked;
    const [way, sign] = newestFirst ? ['DESC', '>='] : ['ASC', '>='];
    // As timeSortKey sorts.
    const at = "time || '#' || substr(eventID, 1, 8)";
    const sql = `${callSql} WHERE credential = ? AND ${at} ${sign} ? ORDER BY ${at} ${way} LIMIT ?`;
    for (const row of this.#state.each<CallRow>(sql, credential, from, limit)) yield entryOf(row);
  }

  async #evidenceOf(row: Row): Promise<Evidence> {
    const { eventID, account, provenance, hash, from, run, place, offset, length } = row;
    const read = await this.#texts.read({ source: place, offset, length, hash });
    const said = {
      ...{ eventID, recipientAccountId: account, provenance, digest: hash, source: from, execution: run },
    };
    if ('text' in read) return { ...said, record: read.text };
    return { ...said, record: '', missing: { why: read.missing, known: knownOf(row) } };
  }
}

function knownOf(row: Row): NonNullable<Evidence['missing']>['known'] {
  return {
    eventTime: row.time,
    eventSource: row.source,
    eventName: row.name,
    errorCode: row.error,
    sharedEventID: row.shared,
    amends: row.amends,
    credential: row.credential,
    use: row.use,
    issues: row.issues === null ? [] : (JSON.parse(row.issues) as string[]),
    denied: row.denied,
  };
}
