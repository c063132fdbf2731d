import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CredentialAnswers } from '../../core/linking/session-answer.ts';
import { type Item, text } from './attributes.ts';
import { GroupCommit } from './group-commit.ts';
import { insertAll } from './insert.ts';
import { nameItems } from './name-item.ts';
import { prolongShort, type Retention } from './retention.ts';
import { sessionsTable } from './tables.ts';

/** Roles, days and ids that are known to be there; each is met again with every session of theirs. */
const mostKnown = 10_000;

/** Writes what finds answers, each item once, 25 a request over all credentials that are answered at once. */
export class NameWriter {
  readonly #commit: GroupCommit<Item>;
  readonly #known = new Set<string>();

  constructor(client: DynamoDBClient, table: string, retention: Retention) {
    const target = {
      ...{ client, table, keys: sessionsTable },
      itemOf: (item: Item) => ({ ...item, ...retention.sharedEnd() }),
      wantsExisting: () => retention.isLimited,
    };
    this.#commit = new GroupCommit(async items => {
      // Two sessions that are answered at once may be of one role.
      const distinct = [...new Map(items.map(item => [nameOf(item), item])).values()];
      const inserted = await insertAll(target, distinct);
      // A role and a day are written by their first session: its successors' answers need them longer.
      const known = inserted.map(({ existing }) => existing).filter(item => item !== null);
      await prolongShort(target, known, retention);
    });
  }

  /** Writes the names that the new answers have and the stored ones had not; resolves when all are written. */
  async write(
    credential: string,
    seen: Pick<CredentialAnswers, 'answers'>,
    next: Pick<CredentialAnswers, 'answers'>,
  ): Promise<void> {
    const stored = new Set(nameItems(credential, seen).map(nameOf));
    const fresh = nameItems(credential, next).filter(
      item => !stored.has(nameOf(item)) && !this.#known.has(nameOf(item)),
    );
    await this.#commit.add(fresh);
    if (this.#known.size >= mostKnown) this.#known.clear();
    // A session's own are written once, and would only fill it.
    for (const item of fresh) if (!item.marks) this.#known.add(nameOf(item));
  }
}

function nameOf(item: Item): string {
  return JSON.stringify([text(item, 'credential'), text(item, 'item')]);
}
