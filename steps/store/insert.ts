import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { batchesOf, inParallel } from '../../core/parallel.ts';
import { AuditError, TransientError } from '../runtime/errors.ts';
import { type Item, insertStatement } from './attributes.ts';
import type { KeySchema } from './tables.ts';

/** Statements a BatchExecuteStatement takes, and items a BatchGetItem (DynamoDB guide). */
const mostStatements = 25;
const mostReads = 100;
const requestsAtOnce = 8;
const mostTries = 8;

// Errors of single statements that may pass; the others in the request are done.
const passing = new Set([
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionConflict',
]);

export interface TableHandle {
  client: DynamoDBClient;
  table: string;
  keys: KeySchema;
}

export interface InsertTarget<T> extends TableHandle {
  itemOf(input: T): Item;
  /** whether the item that is already there is wanted, should there be one */
  wantsExisting(input: T): boolean;
}

/** What became of an item. `existing`: the item that was there already, or null when this one was written. */
export type Inserted<T> = { input: T; duplicate: boolean; existing: Item | null };

/**
 * Inserts items that are not there yet, 25 a request; first write wins, nothing is overwritten. The inputs must have
 * distinct keys. Single statements that were throttled are tried again with jitter. Throws TransientError when they stay
 * so, AuditError `InsertRefused` for any other error of a statement.
 */
export async function insertAll<T>(target: InsertTarget<T>, inputs: readonly T[]): Promise<Inserted<T>[]> {
  const batches = batchesOf(inputs, mostStatements);
  const inserted = (await inParallel(batches, requestsAtOnce, batch => insertBatch(target, batch))).flat();
  await readExisting(target, inserted);
  return inserted;
}

async function insertBatch<T>(target: InsertTarget<T>, batch: T[]): Promise<Inserted<T>[]> {
  const { client, table, itemOf } = target;
  const done: Inserted<T>[] = [];
  let open = batch;
  for (let tries = 0; open.length > 0; tries += 1) {
    await backOff(tries, `${open.length} inserts into ${table} stayed throttled`);
    const Statements = open.map(input => insertStatement(table, itemOf(input)));
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements }));
    if (Responses.length !== open.length) {
      throw new AuditError(
        'InsertRefused',
        `${table} answered ${Responses.length} of ${open.length} inserts`,
      );
    }
    const again: T[] = [];
    for (const [index, input] of open.entries()) {
      const outcome = outcomeOf(Responses[index], table);
      if (outcome === 'again') again.push(input);
      else {
        const existing = Responses[index]?.Error?.Item ?? null;
        done.push({ input, duplicate: outcome === 'duplicate', existing });
      }
    }
    open = again;
  }
  return done;
}

function outcomeOf(
  response: BatchStatementResponse | undefined,
  table: string,
): 'written' | 'duplicate' | 'again' {
  const error = response?.Error;
  if (!error) return 'written';
  const code = error.Code ?? 'Unknown';
  if (code === 'DuplicateItem' || code === 'ConditionalCheckFailed') return 'duplicate';
  if (passing.has(code)) return 'again';
  throw new AuditError('InsertRefused', `${table} refused an item: ${code}: ${error.Message}`);
}

/** Reads the items that were there already, where the refusal did not bring them along. */
async function readExisting<T>(target: InsertTarget<T>, inserted: Inserted<T>[]): Promise<void> {
  const { keys, itemOf, wantsExisting } = target;
  const missing = inserted.filter(each => each.duplicate && !each.existing && wantsExisting(each.input));
  await inParallel(batchesOf(missing, mostReads), requestsAtOnce, async batch => {
    const byKey = new Map(batch.map(each => [nameOf(itemOf(each.input), keys), each]));
    for (const item of await getAll(
      target,
      [...byKey.values()].map(each => itemOf(each.input)),
    )) {
      const each = byKey.get(nameOf(item, keys));
      if (each) each.existing = item;
    }
  });
  const gone = missing.find(each => !each.existing);
  if (gone) throw new TransientError(`an item of ${target.table} is a duplicate but could not be read`);
}

/** The items of these keys that are there, strongly consistent, 100 a request. The keys must be distinct. */
export async function readItems(handle: TableHandle, items: readonly Item[]): Promise<Item[]> {
  const batches = batchesOf(items, mostReads);
  return (await inParallel(batches, requestsAtOnce, batch => getAll(handle, batch))).flat();
}

async function getAll({ client, table, keys }: TableHandle, items: readonly Item[]): Promise<Item[]> {
  const found: Item[] = [];
  let open: Item[] = items.map(item => keyOf(item, keys));
  for (let tries = 0; open.length > 0; tries += 1) {
    await backOff(tries, `${open.length} reads of ${table} stayed throttled`);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: open, ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[table] ?? []));
    open = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
}

async function backOff(tries: number, sentence: string): Promise<void> {
  if (tries === mostTries) throw new TransientError(sentence);
  if (tries > 0) await delay(Math.random() * 50 * 2 ** tries);
}

function keyOf(item: Item, { partition, sort }: KeySchema): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name === partition || name === sort));
}

function nameOf(item: Item, { partition, sort }: KeySchema): string {
  return JSON.stringify([item[partition]?.S, item[sort]?.S]);
}
