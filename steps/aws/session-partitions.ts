import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type Item, strings } from './attributes.ts';
import { pages } from './pages.ts';
import { answerPrefix, childPrefix, issuancePrefix, usePrefix } from './session-item.ts';

/** Items of a credential that are read in one go. */
const mostTogether = 50;

/**
 * Reads the items of one credential, strongly consistent. Names sort child#, issuance#, session#, use#: so a credential with
 * many children costs little more to read than one without.
 */
export class SessionPartitions {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** All there is of it, which nearly always is little: one Query instead of two. Null: it is more. */
  async whole(credential: string): Promise<Item[] | null> {
    const query = this.#range(credential, childPrefix, usePrefix);
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({ ...query, Limit: mostTogether }),
    );
    return LastEvaluatedKey ? null : Items;
  }

  withoutChildren(credential: string): AsyncGenerator<Item> {
    return pages(this.#client, this.#range(credential, issuancePrefix, usePrefix));
  }

  children(credential: string): AsyncGenerator<Item> {
    return pages(this.#client, this.#range(credential, childPrefix, childPrefix));
  }

  answers(credential: string): AsyncGenerator<Item> {
    return pages(this.#client, this.#range(credential, answerPrefix, answerPrefix));
  }

  /** From the first name with one prefix to the last with another: `$` follows `#`. */
  #range(credential: string, first: string, last: string): QueryCommandInput {
    return {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'credential = :c AND #item BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: strings({ ':c': credential, ':from': first, ':to': last.replace('#', '$') }),
    };
  }
}
