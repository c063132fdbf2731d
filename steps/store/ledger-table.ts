import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Delivery, FirstFile } from '../../core/coverage/hours.ts';
import { sha256 } from '../../core/hash.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { compactMillis, hourOf, isoSeconds } from '../../core/records/times.ts';
import type { LedgerFile } from '../transport/ledger-files.ts';
import { type Item, optionalText, strings, text } from './attributes.ts';
import { insertAll, readItems } from './insert.ts';
import { pages } from './pages.ts';
import { keptForEver, type Retention } from './retention.ts';
import { ledgerTable } from './tables.ts';

/** Identifies one state of a log file: the same key with other bytes is another file. */
export type FileIdentity = Pick<LedgerFile, 'bucket' | 'key' | 'etag'>;

/** A file that was processed to the end. `roles`: the hash of the audited roles it was processed for. */
export interface ProcessedFile extends FileIdentity {
  records: number;
  kept: number;
  roles: string;
  execution: string;
  /** ISO 8601 */
  at: string;
  /** see LedgerFile */
  earliest: string | null;
}

/** `reads`: it holds a call that only reads; of that its account has a mark, not the file. */
export type FileToMark = ProcessedFile & Pick<LedgerFile, 'reads' | 'sha256'>;

/** The longest sort key, in bytes (DynamoDB guide, constraints); an object key alone may have as many. */
const mostSortBytes = 1_024;

