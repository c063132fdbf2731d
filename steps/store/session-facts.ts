import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { BatchFacts } from '../../core/linking/facts.ts';
import { type Use, widen } from '../../core/linking/use.ts';
import { inParallel } from '../../core/parallel.ts';
import { type Item, strings, text } from './attributes.ts';
import { insertAll } from './insert.ts';
import { attemptItem } from './refused-table.ts';
import { prolongShort, type Retention } from './retention.ts';
import {
  childItem,
  issuanceItem,
  useItem,
  useOfItem,
  usePrefix,
  useTimeNames,
  wordChildItem,
} from './session-item.ts';
import { sessionsTable } from './tables.ts';

const requestsAtOnce = 16;

interface FactItem {
  item: Item;
  /** of the event, if the fact has one */
  time?: string;
  use?: Use;
}

/** Writes a batch's facts, each once; of a use that is there already the times are widened. */
export async function writeFacts(
  client: DynamoDBClient,
  table: string,
  facts: BatchFacts,
  retention: Retention,
): Promise<void> {
  const handle = { client, table, keys: sessionsTable };
  const inserted = await insertAll(
    {
      ...handle,
      itemOf: each => ({ ...each.item, ...retention.sharedEnd(each.time) }),
      wantsExisting: each => each.use !== undefined || retention.isLimited,
    },
    itemsOf(facts),
  );
  const again = inserted.map(({ existing }) => existing).filter(item => item !== null);
  await prolongShort(handle, again, retention);
  const known = inserted.filter(({ input, existing }) => input.use && existing);
  await inParallel(known, requestsAtOnce, async ({ input, existing }) => {
    if (input.use && existing)
      await widenUse(client, table, text(input.item, 'credential'), input.use, existing);
  });
}

function itemsOf(facts: BatchFacts): FactItem[] {
  const items: FactItem[] = [];
  for (const [credential, issuances] of facts.issuances) {
    for (const issuance of issuances) {
      items.push({ item: issuanceItem(credential, issuance), time: issuance.eventTime });
    }
  }
  for (const [credential, children] of facts.children) {
    for (const child of children) items.push({ item: childItem(credential, child) });
  }
  for (const [credential, children] of facts.claimedChildren) {
    for (const child of children) items.push({ item: wordChildItem(credential, child) });
  }
  for (const [credential, uses] of facts.uses) {
    for (const use of uses) items.push({ item: useItem(credential, use), time: use.lastSeen, use });
  }
  for (const attempt of facts.refused) items.push({ item: attemptItem(attempt), time: attempt.eventTime });
  return items;
}

/** Widens the times of a use that is there already; another execution may be widening it as well. */
async function widenUse(
  client: DynamoDBClient,
  table: string,
  credential: string,
  use: Use,
  existing: Item,
): Promise<void> {
  let stored = existing;
  for (;;) {
    const known = useOfItem(stored);
    const wide = widen(known, use);
    const names = useTimeNames.filter(name => wide[name] !== known[name]);
    if (names.length === 0) return;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: strings({ credential, item: usePrefix + use.hash }),
          UpdateExpression: `SET ${names.map(name => `${name} = :${name}`).join(', ')}`,
          ConditionExpression: names.map(name => `${name} = :known${name}`).join(' AND '),
          ExpressionAttributeValues: strings(
            Object.fromEntries(
              names.flatMap(name => [
                [`:${name}`, wide[name]],
                [`:known${name}`, known[name]],
              ]),
            ),
          ),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
      stored = error.Item;
    }
  }
}
