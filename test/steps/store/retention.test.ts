import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { correlate } from '../../../core/linking/correlate.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { dayMillis } from '../../../core/records/times.ts';
import { AlertsTable } from '../../../steps/store/alerts-table.ts';
import { EvidenceTable } from '../../../steps/store/evidence-table.ts';
import { LedgerTable } from '../../../steps/store/ledger-table.ts';
import { keptForEver, Retention, readRetention } from '../../../steps/store/retention.ts';
import { SessionsTable } from '../../../steps/store/sessions-table.ts';
import { endAttribute, evidenceTable, ledgerTable, sessionsTable } from '../../../steps/store/tables.ts';
import { eventsOf, linkingCases } from '../../core/linking/linking-case.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';
import { callRecord, eventOf, issuanceRecord, key } from '../watch-story.ts';

type Item = Record<string, AttributeValue>;

const stories = 13;
let db: DynamoDbFixture;
let used = 0;

beforeAll(async () => {
  db = await dynamoDbFixture(
    Array.from({ length: stories }, (_, n) => [
      tableOf(`evidence-${n}`, evidenceTable),
      tableOf(`sessions-${n}`, sessionsTable),
      tableOf(`ledger-${n}`, ledgerTable),
    ]).flat(),
  );
});
afterAll(() => db.close());

const days = 90;
const began = Date.parse('2025-06-02T10:00:00Z');
const at = (day: number) => new Retention(days, () => began + day * dayMillis);
/** The day an item ends, counted from the beginning. */
const endOf = (item: Item | undefined) => (Number(item?.[endAttribute]?.N) * 1000 - began) / dayMillis;

async function itemsOf(table: string): Promise<Item[]> {
  const { Items = [] } = await db.client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  return Items;
}

const comparable = (items: Item[]) =>
  items
    .map(({ [endAttribute]: _, ...item }) => item)
    .map(item => JSON.stringify(Object.entries(item).sort()))
    .sort();

/** Deployments' tables, in which events arrive on days of one's choice. */
class Deployment {
  readonly sessions = `sessions-${used}`;
  readonly evidence = `evidence-${used}`;
  readonly ledger = `ledger-${used}`;

  constructor() {
    used += 1;
  }

  async arrive(day: number | null, ...events: AuditEvent[]): Promise<void> {
    const retention = day === null ? keptForEver : at(day);
    const records = events.map(event => ({ event, text: JSON.stringify({ eventID: event.eventID }) }));
    await new EvidenceTable(db.client, this.evidence, retention).write(records, 'an-execution', new Map());
    await correlate(events, new SessionsTable(db.client, this.sessions, retention));
  }

