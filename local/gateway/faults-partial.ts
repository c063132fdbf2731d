import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../contract.ts';
import { parseInput, readBody, readOperation, withBody } from './json.ts';

/** What of a batch is left out, and how to answer it. */
export type Partial =
  | { operation: 'BatchExecuteStatement'; carriedOut: number; count: number }
  | { operation: 'BatchGetItem'; table: string; keys: unknown[]; request: Record<string, unknown> };

/** Requests that may be carried out in part. `TransactWriteItems` is refused as a whole: see {@link halved}. */
export const divisible = ['BatchExecuteStatement', 'BatchGetItem', 'TransactWriteItems', 'PutEvents'];

/**
 * The request with the first half of its batch, and what is left out: statements that were throttled, keys that were
 * not processed. A single statement cannot be halved: it is carried out and reported as throttled. Throws ServiceError for a transaction, which another one is in the way of.
 */
export async function halved(request: IncomingMessage): Promise<{ request: IncomingMessage; rest: Partial }> {
  const operation = readOperation(request);
  const input = parseInput(await readBody(request));
  if (operation === 'BatchExecuteStatement') {
    const statements = input.Statements as unknown[];
    const kept = Math.ceil(statements.length / 2);
    return {
      request: withInput(request, { ...input, Statements: statements.slice(0, kept) }),
      rest: { operation, carriedOut: kept > 1 ? kept : 0, count: statements.length },
    };
  }
  if (operation === 'BatchGetItem') {
    const [[table, wanted] = ['', { Keys: [] as unknown[] }]] = Object.entries(
      input.RequestItems as Record<string, { Keys: unknown[] }>,
    );
    const kept = Math.ceil(wanted.Keys.length / 2);
    const body = { ...input, RequestItems: { [table]: { ...wanted, Keys: wanted.Keys.slice(0, kept) } } };
    const { Keys, ...others } = wanted;
    return {
      request: withInput(request, body),
      rest: { operation, table, keys: Keys.slice(kept), request: others },
    };
  }
  if (operation === 'TransactWriteItems') {
    throw new ServiceError('TransactionCanceledException', 'Transaction cancelled: [TransactionConflict]');
  }
  throw new ServiceError('ThrottlingException', 'Rate exceeded');
}

/** The answer of the first half with the other half in it, as DynamoDB says of it (API reference). */
export function restored(answer: string, rest: Partial): string {
  const body = JSON.parse(answer) as Record<string, unknown>;
  if (rest.operation === 'BatchGetItem') {
    const { table, keys, request } = rest;
    return JSON.stringify({
      ...body,
      UnprocessedKeys: keys.length > 0 ? { [table]: { ...request, Keys: keys } } : {},
    });
  }
  const { carriedOut, count } = rest;
  const answered = (body.Responses as unknown[]).slice(0, carriedOut);
  const throttled = { Error: { Code: 'ThrottlingError', Message: 'Rate exceeded' } };
  return JSON.stringify({ ...body, Responses: [...answered, ...Array(count - carriedOut).fill(throttled)] });
}

function withInput(request: IncomingMessage, input: object): IncomingMessage {
  return withBody(request, Buffer.from(JSON.stringify(input)));
}
