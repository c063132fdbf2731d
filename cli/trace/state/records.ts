import { type ListedRecord, recordName } from '../../../core/linking/listed.ts';
import { comparable } from '../../../core/linking/names.ts';
import type { Json } from '../../../core/records/read.ts';
import type { TimeSpan } from '../../../core/records/times.ts';
import { isCalled } from '../../../core/resources/filed.ts';
import type { Touched } from '../../../core/resources/resource.ts';
import { touchedBy } from '../../../core/resources/touched.ts';
import type { RecordStore } from '../../queries/store.ts';
import { type CallRow, entryOf } from './calls.ts';
import type { State } from './state.ts';
import { Texts } from './texts.ts';

interface Row extends CallRow {
  place: number;
  offset: number;
  length: number;
  hash: string;
}

const rowSql = `
  SELECT row, eventID, account, provenance, time, actions.source AS source, name, error, region, address, agent, credential,
    accessKey, use, callerAccount, shared, amends, records.source AS place, offset, length, lower(hex(hash)) AS hash
  FROM records JOIN settings USING (setting) JOIN actions USING (action)
  WHERE provenance = 'trail' AND time >= ? AND time <= ?`;

/** What a record touched whose file is not there any more. */
const notKnown: Touched = { access: 'unknown', resources: [], more: 0 };

/** Records of a state over all sessions. What each touched is read again from its file. */
export class StateRecords implements RecordStore {
  readonly #state: State;
  readonly #texts: Texts;

  constructor(state: State) {
    this.#state = state;
    this.#texts = new Texts(state);
  }

  newestFirst(span: TimeSpan = {}): AsyncGenerator<ListedRecord> {
    return this.#list(span, '');
  }

  async *ofResource(name: string, span: TimeSpan = {}): AsyncGenerator<ListedRecord> {
    for await (const record of this.#list(span, ''))
      if (record.touched.resources.some(resource => isCalled(resource, name))) yield record;
  }

  ofAddress(address: string, span: TimeSpan = {}): AsyncGenerator<ListedRecord> {
    return this.#list(span, 'AND lower(address) = ?', comparable(address));
  }

  async *#list(
    { since = '', until = '~' }: TimeSpan,
    condition: string,
    ...values: string[]
  ): AsyncGenerator<ListedRecord> {
    // Of several records of one event the first that was delivered counts.
    const sql = `${rowSql} ${condition} ORDER BY time DESC, eventID DESC, account DESC, row`;
    let before = '';
    for (const row of this.#state.each<Row>(sql, since.split('#')[0] ?? '', until, ...values)) {
      const entry = entryOf(row);
      const name = recordName(entry);
      if (name === before || name < since || name > until) continue;
      before = name;
      yield {
        ...entry,
        credential: row.credential,
        touched: await this.#touchedBy(row),
        keyless: row.accessKey === null,
      };
    }
  }

  async #touchedBy({ place, offset, length, hash }: Row): Promise<Touched> {
    const read = await this.#texts.read({ source: place, offset, length, hash });
    return 'text' in read ? touchedBy(JSON.parse(read.text) as Json) : notKnown;
  }
}
