import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type ListedRecord, recordName } from '../../core/linking/listed.ts';
import type { TimeSpan } from '../../core/records/times.ts';
import { isCalled, placesAsked } from '../../core/resources/filed.ts';
import { type Item, strings, text } from './attributes.ts';
import {
  addressPlace,
  callsPlace,
  dayLength,
  daysPlace,
  hourLength,
  recordsIn,
  resourcePlace,
} from './lookup-items.ts';
import { pages } from './pages.ts';

/** Finds records by time, by what they touched and by where they came from: newest first, each once, read as they are taken. */
export class LookupsTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** All records. One Query for the days, and one for each day that is read. `until`: a time, or the name of a record (recordName) to continue with. */
  async *newestFirst(span: TimeSpan = {}): AsyncGenerator<ListedRecord> {
    const { since, until } = bounds(span);
    for await (const day of this.#times(daysPlace, {
      since: since.slice(0, dayLength),
      until: until.slice(0, dayLength),
    })) {
      const from = since.slice(0, dayLength) === day ? since.slice(dayLength + 1, hourLength) : '';
      const to = until.slice(0, dayLength) === day ? until.slice(dayLength + 1, hourLength) : '';
      yield* this.#records(day, from || '00', to || '23', span);
    }
  }

  /** Records of calls that touched what is called so, in any case: an ARN, a name, its end. Up to three Queries for the hours, and one for each that is read. */
  async *ofResource(name: string, span: TimeSpan = {}): AsyncGenerator<ListedRecord> {
    const touches = ({ touched }: ListedRecord) =>
      touched.resources.some(resource => isCalled(resource, name));
    yield* this.#led(placesAsked(name).map(resourcePlace), span, touches);
  }

  /** Records of calls from this address, in any case. One Query for the hours, and one for each that is read. */
  async *ofAddress(address: string, span: TimeSpan = {}): AsyncGenerator<ListedRecord> {
    const place = addressPlace(address);
    yield* this.#led([place], span, each => addressPlace(each.sourceIPAddress ?? '') === place);
  }

  async *#led(
    places: readonly string[],
    span: TimeSpan,
    isMeant: (record: ListedRecord) => boolean,
  ): AsyncGenerator<ListedRecord> {
    const { since, until } = bounds(span);
    const within = { since: since.slice(0, hourLength), until: until.slice(0, hourLength) };
    const lists = await Promise.all(places.map(place => Array.fromAsync(this.#times(place, within))));
    for (const hour of [...new Set(lists.flat())].sort().reverse()) {
      const [day, of] = [hour.slice(0, dayLength), hour.slice(dayLength + 1)];
      for await (const record of this.#records(day, of, of, span)) if (isMeant(record)) yield record;
    }
  }

  /** The days or hours that a place leads to, newest first. */
  async *#times(place: string, { since, until }: { since: string; until: string }): AsyncGenerator<string> {
    for await (const item of this.#newest(place, since || '0', `${until}~`)) yield text(item, 'item');
  }

  /** The records of some hours of a day. Those of an hour are sorted together: files overlap. */
  async *#records(day: string, from: string, to: string, span: TimeSpan): AsyncGenerator<ListedRecord> {
    let hour = '';
    let segments: Item[] = [];
    for await (const item of this.#newest(callsPlace(day), `${from}#`, `${to}$`)) {
      const of = text(item, 'item').slice(0, 2);
      if (of !== hour) {
        yield* inTime(segments, span);
        segments = [];
      }
      hour = of;
      segments.push(item);
    }
    yield* inTime(segments, span);
  }

  #newest(place: string, from: string, to: string): AsyncGenerator<Item> {
    const query: QueryCommandInput = {
      TableName: this.#table,
      KeyConditionExpression: 'place = :place AND #item BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: strings({ ':place': place, ':from': from, ':to': to }),
      ScanIndexForward: false,
    };
    return pages(this.#client, query);
  }
}

function bounds({ since = '', until = '9999-12-31T23' }: TimeSpan): { since: string; until: string } {
  return { since, until };
}

/** One event in two files is in two segments: it is listed once. */
function inTime(segments: readonly Item[], { since = '', until = '~' }: TimeSpan): ListedRecord[] {
  const records = new Map<string, ListedRecord>();
  for (const record of segments.flatMap(recordsIn)) {
    const name = recordName(record);
    if (name >= since && name <= until) records.set(name, record);
  }
  return [...records].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, record]) => record);
}
