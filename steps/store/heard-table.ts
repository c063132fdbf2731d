import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Heard, heardName } from '../../core/coverage/quiet.ts';
import type { BatchFacts } from '../../core/linking/facts.ts';
import { inParallel } from '../../core/parallel.ts';
import { optionalText, strings, text } from './attributes.ts';
import { pages } from './pages.ts';

/** The partition of the sessions table that says who was heard; no credential has such a name. */
const partition = 'heard';
// Behind all that a credential's own partition is read for: a forged key called `heard` takes none of them for its own.
const partnerPrefix = '~partner#';
const quietPrefix = '~quiet#';
const requestsAtOnce = 8;

/** The time of each partner's latest event, and who is reported as quiet. These items do not expire: there is one per account. */
export class HeardTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  /** `table`: that of the sessions */
  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Notes the time of each partner's latest event: the same in whatever order they come. */
  async hear(partners: ReadonlyMap<string, string>): Promise<void> {
    await inParallel([...partners], requestsAtOnce, async ([account, time]) => {
      try {
        await this.#set(partnerPrefix + account, time, 'attribute_not_exists(#at) OR #at < :at');
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }

  /** The partners that were heard. One Query. */
  partners(): Promise<Heard[]> {
    return Array.fromAsync(this.#range(partnerPrefix), item => ({
      by: 'partner' as const,
      account: text(item, 'item').slice(partnerPrefix.length),
      until: text(item, 'at'),
    }));
  }

  /** Who is reported as quiet, by name, and until when they were heard. One Query. */
  async told(): Promise<Map<string, string>> {
    const told = new Map<string, string>();
    for await (const item of this.#range(quietPrefix)) {
      const until = optionalText(item, 'at');
      if (until !== null) told.set(text(item, 'item').slice(quietPrefix.length), until);
    }
    return told;
  }

  async isQuiet(heard: Heard): Promise<void> {
    await this.#set(quietPrefix + heardName(heard), heard.until);
  }

  /** `name`: as `told` gives it */
  async isQuietNoMore(name: string): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: strings({ credential: partition, item: quietPrefix + name }),
        UpdateExpression: 'REMOVE #at',
        ExpressionAttributeNames: { '#at': 'at' },
      }),
    );
  }

  async #set(item: string, at: string, ConditionExpression?: string): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: strings({ credential: partition, item }),
        UpdateExpression: 'SET #at = :at',
        ...(ConditionExpression && { ConditionExpression }),
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: strings({ ':at': at }),
      }),
    );
  }

  #range(prefix: string) {
    return pages(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'credential = :heard AND begins_with(#item, :prefix)',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: strings({ ':heard': partition, ':prefix': prefix }),
    });
  }
}

/** The partners whose events these facts are from, and the time of the latest of each. */
export function partnersOf({ issuances, refused }: BatchFacts): Map<string, string> {
  const latest = new Map<string, string>();
  const events = [...[...issuances.values()].flat(), ...refused];
  for (const { provenance, recipientAccountId: account, eventTime } of events) {
    if (provenance === 'partner' && eventTime > (latest.get(account) ?? '')) latest.set(account, eventTime);
  }
  return latest;
}
