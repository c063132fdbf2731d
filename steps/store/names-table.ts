import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { FoundSession, Named } from '../../core/linking/found-sessions.ts';
import { comparable, isUniqueId, namesOf, roleFiledAs } from '../../core/linking/names.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { merged } from '../../core/merge.ts';
import { type Item, text } from './attributes.ts';
import { readItems, type TableHandle } from './insert.ts';
import {
  aliasPrefix,
  type FiledSession,
  filedSessionOf,
  idsPartition,
  idsParts,
  indexPrefix,
  kindSince,
  markOf,
  namePartition,
  roleArnOf,
  rolePrefix,
} from './name-item.ts';
import { pages } from './pages.ts';
import { answerOf, slot } from './session-item.ts';
import { SessionPartitions } from './session-partitions.ts';
import { sessionsTable } from './tables.ts';

/** Answers that are read in one go: a BatchGetItem takes a hundred. */
const readTogether = 100;
/** With so many found, no further page is asked for. */
const enough = 20;
/** Pages of a megabyte, some 4,000 sessions each, that are looked through for a name that others end like. */
const mostPages = 10;
/** ARNs that one unique id leads to: IAM gives an id out once, a renamed user has two. */
const mostAliases = 3;

/** Finds sessions by their names: core/linking/names.ts says which they are. */
export class NamesTable {
  readonly #handle: TableHandle;
  readonly #partitions: SessionPartitions;

  /** `table`: that of the sessions */
  constructor(client: DynamoDBClient, table: string) {
    this.#handle = { client, table, keys: sessionsTable };
    this.#partitions = new SessionPartitions(client, table);
  }

  /**
   * Everything with this name, in any case. One Query, a page of which nearly always is enough; of a user's unique id one more, for
   * the ARN that it leads to.
   */
  async find(name: string): Promise<Named> {
    const said = comparable(name);
    const found: Named = { roles: [], sessions: [], more: false };
    if (said === '') return found;
    const aliases = await this.#read(said, said, found);
    for (const arn of aliases.slice(0, mostAliases)) await this.#read(said, arn, found);
    return found;
  }

