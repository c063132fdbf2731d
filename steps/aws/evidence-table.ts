import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { AuditEvent } from '../cloudtrail/event.ts';
import type { Provenance } from '../contract.ts';
import { useOf } from '../linking/facts.ts';
import { evidenceTable } from '../tables.ts';
import { type Item, optionalText, strings, text } from './attributes.ts';
import { type InsertTarget, insertAll } from './insert.ts';
import { pages } from './pages.ts';
import { compactRecord, recordText } from './record-text.ts';

/** A record about to become evidence: the event and the record's text as delivered. */
export interface NewEvidence {
  event: AuditEvent;
  text: string;
}

export interface Evidence {
  eventID: string;
  recipientAccountId: string;
  provenance: Provenance;
  digest: string;
  source: string;
  /** the execution that wrote it */
  execution: string;
  /** the whole record as delivered */
  record: string;
}

/** One call as the index by credential has it. */
export interface CallEntry {
  eventID: string;
  recipientAccountId: string;
  provenance: Provenance;
  eventTime: string;
  eventName: string;
  eventSource: string;
  awsRegion: string | null;
  errorCode: string | null;
  sourceIPAddress: string | null;
  /** the beginning of the user agent */
  agent: string | null;
  use: string;
}

/** `written`: by this execution, now or at an earlier try. `contradicting`: differs from the evidence under its key. */
export interface Persisted {
  written: number;
  duplicates: number;
  contradicting: NewEvidence[];
}

/** The evidence: first write wins, nothing is ever changed. */
export class EvidenceTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Writes each record unless its event is there already. `seen` holds the digests of the events that the same run
   * has written: a second record of one of them is a duplicate, also when it comes with a later list.
   */
  async write(
    records: readonly NewEvidence[],
    execution: string,
    seen: Map<string, string>,
  ): Promise<Persisted> {
    const fresh: NewEvidence[] = [];
    const contradicting: NewEvidence[] = [];
    for (const record of records) {
      const key = `${record.event.eventID} ${copyOf(record.event)}`;
      const known = seen.get(key);
      if (known === undefined) {
        seen.set(key, record.event.digest);
        fresh.push(record);
      } else if (known !== record.event.digest) contradicting.push(record);
    }
    const inserted = await insertAll(this.#insertion(execution), fresh);
    let written = 0;
    for (const { input, existing } of inserted) {
      if (existing === null || existing.execution?.S === execution) written += 1;
      if (existing && text(existing, 'digest') !== input.event.digest) contradicting.push(input);
    }
    return { written, duplicates: records.length - written, contradicting };
  }

  #insertion(execution: string): InsertTarget<NewEvidence> {
    return {
      client: this.#client,
      table: this.#table,
      keys: evidenceTable,
      itemOf: record => itemOf(record, execution),
      wantsExisting: () => true,
    };
  }

  /** All copies of one event: at most one of each account and voucher. One Query. */
  async event(eventID: string): Promise<Evidence[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'eventID = :id',
        ExpressionAttributeValues: { ':id': { S: eventID } },
      }),
    );
    return Items.map(evidenceOf);
  }

  /** The console session a fresh key of the console was used in; null when no such call is known. One Query. */
  async sessionOfKey(accessKeyId: string): Promise<string | null> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'byKey',
        KeyConditionExpression: 'accessKeyId = :key',
        ExpressionAttributeValues: { ':key': { S: accessKeyId } },
        Limit: 1,
      }),
    );
    return Items[0] ? text(Items[0], 'credential') : null;
  }

  /** The calls made with a credential in the order of their time, page by page. */
  async *calls(
    credential: string,
    options: { newestFirst?: boolean; limit?: number } = {},
  ): AsyncGenerator<CallEntry> {
    const query = {
      TableName: this.#table,
      IndexName: 'byCredential',
      KeyConditionExpression: 'credential = :c',
      ExpressionAttributeValues: { ':c': { S: credential } },
      ScanIndexForward: !options.newestFirst,
      ...(options.limit ? { Limit: options.limit } : {}),
    };
    for await (const item of pages(this.#client, query)) yield callOf(item);
  }
}

/** Characters of a user agent that the index carries: enough to tell one client from another. */
const mostAgent = 60;

export function copyOf(event: Pick<AuditEvent, 'recipientAccountId' | 'provenance'>): string {
  return `${event.recipientAccountId}#${event.provenance}`;
}

function itemOf({ event, text: record }: NewEvidence, execution: string): Item {
  const { coding, bytes } = compactRecord(record);
  return {
    ...strings({
      eventID: event.eventID,
      copy: copyOf(event),
      credential: event.credential,
      accessKeyId:
        event.credential === event.caller.accessKeyId ? null : event.credential && event.caller.accessKeyId,
      at: `${event.eventTime}#${event.eventID}`,
      use: event.credential && useOf(event).hash,
      eventTime: event.eventTime,
      eventName: event.eventName,
      eventSource: event.eventSource,
      awsRegion: event.awsRegion,
      errorCode: event.errorCode,
      sourceIPAddress: event.sourceIPAddress,
      // S3 writes a user agent in brackets: without them it is the same client's.
      agent: event.userAgent?.replace(/^\[(.*)\]$/, '$1').slice(0, mostAgent),
      denied: event.denied,
      source: event.source,
      execution,
      digest: event.digest,
      coding,
    }),
    record: { B: bytes },
  };
}

function splitCopy(item: Item): { recipientAccountId: string; provenance: Provenance } {
  const [recipientAccountId = '', provenance] = text(item, 'copy').split('#');
  return { recipientAccountId, provenance: provenance === 'partner' ? 'partner' : 'trail' };
}

function evidenceOf(item: Item): Evidence {
  return {
    eventID: text(item, 'eventID'),
    ...splitCopy(item),
    digest: text(item, 'digest'),
    source: text(item, 'source'),
    execution: text(item, 'execution'),
    record: recordText({ coding: text(item, 'coding'), bytes: item.record?.B ?? new Uint8Array() }),
  };
}

function callOf(item: Item): CallEntry {
  return {
    eventID: text(item, 'eventID'),
    ...splitCopy(item),
    eventTime: text(item, 'eventTime'),
    eventName: text(item, 'eventName'),
    eventSource: text(item, 'eventSource'),
    awsRegion: optionalText(item, 'awsRegion'),
    errorCode: optionalText(item, 'errorCode'),
    sourceIPAddress: optionalText(item, 'sourceIPAddress'),
    agent: optionalText(item, 'agent'),
    use: text(item, 'use'),
  };
}
