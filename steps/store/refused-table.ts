import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { attemptName, type RefusedAttempt } from '../../core/linking/refused.ts';
import type { TimeSpan } from '../../core/records/times.ts';
import { type Item, optionalText, strings, text } from './attributes.ts';
import { pages } from './pages.ts';

/** The partition of the sessions table that holds the attempts; no credential has such a name. */
const partition = 'refused';
// Behind all that a credential's own partition is read for: a forged key called `refused` takes none of them for its own.
const prefix = '~refused#';

/** Who looks at attempts looks at a page of them. */
const perRequest = 100;

/** One copy of an attempt as an item of the sessions table: written once, like the facts. */
export function attemptItem(attempt: RefusedAttempt): Item {
  const { eventTime: _, ...said } = attempt;
  return strings({
    ...said,
    credential: partition,
    item: prefix + attemptName(attempt),
    with: attempt.credential,
  });
}

/** The refused attempts to assume audited roles. They begin no session, so no answer contains them. */
export class RefusedTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  /** `table`: that of the sessions */
  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Attempts newest first, page by page as they are taken; of two accounts' copies of one event the newer-named. One Query. */
  async *newestFirst({ since = '', until = '~' }: TimeSpan = {}): AsyncGenerator<RefusedAttempt> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'credential = :refused AND #item BETWEEN :since AND :until',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: strings({
        ':refused': partition,
        ':since': prefix + since,
        ':until': prefix + until,
      }),
      ScanIndexForward: false,
    };
    let last = '';
    for await (const item of pages(this.#client, query, perRequest)) {
      const attempt = attemptOf(item);
      // Copies of one event stand side by side: their names begin with its time and id.
      if (attempt.eventID !== last) yield attempt;
      last = attempt.eventID;
    }
  }
}

function attemptOf(item: Item): RefusedAttempt {
  const [eventTime = ''] = text(item, 'item').slice(prefix.length).split('#');
  return {
    eventTime,
    eventID: text(item, 'eventID'),
    recipientAccountId: text(item, 'recipientAccountId'),
    provenance: text(item, 'provenance') === 'partner' ? 'partner' : 'trail',
    eventName: text(item, 'eventName'),
    role: text(item, 'role'),
    // A record may name its caller by an empty text, which no index takes and `strings` leaves out.
    caller: optionalText(item, 'caller') ?? '',
    account: optionalText(item, 'account'),
    credential: optionalText(item, 'with'),
    errorCode: optionalText(item, 'errorCode'),
    sourceIPAddress: optionalText(item, 'sourceIPAddress'),
  };
}
