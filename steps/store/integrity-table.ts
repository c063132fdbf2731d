import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DigestLocation, digestLocation } from '../../core/digests/digest-key.ts';
import {
  type DigestRecord,
  digestRecord,
  type FileVerdict,
  fileVerdicts,
  findingsName,
} from '../../core/digests/records.ts';
import type { DigestResult } from '../../core/digests/verdicts.ts';
import { shortHash } from '../../core/hash.ts';
import { compactTime } from '../../core/records/times.ts';
import { type Item, optionalText, strings, text } from './attributes.ts';
import { insertAll, readItems } from './insert.ts';
import { pages } from './pages.ts';
import { keptForEver, type Retention } from './retention.ts';
import { ledgerTable } from './tables.ts';

/**
 * Results of digest checks, in the ledger table: an item per digest and finding, one per log file, verdict and ETag.
 * Items are only ever added: a file found tampered with stays so, whatever is found later.
 */
export class IntegrityTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retention: Retention;

  /** `table`: the ledger; `retention`: of written items */
  constructor(client: DynamoDBClient, table: string, retention = keptForEver) {
    this.#client = client;
    this.#table = table;
    this.#retention = retention;
  }

  /** Were these findings of this digest kept before? */
  async knows(result: DigestResult): Promise<boolean> {
    return (await readItems(this.#handle(), [digestKey(result)])).length > 0;
  }

  /** Writes the findings. The digest is written last: it means that its files are written. */
  async keep(result: DigestResult, now: Date): Promise<void> {
    const at = now.toISOString();
    await this.#insert(distinct(fileVerdicts(result, at).map(fileItem)));
    const record = digestRecord(result, at);
    const { uri, startTime, problem, reason, chain, hash, signature, files, tampered } = record;
    const counts = { files: { N: String(files) }, tampered: { N: String(tampered) } };
    const texts = strings({
      uri,
      startTime,
      endTime: record.endTime,
      problem,
      reason,
      chain,
      hash,
      signature,
      at,
    });
    await this.#insert([{ ...digestKey(result), ...texts, ...counts }]);
  }

  /** All that digests said of a log file. One Query. */
  file(bucket: string, key: string): Promise<FileVerdict[]> {
    const items = this.#range(filePartition(bucket, key), '!', '~');
    return Array.fromAsync(items, item => fileVerdict(item, bucket, key));
  }

  /** The digests of an account and region that ended between two times (ISO 8601). One Query. */
  digests(account: string, region: string, from: string, to: string): Promise<DigestRecord[]> {
    const partition = digestPartition({ account, region });
    return Array.fromAsync(this.#range(partition, compactTime(from), `${compactTime(to)}~`), recordOf);
  }

  /** Whether a digest was checked, and trusted, before. One Query. */
  async seen(bucket: string, key: string): Promise<boolean> {
    const location = digestLocation(key);
    if (!location) return false;
    for await (const item of this.#range(
      digestPartition(location),
      `${location.time}#`,
      `${location.time}$`,
    )) {
      const { uri, hash } = recordOf(item);
      if (uri === `s3://${bucket}/${key}` && hash !== null) return true;
    }
    return false;
  }

  #handle() {
    return { client: this.#client, table: this.#table, keys: ledgerTable };
  }

  async #insert(items: readonly Item[]): Promise<void> {
    const itemOf = (item: Item) => ({ ...item, ...this.#retention.end() });
    await insertAll({ ...this.#handle(), itemOf, wantsExisting: () => false }, items);
  }

  #range(partition: string, from: string, to: string): AsyncGenerator<Item> {
    return pages(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: '#place = :place AND #file BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#place': 'place', '#file': 'file' },
      ExpressionAttributeValues: strings({ ':place': partition, ':from': from, ':to': to }),
    });
  }
}

function digestPartition({ account, region }: Pick<DigestLocation, 'account' | 'region'>): string {
  return `digests#${account}#${region}`;
}

function filePartition(bucket: string, key: string): string {
  return `integrity#s3://${bucket}/${key}`;
}

function digestKey(result: DigestResult): Item {
  const { bucket, key, location, hash } = result;
  const name = shortHash([bucket, key, hash, findingsName(result)]);
  return strings({ place: digestPartition(location), file: `${location.time}#${name}` });
}

function fileItem(file: FileVerdict): Item {
  const { bucket, key, etag, verdict, problem, reason, digest, at } = file;
  return strings({
    place: filePartition(bucket, key),
    file: `${verdict}#${shortHash([etag, problem, digest])}`,
    ...{ etag, verdict, problem, reason, digest, at },
  });
}

function fileVerdict(item: Item, bucket: string, key: string): FileVerdict {
  return {
    ...{ bucket, key, etag: optionalText(item, 'etag') },
    verdict: text(item, 'verdict') as FileVerdict['verdict'],
    ...{ problem: optionalText(item, 'problem'), reason: optionalText(item, 'reason') },
    ...{ digest: text(item, 'digest'), at: text(item, 'at') },
  };
}

function recordOf(item: Item): DigestRecord {
  return {
    ...{ uri: text(item, 'uri'), startTime: optionalText(item, 'startTime'), endTime: text(item, 'endTime') },
    ...{ problem: optionalText(item, 'problem'), reason: optionalText(item, 'reason') },
    chain: text(item, 'chain') as DigestRecord['chain'],
    ...{ hash: optionalText(item, 'hash'), signature: optionalText(item, 'signature'), at: text(item, 'at') },
    ...{ files: Number(item.files?.N), tampered: Number(item.tampered?.N) },
  };
}

/** A digest that names a file twice is one item: a request with a key twice is refused as a whole. */
function distinct(items: readonly Item[]): Item[] {
  return [...new Map(items.map(item => [JSON.stringify([item.place?.S, item.file?.S]), item])).values()];
}
