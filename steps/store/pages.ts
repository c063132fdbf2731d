import { type DynamoDBClient, paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './attributes.ts';

/**
 * The items of a Query, read on page by page as they are taken; with a `Limit`, that many and no more. `perRequest`: items a
 * request asks for, where few are wanted: without it DynamoDB reads a megabyte at a time.
 */
export async function* pages(
  client: DynamoDBClient,
  { Limit = Number.POSITIVE_INFINITY, ...query }: QueryCommandInput,
  perRequest = Number.POSITIVE_INFINITY,
): AsyncGenerator<Item> {
  const pageSize = Math.min(perRequest, Limit);
  let left = Limit;
  for await (const { Items = [] } of paginateQuery(
    { client, ...(Number.isFinite(pageSize) && { pageSize }) },
    query,
  )) {
    yield* Items.slice(0, left);
    left -= Items.length;
    if (left <= 0) return;
  }
}