  /** What DynamoDB's own deletion takes by that day of a key's session, and of what finds it. */
  async ended(day: number): Promise<string[]> {
    const gone = (await itemsOf(this.sessions)).filter(
      item => endOf(item) < day && /^(name#|days$|ASIA)/.test(item.credential?.S ?? ''),
    );
    return gone.map(item => `${item.credential?.S} ${item.item?.S}`);
  }
}

const issuance = eventOf(issuanceRecord());
const call = eventOf(callRecord());
const lateCall = eventOf(
  callRecord({ eventID: 'c0000000-0000-4000-8000-000000000002', eventTime: '2025-06-02T11:00:00Z' }),
);

test('the end counts from the event or its processing, whichever is later', () => {
  const retention = at(0);
  expect(endOf(retention.end('2016-04-05T20:45:00Z'))).toBe(days);
  expect(endOf(retention.end('2025-06-05T10:00:00Z'))).toBe(days + 3);
  expect(endOf(retention.end())).toBe(days);
  expect(endOf(retention.end('no time'))).toBe(days);
});

test.each([
  ['unlimited', false],
  ['90', true],
])('functions are told %s', (value, limited) => {
  expect(readRetention(value).isLimited).toBe(limited);
});

test('functions are told nothing else', () => {
  expect(() => readRetention('soon')).toThrow('RETENTION_DAYS is no whole number: soon');
});

test('without an end nothing has one', async () => {
  const deployment = new Deployment();
  await deployment.arrive(null, issuance, call);
  const items = [...(await itemsOf(deployment.sessions)), ...(await itemsOf(deployment.evidence))];
  expect(items.length).toBeGreaterThan(4);
  expect(items.filter(item => endAttribute in item)).toEqual([]);
});

test('evidence ends after so many days, a session and all that finds it a week later', async () => {
  const deployment = new Deployment();
  await deployment.arrive(0, issuance, call);
  const evidence = await itemsOf(deployment.evidence);
  const sessions = await itemsOf(deployment.sessions);
  expect([evidence.length, sessions.length > 4]).toEqual([2, true]);
  expect(evidence.map(endOf).map(Math.floor)).toEqual([days, days]);
  expect(new Set(sessions.map(endOf).map(Math.floor))).toEqual(new Set([days + 7]));
});

describe('any order, on any days, ends in the same items but for their ends', () => {
  const cases = linkingCases().filter(each => eventsOf(each).length > 2);
  const chosen = [0, Math.floor(cases.length / 2), cases.length - 1].flatMap(index => cases[index] ?? []);

  test.each(chosen)('$name', async each => {
    const events = eventsOf(each);
    const [atOnce, apart] = [new Deployment(), new Deployment()];
    await atOnce.arrive(0, ...events);
    // When: the last first, each twice, twenty days from one to the next
    for (const [index, event] of [...events].reverse().entries()) {
      await apart.arrive((index * 60) / events.length, event);
      await apart.arrive((index * 60) / events.length + 1, event);
    }
    // Then
    const answersOf = async (deployment: Deployment) =>
      (await itemsOf(deployment.sessions))
        .filter(item => item.item?.S?.startsWith('session#'))
        .map(({ [endAttribute]: _, ...item }) => item);
    const answers = await answersOf(atOnce);
    expect(answers.length).toBeGreaterThan(0);
    expect(comparable(await answersOf(apart))).toEqual(comparable(answers));
    const factsOf = async (deployment: Deployment) =>
      (await itemsOf(deployment.sessions)).filter(item =>
        /^(issuance|use|child|word|word-child)#/.test(item.item?.S ?? ''),
      );
    expect(comparable(await factsOf(apart))).toEqual(comparable(await factsOf(atOnce)));
  });
});

describe('a session whose later call arrives eighty days after its issuance', () => {
  const story = async () => {
    const deployment = new Deployment();
    await deployment.arrive(0, issuance, call);
    await deployment.arrive(80, lateCall);
    return deployment;
  };
  const answer = async (deployment: Deployment) => {
    const { answers } = await new SessionsTable(db.client, deployment.sessions).read(key);
    return answers[0];
  };

  test('keeps the issuance, and all that finds it, as long as the call', async () => {
    const deployment = await story();
    expect((await answer(deployment))?.status).toBe('linked');
    // The first delivery's own end is over, and nothing of the session is.
    expect(await deployment.ended(days + 8)).toEqual([]);
    expect(await deployment.ended(80 + days - 1)).toEqual([]);
    expect((await deployment.ended(80 + days + 8)).length).toBeGreaterThan(4);
  });

  test('writes nothing more than once a week', async () => {
    const deployment = await story();
    const before = await itemsOf(deployment.sessions);
    await deployment.arrive(86, lateCall);
    expect(await itemsOf(deployment.sessions)).toEqual(before);
  });
});

test('an end is never sooner than it was', async () => {
  const deployment = new Deployment();
  await deployment.arrive(80, issuance, call);
  const before = await itemsOf(deployment.sessions);
  // When: an execution that began long before comes to its end
  await deployment.arrive(0, issuance, call);
  expect(await itemsOf(deployment.sessions)).toEqual(before);
});

test('the ledger’s files and hours end, what is known of an account as a whole does not', async () => {
  const deployment = new Deployment();
  const key = '999999999999_CloudTrail_us-east-1_20250602T1005Z_x.json.gz';
  const file = { bucket: 'trail', key, etag: 'e', records: 1, kept: 1, earliest: null, reads: true };
  await new LedgerTable(db.client, deployment.ledger, at(0)).mark([
    { ...file, roles: 'r', execution: 'e', at: 'now' },
  ]);
  const ends = (await itemsOf(deployment.ledger)).map(item => [
    item.place?.S,
    endAttribute in item ? Math.floor(endOf(item)) : null,
  ]);
  expect(ends.sort((one, other) => (`${one}` < `${other}` ? -1 : 1))).toEqual([
    ['999999999999#us-east-1', days],
    ['accounts', null],
    ['coverage#999999999999', null],
    ['coverage#999999999999', days],
  ]);
});

test('what was told of a session ends no sooner than the session', async () => {
  const deployment = new Deployment();
  await deployment.arrive(0, call);
  const { answers } = await new SessionsTable(db.client, deployment.sessions).read(key);
  await new AlertsTable(db.client, deployment.sessions, at(1)).notice(answers, '2025-06-03T10:00:00Z');
  const items = await itemsOf(deployment.sessions);
  const alert = items.find(item => item.item?.S?.startsWith('alert#'));
  const session = items.find(item => item.item?.S?.startsWith('session#'));
  expect(endOf(alert)).toBeGreaterThanOrEqual(endOf(session));
});
