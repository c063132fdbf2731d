import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Alert, OutstandingAlert } from '../../core/linking/alert.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import type { TimeSpan } from '../../core/records/times.ts';
import { AuditError } from '../runtime/errors.ts';
import { type Item, optionalText, strings, text } from './attributes.ts';
import { insertAll, readItems } from './insert.ts';
import { pages } from './pages.ts';
import { keptForEver, type Retention } from './retention.ts';
import { sessionsTable } from './tables.ts';

type Named = Pick<SessionAnswer, 'credential' | 'session'>;

const noLongerPutOff = 'REMOVE putOff, #until, why';

/** The watch's items in the sessions table, next to the facts and answers of a credential. */
export class AlertsTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retention: Retention;

  /** `retention`: of written items; longer than the watch looks back, so that no alert is sent twice */
  constructor(client: DynamoDBClient, table: string, retention = keptForEver) {
    this.#client = client;
    this.#table = table;
    this.#retention = retention;
  }

  /** The items of these sessions, by session; new sessions are noticed now (ISO 8601). */
  async notice(sessions: readonly Named[], now: string): Promise<Map<string, Alert>> {
    const named = [...new Map(sessions.map(each => [each.session, each])).values()];
    const handle = { client: this.#client, table: this.#table, keys: sessionsTable };
    const known = new Map(
      (await readItems(handle, named.map(keyOf))).map(item => [text(item, 'session'), alertOf(item)]),
    );
    const fresh = named.filter(({ session }) => !known.has(session));
    const inserted = await insertAll(
      {
        ...handle,
        itemOf: each => ({ ...noticed(each, now), ...this.#retention.sharedEnd() }),
        wantsExisting: () => true,
      },
      fresh,
    );
    for (const { input, existing } of inserted) {
      known.set(input.session, alertOf(existing ?? noticed(input, now)));
    }
    return known;
  }

  /** The alert was sent, and is outstanding. Of a session that was alerted before, nothing changes. */
  async alerted(session: Named & Pick<SessionAnswer, 'began'>, now: string): Promise<void> {
    // Its withdrawal is tried as often as if the alert had gone out at once.
    const change = `SET #state = :next, alertedAt = :now, #open = :next, #at = :at ${noLongerPutOff}`;
    await this.#turn(session, 'noticed', change, {
      names: { '#open': 'open', '#at': 'at', '#until': 'until' },
      values: { ':next': 'alerted', ':now': now, ':at': `${session.began}#${session.session}` },
    });
  }

  /** The alert was withdrawn. */
  async explained(session: Named, now: string): Promise<void> {
    const change = `SET #state = :next, explainedAt = :now ${noLongerPutOff}, #open, #at`;
    await this.#turn(session, 'alerted', change, {
      names: { '#open': 'open', '#at': 'at', '#until': 'until' },
      values: { ':next': 'explained', ':now': now },
    });
  }

  /** The session is looked at again at `until` (ISO 8601), not before. `why`: `no coverage`, or an error's name. */
  async putOff({ state, putOff, ...session }: Alert, until: string, why: string): Promise<void> {
    const times = String((putOff?.times ?? 0) + 1);
    await this.#turn(session, state, 'SET putOff = :times, #until = :until, why = :why', {
      names: { '#until': 'until' },
      values: { ':times': times, ':until': until, ':why': why },
    });
  }

  /** The session is not looked at again. `why`: the error's name. */
  async giveUp({ state, ...session }: Alert, why: string): Promise<void> {
    await this.#turn(session, state, 'SET #state = :next, why = :why REMOVE #open, #at', {
      names: { '#open': 'open', '#at': 'at' },
      values: { ':next': 'given-up', ':why': why },
    });
  }

  /** Alerts that were not withdrawn, of sessions that began at or after `since`, oldest first. One Query. */
  outstanding(since: string): AsyncGenerator<OutstandingAlert> {
    return this.#outstanding(since, '~', true);
  }

  /** The same, newest first; `until`: a time, or the `at` of the alert to go on with. One Query. */
  newestFirst({ since = '0', until = '~' }: TimeSpan = {}): AsyncGenerator<OutstandingAlert> {
    return this.#outstanding(since, until, false);
  }

  async *#outstanding(since: string, until: string, ScanIndexForward: boolean) {
    const query = {
      TableName: this.#table,
      IndexName: 'byStatus',
      KeyConditionExpression: '#open = :alerted AND #at BETWEEN :since AND :until',
      ExpressionAttributeNames: { '#open': 'open', '#at': 'at' },
      ExpressionAttributeValues: strings({ ':alerted': 'alerted', ':since': since, ':until': until }),
      ScanIndexForward,
    };
    for await (const item of pages(this.#client, query)) yield { ...alertOf(item), at: text(item, 'at') };
  }

  /** Where the last run of the watch stopped among the open sessions, as a time sort key; null: it reached the end. */
  async cursor(): Promise<string | null> {
    const handle = { client: this.#client, table: this.#table, keys: sessionsTable };
    const [item] = await readItems(handle, [watchItem]);
    return item ? optionalText(item, 'place') : null;
  }

  /** The next run continues there; null: from the beginning. */
  async goOnAt(cursor: string | null): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: watchItem,
        UpdateExpression: cursor === null ? 'REMOVE #place' : 'SET #place = :place',
        ExpressionAttributeNames: { '#place': 'place' },
        ...(cursor !== null && { ExpressionAttributeValues: strings({ ':place': cursor }) }),
      }),
    );
  }

  /** The alert on one session; null if there is none. */
  async of(session: Named): Promise<Alert | null> {
    const handle = { client: this.#client, table: this.#table, keys: sessionsTable };
    const [item] = await readItems(handle, [keyOf(session)]);
    return item ? alertOf(item) : null;
  }

  async #turn(
    session: Named,
    from: Alert['state'],
    UpdateExpression: string,
    { names, values }: { names: Record<string, string>; values: Record<string, string> },
  ): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf(session),
          UpdateExpression,
          ConditionExpression: '#state = :from',
          ExpressionAttributeNames: { '#state': 'state', ...names },
          ExpressionAttributeValues: strings({ ':from': from, ...values }),
        }),
      );
    } catch (error) {
      // Another run of the watch sent the same alert, under the same ID, and noted it first.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

/** The watch's own: no credential has such a name. */
const watchItem = strings({ credential: 'watch', item: 'place' });

function keyOf({ credential, session }: Named): Item {
  return strings({ credential, item: `alert#${session}` });
}

function noticed({ credential, session }: Named, now: string): Item {
  return { ...keyOf({ credential, session }), ...strings({ session, state: 'noticed', noticedAt: now }) };
}

function alertOf(item: Item): Alert {
  const state = text(item, 'state');
  if (!isState(state)) {
    throw new AuditError('BrokenItem', `an alert is in the unknown state "${state}"`);
  }
  return {
    credential: text(item, 'credential'),
    session: text(item, 'session'),
    state,
    noticedAt: text(item, 'noticedAt'),
    alertedAt: optionalText(item, 'alertedAt'),
    explainedAt: optionalText(item, 'explainedAt'),
    putOff: item.putOff
      ? { times: Number(text(item, 'putOff')), until: text(item, 'until'), why: text(item, 'why') }
      : null,
  };
}

function isState(state: string): state is Alert['state'] {
  return ['noticed', 'alerted', 'explained', 'given-up'].includes(state);
}
