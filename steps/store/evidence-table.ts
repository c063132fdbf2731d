import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { CallEntry, Evidence } from '../../core/records/evidence.ts';
import { TransientError } from '../runtime/errors.ts';
import { strings, text } from './attributes.ts';
import { callOf, copyOf, evidenceItem, evidenceKey, evidenceOf, type NewEvidence } from './evidence-item.ts';
import { type InsertTarget, insertAll, readItems } from './insert.ts';
import { pages } from './pages.ts';
import { keptForEver, type Retention } from './retention.ts';
import { evidenceTable } from './tables.ts';

/** `written`: by this execution, now or at an earlier try. `contradicting`: differs from the evidence under its key. */
export interface Persisted {
  written: number;
  duplicates: number;
  contradicting: NewEvidence[];
}

/** The evidence: first write wins, nothing is ever changed. */
export class EvidenceTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retention: Retention;

  /** `retention`: of written items */
  constructor(client: DynamoDBClient, table: string, retention = keptForEver) {
    this.#client = client;
    this.#table = table;
    this.#retention = retention;
  }

  /**
   * Writes each record unless its event is there already. `seen` holds the digests of the events that the same run
   * has written: a second record of one of them is a duplicate, also when it comes with a later list. Records of one
   * event that say the same in other bytes (white space, order of fields) are duplicates; others contradict.
   */
  async write(
    records: readonly NewEvidence[],
    execution: string,
    seen: Map<string, string>,
  ): Promise<Persisted> {
    const fresh: NewEvidence[] = [];
    const doubtful: NewEvidence[] = [];
    for (const record of records) {
      const key = nameOf(record);
      const known = seen.get(key);
      if (known === undefined) {
        seen.set(key, record.event.hash);
        fresh.push(record);
      } else if (known !== record.event.hash) doubtful.push(record);
    }
    const contradicting: NewEvidence[] = [];
    let written = 0;
    for (const { input, existing } of await insertAll(this.#insertion(execution), fresh)) {
      const stored = existing && evidenceOf(existing);
      if (stored === null || stored.execution === execution) written += 1;
      if (stored && contradicts(input, stored)) contradicting.push(input);
    }
    contradicting.push(...(await this.#contradicting(doubtful)));
    return { written, duplicates: records.length - written, contradicting };
  }

  /** The records that differ from the stored record of their event. All events must be stored. */
  async #contradicting(records: readonly NewEvidence[]): Promise<NewEvidence[]> {
    if (records.length === 0) return [];
    const keys = new Map(records.map(record => [nameOf(record), evidenceKey(record.event)]));
    const items = await readItems(this.#handle(), [...keys.values()]);
    const stored = new Map(items.map(evidenceOf).map(each => [`${each.eventID} ${copyOf(each)}`, each]));
    return records.filter(record => {
      const known = stored.get(nameOf(record));
      if (!known) throw new TransientError(`${record.event.eventID} was written but could not be read`);
      return contradicts(record, known);
    });
  }

  #handle() {
    return { client: this.#client, table: this.#table, keys: evidenceTable };
  }

  #insertion(execution: string): InsertTarget<NewEvidence> {
    return {
      ...this.#handle(),
      itemOf: record => ({
        ...evidenceItem(record, execution),
        ...this.#retention.end(record.event.eventTime),
      }),
      wantsExisting: () => true,
    };
  }

  /** All copies of one event: at most one of each account and voucher. One Query. */
  async event(eventID: string): Promise<Evidence[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'eventID = :id',
        ExpressionAttributeValues: { ':id': { S: eventID } },
      }),
    );
    return Items.map(evidenceOf);
  }

  /** The records of calls as lists have them, in their order; a hundred a request. */
  async records(
    calls: readonly Pick<Evidence, 'eventID' | 'recipientAccountId' | 'provenance'>[],
  ): Promise<Evidence[]> {
    const keys = new Map(calls.map(call => [`${call.eventID} ${copyOf(call)}`, evidenceKey(call)]));
    const items = await readItems(this.#handle(), [...keys.values()]);
    const found = new Map(items.map(evidenceOf).map(each => [`${each.eventID} ${copyOf(each)}`, each]));
    return [...keys.keys()].flatMap(name => found.get(name) ?? []);
  }

  /** Names of the other records of one request: `request` is a sharedEventID, or the eventID that addenda complete. One Query. */
  async ofRequest(request: string): Promise<string[]> {
    const query = {
      TableName: this.#table,
      IndexName: 'byRequest',
      KeyConditionExpression: '#request = :request',
      ExpressionAttributeNames: { '#request': 'request' },
      ExpressionAttributeValues: strings({ ':request': request }),
      Limit: mostOfRequest,
    };
    const { Items = [] } = await this.#client.send(new QueryCommand(query));
    return [...new Set(Items.map(item => text(item, 'eventID')))];
  }

  /** The console session a fresh key of the console was used in; null when no such call is known. One Query. */
  async sessionOfKey(accessKeyId: string): Promise<string | null> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'byKey',
        KeyConditionExpression: 'accessKeyId = :key',
        ExpressionAttributeValues: { ':key': { S: accessKeyId } },
        Limit: 1,
      }),
    );
    return Items[0] ? text(Items[0], 'credential') : null;
  }

  /**
   * The calls made with a credential in the order of their time, page by page. `from`: a time sort key (timeSortKey) to begin
   * with; `perRequest`: calls that a request asks for.
   */
  async *calls(
    credential: string,
    options: { newestFirst?: boolean; limit?: number; from?: string; perRequest?: number } = {},
  ): AsyncGenerator<CallEntry> {
    const { from } = options;
    const query = {
      TableName: this.#table,
      IndexName: 'byCredential',
      KeyConditionExpression: from ? 'credential = :c AND #at >= :from' : 'credential = :c',
      ...(from ? { ExpressionAttributeNames: { '#at': 'at' } } : {}),
      ExpressionAttributeValues: strings({ ':c': credential, ':from': from }),
      ScanIndexForward: !options.newestFirst,
      ...(options.limit ? { Limit: options.limit } : {}),
    };
    for await (const item of pages(this.#client, query, options.perRequest)) yield callOf(item);
  }
}

/** A request reaches into a few accounts, and few addenda follow; more says that a log is forged. */
const mostOfRequest = 20;

function nameOf({ event }: NewEvidence): string {
  return `${event.eventID} ${copyOf(event)}`;
}

/** Whether a record says something else than the evidence of its event. Digests that differ may be of other bytes only. */
function contradicts({ event, text: record }: NewEvidence, stored: Evidence): boolean {
  return event.hash !== stored.digest && !isDeepStrictEqual(JSON.parse(record), JSON.parse(stored.record));
}
