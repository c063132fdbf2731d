import { isDeepStrictEqual } from 'node:util';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { timeSortKey } from '../../../core/records/evidence.ts';
import type { NewEvidence } from '../../../steps/store/evidence-item.ts';
import { EvidenceTable } from '../../../steps/store/evidence-table.ts';
import { NamesTable } from '../../../steps/store/names-table.ts';
import { SessionsTable } from '../../../steps/store/sessions-table.ts';
import { evidenceTable, sessionsTable } from '../../../steps/store/tables.ts';
import { eventsOf, linkingCases } from '../../core/linking/linking-case.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';

let db: DynamoDbFixture;

beforeAll(async () => {
  db = await dynamoDbFixture([tableOf('evidence', evidenceTable), tableOf('sessions', sessionsTable)]);
});
afterAll(() => db.close());

const sessions = () => new SessionsTable(db.client, 'sessions');
const names = () => new NamesTable(db.client, 'sessions');

const cases = linkingCases();
let apart = 0;

/** A case's events under accounts and keys that no other test has, so that all of them share one table. */
function eventsApart(each: (typeof cases)[number]): AuditEvent[] {
  apart += 1;
  const number = String(apart).padStart(3, '0');
  const text = JSON.stringify(eventsOf(each))
    .replace(/\b\d{9}(?=\d{3}\b)\d{3}/g, account => `${account.slice(0, 9)}${number}`)
    .replace(/\bA[KS]IA[A-Z0-9]+/g, key => `${key}N${number}`);
  return JSON.parse(text);
}
const text = (event: AuditEvent) => JSON.stringify({ eventID: event.eventID, note: 'der ganze Satz, ä' });

describe('the sessions table', () => {
  test.each(cases)('holds the same answers as its twin in memory: $name', async each => {
    // Given each record delivered by itself, and all of them once more
    const twin = new MemorySessionStore();
    const table = sessions();
    const events = eventsApart(each);
    for (const event of events) await correlate([event], table);
    await correlate(events, table);
    await correlate(events, twin);
    // Then every credential's answers are equal, read by key and by index
    const credentials = new Set(events.flatMap(event => [event.credential, event.issuance?.accessKeyId]));
    for (const credential of credentials) {
      if (!credential) continue;
      const { answers, basis } = await table.read(credential);
      const wanted = await twin.read(credential);
      expect({ answers, basis }).toEqual({ answers: wanted.answers, basis: wanted.basis });
      // A key of a console session repeats its answer, which is listed under the session's own name.
      for (const answer of answers.filter(each => each.credential === credential)) {
        const origin = answer.origin?.arn ?? answer.origin?.invokedBy ?? answer.origin?.principalId;
        if (origin) expect(await listed(names().behind(origin, answer.began), answer)).toBe(true);
        const id = answer.origin?.onBehalfOf ?? answer.origin?.principalId;
        if (id) expect(await listed(names().behind(id, answer.began), answer)).toBe(true);
        if (answer.roleArn)
          expect(await listed(table.byRole(answer.roleArn, answer.began), answer)).toBe(true);
        const open = await listed(table.open('unlinked', answer.began), answer);
        expect(open).toBe(answer.status === 'unlinked');
      }
    }
  });

  test('a credential with more children than are read along tells them when it is asked, and all else at once', async () => {
    // Given: a hundred sessions that were issued to one
    const [issuance] = cases.flatMap(eventsOf).flatMap(event => event.issuance ?? []);
    if (!issuance) throw new Error('no case has an issuance');
    const children = Array.from({ length: 100 }, (_, n) => `ASIACHILD${String(n).padStart(3, '0')}`);
    const facts = (list: string[]) => ({
      issuances: new Map([['ASIAPARENT', [issuance]]]),
      uses: new Map(),
      children: new Map([['ASIAPARENT', new Set(list)]]),
      claimedChildren: new Map(),
      refused: [],
    });
    const table = sessions();
    // When
    await table.writeFacts(facts(children.slice(0, 5)));
    const few = await table.read('ASIAPARENT');
    await table.writeFacts(facts(children));
    const many = await table.read('ASIAPARENT');
    // Then
    expect(few).toMatchObject({ issuances: [issuance], children: children.slice(0, 5) });
    expect(many).toMatchObject({ issuances: [issuance], children: null });
    expect(await table.children('ASIAPARENT')).toEqual(children);
  });

  test('executions at once on one credential end in the answer of all', async () => {
    const each = cases.find(({ name }) => name.startsWith('AWS hands out the same key'));
    if (!each) throw new Error('the case is gone');
    const events = eventsApart(each);
    const table = sessions();
    const twin = new MemorySessionStore();
    await correlate(events, twin);
    await Promise.all([...events, ...events].map(event => correlate([event], table)));
    const credential = events.find(event => event.credential)?.credential ?? '';
    expect(await table.read(credential)).toMatchObject({ answers: (await twin.read(credential)).answers });
  });
});