  /** Reads where `place` is filed and adds what has the name `said`; returns where that leads. */
  async #read(said: string, place: string, found: Named): Promise<string[]> {
    const mark = markOf(said);
    const known = new Set(found.sessions.map(({ session }) => session));
    const aliases: string[] = [];
    let read = 0;
    const query = { ...this.#range(place, indexPrefix), ScanIndexForward: false };
    for await (const { Items = [], LastEvaluatedKey } of paginateQuery(
      { client: this.#handle.client },
      query,
    )) {
      for (const item of Items) {
        const name = text(item, 'item');
        if (name.startsWith(aliasPrefix)) aliases.push(text(item, 'of'));
        else if (name.startsWith(rolePrefix)) {
          if (isNameOfRole(said, item)) found.roles.push(roleArnOf(item));
        } else {
          const filed = filedSessionOf(item);
          // One whose begin is known better now, or with a name more, has an item for each time.
          if (!filed?.marks.includes(mark) || known.has(filed.session)) continue;
          known.add(filed.session);
          found.sessions.push(filed);
        }
      }
      read += 1;
      if (!LastEvaluatedKey || (read < mostPages && found.sessions.length < enough)) continue;
      found.more = true;
      break;
    }
    return aliases;
  }

  /** Sessions whose name begins so, in any case, by name, at most `limit`. A Query for each part of the list. */
  async beginning(asked: string, limit: number): Promise<FoundSession[]> {
    const from = indexPrefix + comparable(asked);
    const query = (part: string) => ({
      TableName: this.#handle.table,
      KeyConditionExpression: 'credential = :ids AND begins_with(#item, :from)',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: { ':ids': { S: idsPartition(part) }, ':from': { S: from } },
      Limit: limit,
    });
    const parts = idsParts.map(part => Array.fromAsync(pages(this.#handle.client, query(part))));
    const found = (await Promise.all(parts))
      .flat()
      .sort((a, b) => (text(a, 'item') < text(b, 'item') ? -1 : 1));
    return found
      .slice(0, limit)
      .map(item => ({ session: text(item, 'session'), credential: text(item, 'of') }));
  }

  /** The ARNs of the roles with this name, whatever its case and the role's account and path. One Query. */
  async roles(name: string): Promise<string[]> {
    if (comparable(name) === '') return [];
    return Array.fromAsync(pages(this.#handle.client, this.#range(name, rolePrefix)), roleArnOf);
  }

  /**
   * Sessions whose origin has this name (an ARN, an id, a user's name, a service), oldest first, that began at or after
   * `since` (ISO 8601, or the place of one to go on with). One Query, of a user's unique id three; and a read for every hundred.
   */
  async *behind(name: string, since = ''): AsyncGenerator<SessionAnswer> {
    const said = comparable(name);
    if (said === '') return;
    const places = new Set([said, ...(isUniqueId(said) ? await this.#aliases(said) : [])]);
    const lists = [...places].map(place => this.#filedBehind(place, said, since));
    let found: FiledSession[] = [];
    for await (const filed of merged(lists, ({ began, session }) => `${began}#${session}`)) {
      found.push(filed);
      if (found.length < readTogether) continue;
      yield* await this.#behind(said, found);
      found = [];
    }
    yield* await this.#behind(said, found);
  }

  async #aliases(id: string): Promise<string[]> {
    const items = await Array.fromAsync(pages(this.#handle.client, this.#range(id, aliasPrefix)));
    return items.slice(0, mostAliases).map(item => text(item, 'of'));
  }

  async *#filedBehind(place: string, said: string, since: string): AsyncGenerator<FiledSession> {
    const query = {
      ...this.#range(place, kindSince('who', since)),
      KeyConditionExpression: 'credential = :name AND #item BETWEEN :from AND :to',
    };
    const last = { ':to': { S: kindSince('who', '~') } };
    const ExpressionAttributeValues = { ...query.ExpressionAttributeValues, ...last };
    let before = '';
    for await (const item of pages(this.#handle.client, { ...query, ExpressionAttributeValues })) {
      const filed = filedSessionOf(item);
      // Items of one session with one begin stand side by side.
      const isNew = filed && `${filed.began}#${filed.session}` !== before;
      if (!isNew || !filed.marks.includes(markOf(said))) continue;
      before = `${filed.began}#${filed.session}`;
      yield filed;
    }
  }

  async #behind(said: string, found: readonly FiledSession[]): Promise<SessionAnswer[]> {
    const answers = await this.answersOf(found);
    return answers.flatMap((answer, index) =>
      answer?.began === found[index]?.began && answer && namesOf(answer).get(said) === 'who' ? [answer] : [],
    );
  }

  /** Their answers, strongly consistent; null for a missing one. A read for every hundred. */
  async answersOf(found: readonly FoundSession[]): Promise<(SessionAnswer | null)[]> {
    const credentials = [...new Set(found.map(({ credential }) => credential))];
    const heads = await readItems(
      this.#handle,
      credentials.map(credential => ({ credential: { S: credential }, item: { S: slot(0) } })),
    );
    const answers = new Map<string, SessionAnswer>();
    const take = (item: Item) => {
      const { answer } = answerOf(item);
      // A key that turned out to be of a console session repeats that session's answer, for its own uses only.
      if (answer.credential === text(item, 'credential')) answers.set(answer.session, answer);
    };
    heads.forEach(take);
    // Several sessions of one credential are rare: a key that was issued again, or is forged.
    const others = new Set(found.filter(({ session }) => !answers.has(session)).map(each => each.credential));
    for (const credential of others) {
      for await (const item of this.#partitions.answers(credential)) take(item);
    }
    return found.map(({ session }) => answers.get(session) ?? null);
  }

  /** Items filed under names that begin with this one. */
  #range(name: string, from: string) {
    return {
      TableName: this.#handle.table,
      KeyConditionExpression: 'credential = :name AND begins_with(#item, :from)',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: { ':name': { S: namePartition(name) }, ':from': { S: from } },
    };
  }
}

/** A role lies with all that ends like its name: it is meant by its name, with its path or without, by its id and its ARN. */
function isNameOfRole(said: string, item: Item): boolean {
  const arn = roleArnOf(item);
  const isWhole = text(item, 'credential') === `name#${said}`;
  return isWhole || comparable(arn).endsWith(`:role/${said}`) || roleFiledAs(arn) === said;
}
