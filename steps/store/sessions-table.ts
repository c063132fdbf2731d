import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { BatchFacts } from '../../core/linking/facts.ts';
import type { Newest } from '../../core/linking/found-sessions.ts';
import { roleFiledAs } from '../../core/linking/names.ts';
import type { CredentialAnswers, SessionAnswer } from '../../core/linking/session-answer.ts';
import type { CredentialState, SessionStore } from '../../core/linking/session-store.ts';
import type { TimeSpan } from '../../core/records/times.ts';
import { type Item, strings, text } from './attributes.ts';
import { HeardTable, partnersOf } from './heard-table.ts';
import { dayOf, daysPartition, indexPrefix, nameItems } from './name-item.ts';
import { NameWriter } from './name-writer.ts';
import { pages } from './pages.ts';
import { keptForEver, prolong, type Retention } from './retention.ts';
import { writeFacts } from './session-facts.ts';
import {
  answerItem,
  answerOf,
  answerPrefix,
  basisHash,
  childPrefix,
  issuanceOf,
  issuancePrefix,
  slot,
  useOfItem,
  usePrefix,
  wordChildPrefix,
  wordPrefix,
} from './session-item.ts';
import { SessionPartitions } from './session-partitions.ts';
import { sessionsTable } from './tables.ts';

