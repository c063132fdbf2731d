import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { AuditError, TransientError } from '../errors.ts';
import { inParallel } from '../linking/parallel.ts';
import { type Item, insertStatement } from './attributes.ts';

/** Statements a BatchExecuteStatement takes (DynamoDB guide, PartiQL batching). */
const mostStatements = 25;
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

/** What became of an item: written now, or already there (as `existing` has it). */
export type Inserted<T> = { input: T; existing: Item | null };

/**
 * Inserts items that are not there yet, 25 a request; first write wins, nothing is overwritten. `itemOf` makes an
 * input's item; the inputs must have distinct keys. Single statements that were throttled are tried again with jitter.
 * Throws TransientError when they stay so, AuditError `InsertRefused` for any other error of a statement.
 */
export async function insertAll<T>(
  client: DynamoDBClient,
  table: string,
  inputs: readonly T[],
  itemOf: (input: T) => Item,
): Promise<Inserted<T>[]> {
  const batches: T[][] = [];
  for (let at = 0; at < inputs.length; at += mostStatements)
    batches.push(inputs.slice(at, at + mostStatements));
  const results = await inParallel(batches, requestsAtOnce, batch =>
    insertBatch(client, table, batch, itemOf),
  );
  return results.flat();
}

async function insertBatch<T>(
  client: DynamoDBClient,
  table: string,
  batch: T[],
  itemOf: (input: T) => Item,
): Promise<Inserted<T>[]> {
  const done: Inserted<T>[] = [];
  let open = batch;
  for (let tries = 0; open.length > 0; tries += 1) {
    if (tries === mostTries)
      throw new TransientError(`${open.length} inserts into ${table} stayed throttled`);
    if (tries > 0) await delay(Math.random() * 50 * 2 ** tries);
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
      else done.push({ input, existing: outcome === 'written' ? null : (Responses[index]?.Item ?? {}) });
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
