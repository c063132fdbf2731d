import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../core/parallel.ts';
import { dayMillis } from '../../core/records/times.ts';
import { readCount } from '../runtime/environment.ts';
import type { Item } from './attributes.ts';
import type { TableHandle } from './insert.ts';
import { endAttribute } from './tables.ts';

/** Slack in days for items that must not end apart: what arrives within a week is written once, and not extended at once. */
const slackDays = 7;
const updatesAtOnce = 16;

/**
 * How long items of evidence, sessions and ledger are kept. The end of an item is a separate attribute: no answer is derived from
 * it, and nothing that compares items looks at it.
 */
export class Retention {
  readonly #days: number | null;
  readonly #now: () => number;

  /** `days`: null: without end; `now`: milliseconds since 1970 */
  constructor(days: number | null, now: () => number = Date.now) {
    this.#days = days;
    this.#now = now;
  }

  get isLimited(): boolean {
    return this.#days !== null;
  }

  /** The end of an item that is never written again: so many days after its event (ISO 8601) or now, whichever is later. */
  end(eventTime?: string | null): Item {
    return this.#end(eventTime, 0);
  }

  /** The end of an item that others need: a few days more, within which it is not prolonged for them. */
  sharedEnd(eventTime?: string | null): Item {
    return this.#end(eventTime, slackDays);
  }

  /** Whether the item ends sooner than one that is written now has to. One without an end never does. */
  isShort(item: Item): boolean {
    const end = item[endAttribute]?.N;
    return this.#days !== null && end !== undefined && Number(end) < this.#seconds(this.#now(), this.#days);
  }

  #end(eventTime: string | null | undefined, more: number): Item {
    if (this.#days === null) return {};
    const event = eventTime ? Date.parse(eventTime) : Number.NaN;
    const now = this.#now();
    const later = event > now ? event : now;
    return { [endAttribute]: { N: String(this.#seconds(later, this.#days + more)) } };
  }

  #seconds(from: number, days: number): number {
    return Math.ceil((from + days * dayMillis) / 1000);
  }
}

/** Nothing expires. */
export const keptForEver = new Retention(null);

/** A variable that holds the days, or `unlimited`: RETENTION_DAYS. */
export function readRetention(value: string): Retention {
  return value === 'unlimited' ? keptForEver : new Retention(readCount('RETENTION_DAYS', value));
}

/** Extends the items that end too early to the end of an item written now. */
export async function prolongShort(
  handle: TableHandle,
  items: readonly Item[],
  retention: Retention,
): Promise<void> {
  await prolong(
    handle,
    items.filter(item => retention.isShort(item)),
    retention,
  );
}

/** Extends items to the end of an item written now, if theirs is earlier; an item that is deleted, or has no end, stays so. */
export async function prolong(
  { client, table, keys }: TableHandle,
  items: readonly Item[],
  retention: Retention,
): Promise<void> {
  const { [endAttribute]: end } = retention.sharedEnd();
  await inParallel(items, updatesAtOnce, async item => {
    const { [keys.partition]: partition, [keys.sort]: sort } = item;
    if (!partition || !sort || !end) return;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { [keys.partition]: partition, [keys.sort]: sort },
          UpdateExpression: 'SET #end = :end',
          // Never sooner, also where another execution prolongs it at the same time.
          ConditionExpression: '#end < :end',
          ExpressionAttributeNames: { '#end': endAttribute },
          ExpressionAttributeValues: { ':end': end },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  });
}