/** Facts and answers of every credential, one partition each. See steps/store/tables.ts for the keys. */
export class SessionsTable implements SessionStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retention: Retention;
  readonly #partitions: SessionPartitions;
  readonly #names: NameWriter;
  readonly #heard: HeardTable;

  /** `retention`: of written items, and of the facts behind an answer. Not needed for queries */
  constructor(client: DynamoDBClient, table: string, retention = keptForEver) {
    this.#client = client;
    this.#table = table;
    this.#retention = retention;
    this.#partitions = new SessionPartitions(client, table);
    this.#names = new NameWriter(client, table, retention);
    this.#heard = new HeardTable(client, table);
  }

  async writeFacts(facts: BatchFacts): Promise<void> {
    await writeFacts(this.#client, this.#table, facts, this.#retention);
    await this.#heard.hear(partnersOf(facts));
  }

  async read(credential: string): Promise<CredentialState> {
    const whole = await this.#partitions.whole(credential);
    const children = whole && [];
    const state: CredentialState = { credential, issuances: [], uses: [], answers: [], basis: [], children };
    const short: Item[] = [];
    for await (const item of whole ?? this.#partitions.withoutChildren(credential)) {
      if (this.#retention.isShort(item)) short.push(item);
      const name = text(item, 'item');
      if (name.startsWith(childPrefix)) state.children?.push(name.slice(childPrefix.length));
      else if (name.startsWith(wordChildPrefix)) state.children?.push(claimedChild(name));
      else if (name.startsWith(issuancePrefix) || name.startsWith(wordPrefix))
        state.issuances.push(issuanceOf(item));
      else if (name.startsWith(usePrefix)) state.uses.push(useOfItem(item));
      else {
        const { answer, basis } = answerOf(item);
        state.answers.push(answer);
        if (name === slot(0)) state.basis = basis;
      }
    }
    await this.#prolong(credential, short);
    return { ...state, children: state.children && [...new Set(state.children)] };
  }

  /**
   * What an answer rests on is kept as long as the answer: facts that end before what is derived from them now would let a later
   * derivation find less, and say so of the session. Their answers are found as long, too.
   */
  async #prolong(credential: string, short: readonly Item[]): Promise<void> {
    if (short.length === 0) return;
    const answers = short.filter(item => text(item, 'item').startsWith(answerPrefix)).map(answerOf);
    const names = nameItems(credential, { answers: answers.map(({ answer }) => answer) });
    const handle = { client: this.#client, table: this.#table, keys: sessionsTable };
    await prolong(handle, [...short, ...names], this.#retention);
  }

  async children(credential: string): Promise<string[]> {
    const children: string[] = [];
    const short: Item[] = [];
    for await (const item of this.#partitions.children(credential)) {
      if (this.#retention.isShort(item)) short.push(item);
      const name = text(item, 'item');
      children.push(name.startsWith(childPrefix) ? name.slice(childPrefix.length) : claimedChild(name));
    }
    await this.#prolong(credential, short);
    return [...new Set(children)];
  }

  /**
   * The first answer's item is the head: it carries the basis, is in every write, and is never deleted, so that its
   * basis decides who wrote last. One answer (nearly always) is one PutItem; several are one transaction. What finds an
   * answer is written before it: so an answer that is there is found, also after a crash in the middle.
   */
  async replace(credential: string, seen: CredentialAnswers, next: CredentialAnswers): Promise<boolean> {
    if (next.answers.length === 0) return true;
    await this.#names.write(credential, seen, next);
    const puts = next.answers.map((_, index) => ({
      TableName: this.#table,
      Item: { ...answerItem(credential, next, index), ...this.#retention.sharedEnd() },
    }));
    const first = puts[0] as PutItemCommandInput & { Item: Item };
    const condition =
      seen.answers.length === 0
        ? { ConditionExpression: 'attribute_not_exists(credential)' }
        : {
            ConditionExpression: 'basis = :basis',
            ExpressionAttributeValues: strings({ ':basis': basisHash(seen.basis) }),
          };
    try {
      if (puts.length === 1 && seen.answers.length <= 1) {
        await this.#client.send(new PutItemCommand({ ...first, ...condition }));
      } else {
        const gone = seen.answers.slice(next.answers.length).map((_, index) => ({
          Delete: {
            TableName: this.#table,
            Key: strings({ credential, item: slot(next.answers.length + index) }),
          },
        }));
        const writes = [...puts.slice(1).map(Put => ({ Put })), ...gone];
        await this.#client.send(
          new TransactWriteItemsCommand({ TransactItems: [{ Put: { ...first, ...condition } }, ...writes] }),
        );
      }
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      const headRefused =
        error instanceof TransactionCanceledException &&
        error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';
      if (headRefused) return false;
      throw error;
    }
  }

  /** Sessions of a role, by any ARN of it, oldest first, that began at or after `since` (ISO 8601). One Query. */
  byRole(roleArn: string, since?: string): AsyncGenerator<SessionAnswer> {
    return this.#answers('byRole', 'role', roleFiledAs(roleArn), since);
  }

  /** The newest sessions of a role, at most `limit`, newest first. One Query; where there are more, another one that counts them. */
  async newestOf(roleArn: string, limit: number): Promise<Newest> {
    const query = { ...this.#query('byRole', 'role', roleFiledAs(roleArn)), ScanIndexForward: false };
    const { Items = [], LastEvaluatedKey: last } = await this.#client.send(
      new QueryCommand({ ...query, Limit: limit }),
    );
    const answers = Items.map(item => answerOf(item).answer);
    if (!last) return { answers, others: 0, more: false };
    const { Count = 0, LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({ ...query, Select: 'COUNT', ExclusiveStartKey: last }),
    );
    return { answers, others: Count, more: LastEvaluatedKey !== undefined };
  }

  /**
   * All sessions, oldest first, those that began at or after `since` (a time, or the `at` of one to go on with). One Query for the
   * days that sessions began on, and one for each day that is read.
   */
  async *since(since = ''): AsyncGenerator<SessionAnswer> {
    for await (const day of this.#days({ since })) yield* this.#answers('byDay', 'day', day, since);
  }

  /** The same, newest first; `until`: began before it, a time or the `at` of one to go on with. */
  async *newestFirst(until = '~'): AsyncGenerator<SessionAnswer> {
    for await (const day of this.#days({ until }, false)) {
      const query = this.#query('byDay', 'day', day);
      const items = pages(this.#client, {
        ...query,
        KeyConditionExpression: '#key = :value AND #at BETWEEN :since AND :until',
        ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':until': { S: until } },
        ScanIndexForward: false,
      });
      for await (const item of items) yield answerOf(item).answer;
    }
  }

  async *#days({ since = '', until = '~' }: TimeSpan, ScanIndexForward = true): AsyncGenerator<string> {
    const days = pages(this.#client, {
      TableName: this.#table,
      KeyConditionExpression: 'credential = :days AND #item BETWEEN :first AND :last',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: strings({
        ':days': daysPartition,
        ':first': indexPrefix + dayOf(since),
        ':last': indexPrefix + dayOf(until),
      }),
      ScanIndexForward,
    });
    for await (const item of days) yield text(item, 'item').slice(indexPrefix.length);
  }

  /** Sessions of a status other than linked, oldest first. One Query. */
  open(status: 'unlinked' | 'ambiguous' | 'unknown', since?: string): AsyncGenerator<SessionAnswer> {
    return this.#answers('byStatus', 'open', status, since);
  }

  async *#answers(index: string, key: string, value: string, since = ''): AsyncGenerator<SessionAnswer> {
    for await (const item of pages(this.#client, this.#query(index, key, value, since)))
      yield answerOf(item).answer;
  }

  #query(index: string, key: string, value: string, since = '') {
    return {
      TableName: this.#table,
      IndexName: index,
      KeyConditionExpression: '#key = :value AND #at >= :since',
      ExpressionAttributeNames: { '#key': key, '#at': 'at' },
      // A key condition takes no empty string; every time sorts after "0".
      ExpressionAttributeValues: strings({ ':value': value, ':since': since || '0' }),
    };
  }
}

function claimedChild(name: string): string {
  return name.slice(name.indexOf('#', wordChildPrefix.length) + 1);
}