/** The log files that were processed to the end, and the hours and regions in which there were any. */
export class LedgerTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retention: Retention;

  /** `retention`: of written items */
  constructor(client: DynamoDBClient, table: string, retention = keptForEver) {
    this.#client = client;
    this.#table = table;
    this.#retention = retention;
  }

  /** Which of these files were processed for these roles already. One request per 100 files. */
  async processed<F extends FileIdentity>(files: readonly F[], roles: string): Promise<Set<F>> {
    const keys = new Map(files.map(file => [file, keyOf(file, roles)]));
    const found = new Set((await readItems(this.#handle(), [...distinct([...keys.values()])])).map(nameOf));
    return new Set(files.filter(file => found.has(nameOf(keys.get(file) ?? {}))));
  }

  /** Marks files as processed; a marked file stays unchanged. */
  async mark(files: readonly FileToMark[]): Promise<void> {
    const ending = files.flatMap(file => {
      const time = logKeyParts(file.key)?.time;
      const end = this.#retention.end(time && isoSeconds(compactMillis(time)));
      return [fileItem(file), ...hourItems(file)].map(item => ({ ...item, ...end }));
    });
    const items = distinct([...ending, ...files.flatMap(accountItems)]);
    await insertAll({ ...this.#handle(), itemOf: item => item, wantsExisting: () => false }, items);
  }

  /** The hours and regions in which something of the account was delivered between two times (ISO 8601). One Query. */
  async coverage(account: string, from: string, to: string): Promise<Delivery[]> {
    const items = this.#range(coverageOf(account), hourOf(from), `${hourOf(to)}$`);
    return Array.fromAsync(items, item => {
      const [hour = '', region = ''] = text(item, 'file').split('#');
      return { hour, region };
    });
  }

  /** The first file of an account and region: the time in its name, and how far back its records reach; null: none. One Query. */
  async first(account: string, region: string): Promise<FirstFile | null> {
    const query = { ...this.#query(`${account}#${region}`, '0', ':'), Limit: mostFirst };
    const { Items = [] } = await this.#client.send(new QueryCommand(query));
    const files = Items.map(item => ({ ...processedFile(item), time: logTime(text(item, 'file')) }));
    const [first] = files;
    if (!first) return null;
    // Two trails, or two states of one file, may have a first file of one minute.
    const earliest = files
      .filter(({ time }) => time === first.time)
      .flatMap(file => file.earliest ?? [])
      .sort();
    return { time: first.time, earliest: earliest[0] ?? null };
  }

  /** Whether the account's logs have held a call that only reads. One Query. */
  async logsReads(account: string): Promise<boolean> {
    const query = this.#query(coverageOf(account), holdsReads, holdsReads);
    const { Items = [] } = await this.#client.send(new QueryCommand(query));
    return Items.length > 0;
  }

  /** The accounts that a log file ever came from. One Query. */
  accounts(): Promise<string[]> {
    return Array.fromAsync(this.#range(accounts, '0', ':'), item => text(item, 'file'));
  }

  /** The last hour in which something of the account was delivered; null when nothing was. One Query. */
  async lastHour(account: string): Promise<string | null> {
    const query = this.#query(coverageOf(account), '0', ':');
    for await (const item of pages(this.#client, { ...query, ScanIndexForward: false, Limit: 1 })) {
      return text(item, 'file').split('#')[0] ?? null;
    }
    return null;
  }

  /** The files of an account and region, by the time in their names (`20160405T2045Z`), from `since` on. One Query. */
  async *files(account: string, region: string, since = '0'): AsyncGenerator<ProcessedFile> {
    for await (const item of this.#range(`${account}#${region}`, since, ':')) yield processedFile(item);
  }

  /** The states of one file that were processed, each for its roles. One Query. */
  async *ofFile(file: Omit<FileIdentity, 'etag'>): AsyncGenerator<ProcessedFile> {
    for await (const item of this.#statesOf(file)) yield processedFile(item);
  }

  /** SHA-256 (hex) of the text that was read under this ETag; null when it was not, or two texts were. One Query. */
  async textHash({ etag, ...file }: FileIdentity): Promise<string | null> {
    const hashes = new Set<string | null>();
    for await (const item of this.#statesOf(file))
      if (text(item, 'etag') === etag) hashes.add(optionalText(item, 'sha256'));
    const [hash = null] = hashes;
    return hashes.size === 1 ? hash : null;
  }

  #statesOf({ bucket, key }: Omit<FileIdentity, 'etag'>): AsyncGenerator<Item> {
    const { place, file } = keyOf({ bucket, key, etag: '' }, '');
    const start = file?.S?.slice(0, -1) ?? '';
    return this.#range(place?.S ?? '', start, `${start.slice(0, -1)}$`);
  }

  /** The files whose names do not say where they are from. One Query. */
  async *unnamed(): AsyncGenerator<ProcessedFile> {
    for await (const item of this.#range(unnamed, '#', '$')) yield processedFile(item);
  }

  #handle() {
    return { client: this.#client, table: this.#table, keys: ledgerTable };
  }

  #range(place: string, from: string, to: string): AsyncGenerator<Item> {
    return pages(this.#client, this.#query(place, from, to));
  }

  #query(place: string, from: string, to: string) {
    return {
      TableName: this.#table,
      KeyConditionExpression: '#place = :place AND #file BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#place': 'place', '#file': 'file' },
      ExpressionAttributeValues: strings({ ':place': place, ':from': from, ':to': to }),
    };
  }
}

const unnamed = 'unnamed';

/** Where the accounts are listed that a log file came from. */
const accounts = 'accounts';

/** In an account's coverage, behind all hours: its logs have held a call that only reads. */
const holdsReads = 'reads';

/** Files of one first minute that are looked at. */
const mostFirst = 20;

/** `20160405T2045Z#...` -> `2016-04-05T20:45:00Z` */
function logTime(file: string): string {
  return file.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z#.*$/s, '$1-$2-$3T$4:$5:00Z');
}

function coverageOf(account: string): string {
  return `coverage#${account}`;
}

function keyOf({ bucket, key, etag }: FileIdentity, roles: string): Item {
  const parts = logKeyParts(key);
  const place = parts ? `${parts.account}#${parts.region}` : unnamed;
  const file = (name: string) => `${parts?.time ?? ''}#${name}#${etag}#${roles}`;
  const whole = file(`${bucket}/${key}`);
  // CloudTrail never writes such a long key; its hash identifies it as well.
  const fits = Buffer.byteLength(whole) <= mostSortBytes;
  return strings({ place, file: fits ? whole : file(`sha256:${sha256(`${bucket}/${key}`)}`) });
}

function fileItem(file: FileToMark): Item {
  const { bucket, key, etag, roles, execution, at, records, kept, earliest } = file;
  return {
    ...keyOf(file, roles),
    ...strings({ bucket, key, etag, roles, execution, at, earliest, sha256: file.sha256 }),
    records: { N: String(records) },
    kept: { N: String(kept) },
  };
}

function hourItems({ key }: FileToMark): Item[] {
  const parts = logKeyParts(key);
  if (!parts) return [];
  const { account, region, time } = parts;
  const hour = time.slice(0, 8) + time.slice(9, 11);
  return [strings({ place: coverageOf(account), file: `${hour}#${region}` })];
}

/** Items about a whole account: that it delivers, and whether it logs reads. They do not expire. */
function accountItems({ key, reads }: FileToMark): Item[] {
  const parts = logKeyParts(key);
  if (!parts) return [];
  const { account } = parts;
  return [
    strings({ place: accounts, file: account }),
    ...(reads ? [strings({ place: coverageOf(account), file: holdsReads })] : []),
  ];
}

function processedFile(item: Item): ProcessedFile {
  return {
    bucket: text(item, 'bucket'),
    key: text(item, 'key'),
    etag: text(item, 'etag'),
    records: Number(item.records?.N),
    kept: Number(item.kept?.N),
    roles: text(item, 'roles'),
    execution: text(item, 'execution'),
    at: text(item, 'at'),
    earliest: optionalText(item, 'earliest'),
  };
}

/** The same file announced twice in one batch is one item: a request with a key twice is refused as a whole. */
function distinct(items: readonly Item[]): Item[] {
  return [...new Map(items.map(item => [nameOf(item), item])).values()];
}

function nameOf(item: Item): string {
  return JSON.stringify([item.place?.S, item.file?.S]);
}
