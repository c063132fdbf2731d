import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { mostClaimedChildren, mostClaims, mostIssuances, mostUses } from '../../core/linking/bounds.ts';
import { type Item, strings, text } from './attributes.ts';
import { pages } from './pages.ts';
import {
  answerPrefix,
  childPrefix,
  issuancePrefix,
  usePrefix,
  wordChildPrefix,
  wordPrefix,
} from './session-item.ts';

/** Items of a credential that are read in one go. */
const mostTogether = 50;

/**
 * Reads the items of one credential, strongly consistent. Names sort child#, issuance#, session#, use#, word#, word-child#: so
 * a credential with many children costs little more to read than one without. Of facts the first by name are read, of each
 * partner's its own: so no log and no partner makes a credential longer to read than its bounds (core/linking/bounds.ts).
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
    const query = this.#range(credential, childPrefix, wordChildPrefix);
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({ ...query, Limit: mostTogether }),
    );
    if (LastEvaluatedKey) return null;
    const counts = new Map<string, number>();
    return Items.filter(item => isWithin(item, counts));
  }

  withoutChildren(credential: string): AsyncGenerator<Item> {
    return this.#bounded(credential, issuancePrefix, wordPrefix);
  }

  async *children(credential: string): AsyncGenerator<Item> {
    yield* pages(this.#client, this.#range(credential, childPrefix, childPrefix));
    yield* this.#bounded(credential, wordChildPrefix, wordChildPrefix);
  }

  /** If a group exceeds its limit, the rest of it is not read. */
  async *#bounded(credential: string, first: string, last: string): AsyncGenerator<Item> {
    const counts = new Map<string, number>();
    let from: string | null = first;
    while (from !== null) {
      const items = pages(this.#client, this.#range(credential, from, last));
      from = null;
      for await (const item of items) {
        if (isWithin(item, counts)) yield item;
        else {
          from = after(groupOf(text(item, 'item')));
          break;
        }
      }
    }
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

/** Whether the item is one of the first of its group; counts it. */
function isWithin(item: Item, counts: Map<string, number>): boolean {
  const group = groupOf(text(item, 'item'));
  const count = (counts.get(group) ?? 0) + 1;
  counts.set(group, count);
  return count <= (mostOf[group.slice(0, group.indexOf('#') + 1)] ?? Number.POSITIVE_INFINITY);
}

/** One more than the limit, to detect that there are more. */
const mostOf: Record<string, number> = {
  [issuancePrefix]: mostIssuances + 1,
  [usePrefix]: mostUses + 1,
  [wordPrefix]: mostClaims,
  [wordChildPrefix]: mostClaimedChildren,
};

/** The common prefix of a group; claims have one group per partner. */
function groupOf(name: string): string {
  return /^word(?:-child)?#[^#]*#/.exec(name)?.[0] ?? name.slice(0, name.indexOf('#') + 1);
}

/** What follows all names of a group: `$` follows `#`. */
function after(group: string): string {
  return `${group.slice(0, -1)}$`;
}
