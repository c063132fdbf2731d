import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { correlate } from '../../../core/linking/correlate.ts';
import { useOf } from '../../../core/linking/use.ts';
import { inParallel } from '../../../core/parallel.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { EvidenceTable } from '../../../steps/store/evidence-table.ts';
import { SessionsTable } from '../../../steps/store/sessions-table.ts';
import { evidenceTable, sessionsTable } from '../../../steps/store/tables.ts';
import { eventsOf, linkingCases } from '../../core/linking/linking-case.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';

const requests: string[] = [];
let db: DynamoDbFixture;
const names = ['short', 'long', 'fresh'] as const;

beforeAll(async () => {
  const tables = names.flatMap(name => [
    tableOf(`${name}-evidence`, evidenceTable),
    tableOf(`${name}-sessions`, sessionsTable),
  ]);
  db = await dynamoDbFixture(tables, { authorize: action => requests.push(action.split(' ')[0] ?? '') });
});
afterAll(() => db.close());

const story = linkingCases().find(({ name }) => name.startsWith('a call is linked by its access key id'));
const events = story ? eventsOf(story) : [];
const call = events.find(event => event.credential) as AuditEvent;

const made = (n: number, seconds: number): AuditEvent => ({
  ...call,
  eventID: `history-${n}`,
  eventTime: new Date(Date.parse(call.eventTime) + seconds * 1000).toISOString().replace('.000', ''),
});

async function processFile(name: string, list: AuditEvent[]): Promise<Record<string, number>> {
  requests.length = 0;
  const records = list.map(event => ({ event, text: JSON.stringify(event) }));
  await new EvidenceTable(db.client, `${name}-evidence`).write(records, 'execution', new Map());
  await correlate(list, new SessionsTable(db.client, `${name}-sessions`));
  const counts: Record<string, number> = {};
  for (const action of requests) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

/** Earlier calls of the credential as the index by credential has them. */
async function history(table: string, calls: number): Promise<void> {
  const batches = Array.from({ length: Math.ceil(calls / 25) }, (_, n) => n * 25);
  await inParallel(batches, 8, async from => {
    const items = Array.from({ length: Math.min(25, calls - from) }, (_, n) =>
      made(from + n, (from + n) / 100),
    );
    const PutRequest = (event: AuditEvent) => ({
      Item: {
        eventID: { S: event.eventID },
        copy: { S: '999999999999#trail' },
        credential: { S: event.credential ?? '' },
        at: { S: `${event.eventTime}#${event.eventID}` },
        use: { S: useOf(event).hash },
      },
    });
    await db.client.send(
      new BatchWriteItemCommand({
        RequestItems: { [table]: items.map(event => ({ PutRequest: PutRequest(event) })) },
      }),
    );
  });
}

test('requests for a file do not grow with the calls its credentials have already made', async () => {
  // Given the same session known in two stores: after one call, and after thousands
  const calls = Number(process.env.ROLETRAIL_HISTORY ?? 1_500);
  const file = Array.from({ length: 60 }, (_, n) => made(1_000_000 + n, 1_500 + n));
  for (const name of ['short', 'long']) await processFile(name, [...events, made(0, 0)]);
  await history('long-evidence', calls);
  await processFile('long', [made(2_000_000, calls / 100)]);
  await processFile('short', [made(2_000_000, 1)]);
  // When the same file comes to both
  const after1 = await processFile('short', file);
  const afterMany = await processFile('long', file);
  // Then
  expect(afterMany).toEqual(after1);
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  expect(sum(afterMany)).toBeLessThanOrEqual(sum(await processFile('fresh', [...events, ...file])));
});

test('a late issuance links the calls before it without writing one of them again', async () => {
  // Given 1,000 calls of a credential nobody issued
  const credential = 'ASIALATE000000000001';
  const late = (event: AuditEvent): AuditEvent => ({
    ...event,
    credential: event.credential && credential,
    issuance: event.issuance && { ...event.issuance, accessKeyId: credential },
  });
  const calls = Array.from({ length: 1_000 }, (_, n) => ({ ...late(made(n, n / 10)), eventID: `late-${n}` }));
  await processFile('fresh', calls);
  // When
  const counts = await processFile('fresh', events.filter(event => event.issuance).map(late));
  // Then one evidence insert, and writes to the session alone
  const { answers } = await new SessionsTable(db.client, 'fresh-sessions').read(credential);
  expect(answers.map(answer => answer.status)).toEqual(['linked']);
  expect(Object.values(counts).reduce((total, count) => total + count, 0)).toBeLessThan(15);
});