describe('the evidence table', () => {
  const events = cases.flatMap(eventsOf);
  const evidence = () => new EvidenceTable(db.client, 'evidence');
  const recordsOf = (list: AuditEvent[], mark: string): NewEvidence[] =>
    list.map(event => ({ event: { ...event, eventID: `${mark}-${event.eventID}` }, text: text(event) }));

  test('first write wins; duplicates are counted, within a batch and between batches', async () => {
    const unique = recordsOf(
      [
        ...new Map(
          events.map(event => [`${event.eventID}${event.provenance}${event.recipientAccountId}`, event]),
        ).values(),
      ],
      'a',
    );
    const table = evidence();
    expect(await table.write([...unique, ...unique.slice(0, 3)], 'first', new Map())).toMatchObject({
      written: unique.length,
      duplicates: 3,
    });
    expect(await table.write(unique, 'second', new Map())).toMatchObject({
      written: 0,
      duplicates: unique.length,
      contradicting: [],
    });
    const [stored] = await table.event(unique[0]?.event.eventID ?? '');
    expect(stored).toMatchObject({ execution: 'first', record: unique[0]?.text });
  });

  test('a retry by the same execution counts what its first try wrote as written', async () => {
    const records = recordsOf(events.slice(0, 2), 'b');
    const table = evidence();
    await table.write(records.slice(0, 1), 'one', new Map());
    expect(await table.write(records, 'one', new Map())).toMatchObject({ written: 2, duplicates: 0 });
  });

  test('a record that differs from the evidence under its id is told apart and changes nothing', async () => {
    const [record] = recordsOf(events.slice(0, 1), 'c');
    if (!record) throw new Error('no record');
    const forged = { event: { ...record.event, hash: 'f'.repeat(64) }, text: '{"forged":true}' };
    const table = evidence();
    await table.write([record], 'one', new Map());
    expect((await table.write([forged], 'two', new Map())).contradicting).toEqual([forged]);
    expect((await table.event(record.event.eventID)).map(each => each.record)).toEqual([record.text]);
  });

  test('the same record in other bytes is a duplicate, in one run and in the next', async () => {
    const [record, other] = recordsOf(events.slice(0, 1), 'd').flatMap(each => [
      each,
      { event: { ...each.event, hash: 'e'.repeat(64) }, text: ` ${each.text.replace('{', '{ ')}` },
    ]);
    if (!record || !other) throw new Error('no record');
    const forged = { event: { ...record.event, hash: 'f'.repeat(64) }, text: '{"forged":true}' };
    const table = evidence();
    expect(await table.write([record, other, forged], 'one', new Map())).toEqual({
      written: 1,
      duplicates: 2,
      contradicting: [forged],
    });
    expect(await table.write([other], 'two', new Map())).toMatchObject({ duplicates: 1, contradicting: [] });
  });

  test('calls of a credential come in the order of their time, page by page', async () => {
    const call = events.find(event => event.credential);
    if (!call) throw new Error('no call');
    const records = Array.from({ length: 60 }, (_, n) => {
      const minute = String(59 - n).padStart(2, '0');
      const event = {
        ...call,
        credential: 'ASIAPAGES',
        eventID: `p-${n}`,
        eventTime: `2025-01-01T00:${minute}:00Z`,
      };
      return { event, text: text(event) };
    });
    const table = evidence();
    await table.write(records, 'one', new Map());
    const times = (await all(table.calls('ASIAPAGES'))).map(each => each.eventTime);
    expect(times).toEqual(records.map(({ event }) => event.eventTime).reverse());
    expect(await all(table.calls('ASIAPAGES', { limit: 7, newestFirst: true }))).toHaveLength(7);
    const [, , third] = await all(table.calls('ASIAPAGES'));
    if (!third) throw new Error('no third call');
    const later = (await all(table.calls('ASIAPAGES', { from: timeSortKey(third) }))).map(
      each => each.eventTime,
    );
    expect(later).toEqual(times.slice(2));
  });
});

/** Whether the answer, whole, is among those that began when it did; the list goes on from there. */
async function listed(list: AsyncIterable<SessionAnswer>, answer: SessionAnswer): Promise<boolean> {
  for await (const each of list) {
    if (each.began !== answer.began) return false;
    if (each.session === answer.session) return isDeepStrictEqual(each, answer);
  }
  return false;
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}
