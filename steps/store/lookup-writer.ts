import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ListedRecord, recordName } from '../../core/linking/listed.ts';
import { type Item, text } from './attributes.ts';
import { insertAll, readItems, type TableHandle } from './insert.ts';
import { hourLength, leadsTo, segmentItem } from './lookup-items.ts';
import { keptForEver, prolongShort, type Retention } from './retention.ts';
import { lookupsTable } from './tables.ts';

/** Records of a segment, and characters that they may name: an item holds 400 KB (DynamoDB guide). */
const most = { records: 250, characters: 200_000 };
/** Leads that are known to be there; each is met again with every call to the same thing. */
const mostKnown = 20_000;

/**
 * Files the records of one execution by hour, file by file: a segment depends on its file alone, whatever the batch, so that a file
 * that is read again leaves what is there already. A lead is read before it is written: that costs a tenth, and most are there.
 */
export class LookupWriter {
  readonly #handle: TableHandle;
  readonly #retention: Retention;
  readonly #known = new Set<string>();
  #source = '';
  /** of this source: a batch may bring a file twice */
  readonly #names = new Set<string>();
  #hours = new Map<string, Open>();
  #ready: ListedRecord[][] = [];

  /** `retention`: of what is written */
  constructor(client: DynamoDBClient, table: string, retention = keptForEver) {
    this.#handle = { client, table, keys: lookupsTable };
    this.#retention = retention;
  }

  /** Takes a record; those of one file must come one after another, in the file's order. `source`: the file */
  add(record: ListedRecord, source: string): void {
    if (source !== this.#source) this.#close();
    this.#source = source;
    const name = recordName(record);
    if (this.#names.has(name)) return;
    this.#names.add(name);
    const hour = record.eventTime.slice(0, hourLength);
    const open = this.#hours.get(hour) ?? { records: [], characters: 0 };
    this.#hours.set(hour, open);
    open.records.push(record);
    open.characters += charactersOf(record);
    if (open.records.length < most.records && open.characters < most.characters) return;
    this.#ready.push(open.records);
    this.#hours.delete(hour);
  }

  /** Writes what is whole by now. */
  async settle(): Promise<void> {
    const segments = this.#ready;
    this.#ready = [];
    const leads = new Map<string, Item>();
    for (const lead of segments.flat().flatMap(record => [...leadsTo(record)])) {
      const name = nameOf(lead);
      if (!this.#known.has(name)) leads.set(name, lead);
    }
    // First what leads there: a call that is listed by its time is found by what it touched, too.
    await this.#writeLeads([...leads.values()]);
    const items = segments.map(records => ({
      ...segmentItem(records),
      ...this.#retention.end(
        records
          .map(({ eventTime }) => eventTime)
          .sort()
          .at(-1),
      ),
    }));
    const distinct = new Map(items.map(item => [nameOf(item), item]));
    await this.#insert([...distinct.values()]);
    for (const name of leads.keys()) if (this.#known.size < mostKnown) this.#known.add(name);
  }

  /** Writes the rest. */
  async finish(): Promise<void> {
    this.#close();
    await this.settle();
  }

  async #writeLeads(leads: readonly Item[]): Promise<void> {
    const there = await readItems(this.#handle, leads);
    await prolongShort(this.#handle, there, this.#retention);
    const names = new Set(there.map(nameOf));
    const missing = leads.filter(lead => !names.has(nameOf(lead)));
    await this.#insert(missing.map(lead => ({ ...lead, ...this.#retention.sharedEnd(endOf(lead)) })));
  }

  async #insert(items: readonly Item[]): Promise<void> {
    await insertAll({ ...this.#handle, itemOf: (item: Item) => item, wantsExisting: () => false }, items);
  }

  #close(): void {
    for (const { records } of this.#hours.values()) this.#ready.push(records);
    this.#hours = new Map();
    this.#names.clear();
  }
}

interface Open {
  records: ListedRecord[];
  characters: number;
}

function charactersOf({ touched, agent, eventName, errorCode }: ListedRecord): number {
  const named = touched.resources.reduce(
    (sum, { id, name, type }) => sum + id.length + name.length + type.length,
    0,
  );
  return named + (agent?.length ?? 0) + eventName.length + (errorCode?.length ?? 0);
}

/** The last moment of the hour or day that a lead leads to. */
function endOf(lead: Item): string {
  const time = text(lead, 'item');
  return time.length === hourLength ? `${time}:59:59Z` : `${time}T23:59:59Z`;
}

function nameOf(item: Item): string {
  return `${text(item, 'place')} ${text(item, 'item')}`;
}
