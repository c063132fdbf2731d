import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './attributes.ts';

/**
 * The items of a Query, read on page by page as they are taken; with a `Limit`, that many and no more. `perRequest`: items a
 * request asks for, where few are wanted: without it DynamoDB reads a megabyte at a time.
 */
export async function* pages(
  client: DynamoDBClient,
  query: QueryCommandInput,
  perRequest?: number,
): AsyncGenerator<Item> {
  let left = query.Limit ?? Number.POSITIVE_INFINITY;
  let from: Item | undefined;
  do {
    const page: QueryCommandInput = {
      ...query,
      ...(perRequest ? { Limit: Math.min(perRequest, left) } : {}),
      ...(from ? { ExclusiveStartKey: from } : {}),
    };
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(page));
    for (const item of Items) {
      if (left <= 0) return;
      left -= 1;
      yield item;
    }
    from = LastEvaluatedKey;
  } while (from && left > 0);
}
