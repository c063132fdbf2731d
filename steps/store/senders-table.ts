import { setTimeout as delay } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { TransientError } from '../runtime/errors.ts';
import type { Item } from './attributes.ts';
import { sendersTable } from './tables.ts';

/** Entries that one sender's refusals fill in an hour; the last of them counts the rest (see steps/store/withheld.ts). */
export const mostAnHour = 100;

/** What of one sender's refusals goes into quarantine. `withheld`: all of this hour that did not, these included. */
export interface Allotted {
  kept: number;
  withheld: number;
}

const mostTries = 20;
/** The hour has passed by then, and the item is no longer needed. */
const expiresAfterSeconds = 48 * 3600;

/** How many refusals of each sender were kept in each hour: one small item, whatever the sender sends. */
export class SendersTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Of `wanted` refusals, how many may be kept. The same for the same `whose` (an execution, an invocation of intake),
   * however often it asks: what it was given is written down. Throws TransientError when others ask all the time.
   */
  async allot(sender: string, at: Date, whose: string, wanted: number): Promise<Allotted> {
    const hour = `${sender}#${at.toISOString().slice(0, 13)}`;
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (tries > 0) await delay(Math.random() * 20 * tries);
      const { Item: item } = await this.#client.send(
        new GetItemCommand({ TableName: this.#table, Key: { sender: { S: hour } }, ConsistentRead: true }),
      );
      const known = countsOf(item);
      const given = known.given[whose];
      if (given !== undefined) return { kept: given, withheld: known.withheld };
      const kept = Math.min(wanted, mostAnHour - 1 - known.kept);
      const next = { kept: known.kept + kept, withheld: known.withheld + wanted - kept };
      // Who was given nothing is not written down: so the item stays small. Asking again, it is counted again.
      const all = kept > 0 ? { ...known.given, [whose]: kept } : known.given;
      if (await this.#replace(hour, item && known, { ...next, given: all }, at)) {
        return { kept, withheld: next.withheld };
      }
    }
    throw new TransientError(`what account ${sender} sent was counted by others ${mostTries} times in a row`);
  }

  async #replace(hour: string, seen: Counted | undefined, next: Counted, at: Date): Promise<boolean> {
    const condition = seen
      ? {
          ConditionExpression: 'kept = :kept AND withheld = :withheld',
          ExpressionAttributeValues: { ':kept': number(seen.kept), ':withheld': number(seen.withheld) },
        }
      : { ConditionExpression: 'attribute_not_exists(sender)' };
    const Item = {
      [sendersTable.partition]: { S: hour },
      kept: number(next.kept),
      withheld: number(next.withheld),
      given: { S: JSON.stringify(next.given) },
      [sendersTable.ttl]: number(Math.floor(at.getTime() / 1000) + expiresAfterSeconds),
    };
    try {
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

interface Counted extends Allotted {
  given: Record<string, number>;
}

function countsOf(item: Item | undefined): Counted {
  return {
    kept: Number(item?.kept?.N ?? 0),
    withheld: Number(item?.withheld?.N ?? 0),
    given: JSON.parse(item?.given?.S ?? '{}') as Record<string, number>,
  };
}

function number(value: number) {
  return { N: String(value) };
}
