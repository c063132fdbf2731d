import { correlate } from '../../../core/linking/correlate.ts';
import { attemptName } from '../../../core/linking/refused.ts';
import { AlertsTable } from '../../../steps/store/alerts-table.ts';
import { EvidenceTable } from '../../../steps/store/evidence-table.ts';
import { NamesTable } from '../../../steps/store/names-table.ts';
import { RefusedTable } from '../../../steps/store/refused-table.ts';
import { SessionsTable } from '../../../steps/store/sessions-table.ts';
import { evidenceTable, sessionsTable } from '../../../steps/store/tables.ts';
import { eventsOf, linkingCases } from '../../core/linking/linking-case.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';

const requests: string[] = [];
let db: DynamoDbFixture;
let evidence: EvidenceTable;
let sessions: SessionsTable;
let names: NamesTable;
let alerts: AlertsTable;
let refused: RefusedTable;

/** One session that is linked, and one that is not. */
const stories = ['exact-key.json', 'hop-unmarked-not-console.json'];
const kept = stories.flatMap(story => linkingCases().filter(({ file }) => file === story)).flatMap(eventsOf);
const refusedRole = 'arn:aws:iam::999999999999:role/DataAdmin';
/** Refused attempts; the second is told by two accounts. */
const attempts = [
  ['first', '2025-03-11T09:00:00Z', '999999999999'],
  ['second', '2025-03-11T10:00:00Z', '999999999999'],
  ['second', '2025-03-11T10:00:00Z', '111111111111'],
  ['third', '2025-03-11T11:00:00Z', '999999999999'],
].flatMap(([eventID = '', eventTime = '', recipientAccountId = '']) =>
  kept.slice(0, 1).map(event => ({
    ...event,
    ...{ eventID, eventTime, recipientAccountId, denied: refusedRole, issuance: null, credential: null },
  })),
);
const events = [...kept, ...attempts];

beforeAll(async () => {
  db = await dynamoDbFixture([tableOf('evidence', evidenceTable), tableOf('sessions', sessionsTable)], {
    authorize: action => requests.push(action.split(' ')[0] ?? ''),
  });
  evidence = new EvidenceTable(db.client, 'evidence');
  sessions = new SessionsTable(db.client, 'sessions');
  names = new NamesTable(db.client, 'sessions');
  alerts = new AlertsTable(db.client, 'sessions');
  refused = new RefusedTable(db.client, 'sessions');
  const records = events.map(event => ({ event, text: JSON.stringify(event) }));
  await evidence.write(records, 'execution', new Map());
  await correlate(events, sessions);
  const unlinked = await all(sessions.open('unlinked'));
  await alerts.notice(unlinked, '2025-03-11T12:00:00Z');
  for (const session of unlinked) await alerts.alerted(session, '2025-03-11T12:05:00Z');
});
afterAll(() => db.close());

const call = () => events.find(event => event.credential && event.caller.arn) ?? events[0];
async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}
const linked = async () => {
  const { answers } = await sessions.read(call()?.credential ?? '');
  if (!answers[0]?.origin?.arn || !answers[0].roleArn) throw new Error('the story has no linked session');
  return answers[0];
};

test.each<[string, () => Promise<() => Promise<readonly unknown[]>>]>([
  ['an event', async () => () => evidence.event(call()?.eventID ?? '')],
  ['the calls of a credential', async () => () => all(evidence.calls(call()?.credential ?? ''))],
  ['a credential', async () => async () => (await sessions.read(call()?.credential ?? '')).answers],
  [
    'what a name finds',
    async () => {
      const { arn } = await linked();
      return async () => (await names.find(arn?.toUpperCase() ?? '')).sessions;
    },
  ],
  [
    'the roles of a name',
    async () => {
      const { roleArn } = await linked();
      const name = roleArn?.split('/').at(-1) ?? '';
      return () => names.roles(name.toLowerCase());
    },
  ],
  [
    'the newest sessions of a role',
    async () => {
      const { roleArn } = await linked();
      return async () => (await sessions.newestOf(roleArn ?? '', 20)).answers;
    },
  ],
  [
    'the sessions of a role since a time',
    async () => {
      const { roleArn, began } = await linked();
      return () => all(sessions.byRole(roleArn ?? '', began));
    },
  ],
  ['the unlinked sessions', async () => () => all(sessions.open('unlinked'))],
  ['the alerts that stand', async () => () => all(alerts.newestFirst())],
  ['the refused attempts', async () => () => all(refused.newestFirst())],
])('%s: one Query finds it', async (_what, prepare) => {
  const look = await prepare();
  requests.length = 0;
  const found = await look();
  expect(found.length).toBeGreaterThan(0);
  expect(requests).toEqual([expect.stringMatching(/Query$/)]);
});

test('the sessions of an origin: one Query finds them, and one request reads their answers', async () => {
  const { origin } = await linked();
  requests.length = 0;
  expect(await all(names.behind(origin?.arn ?? ''))).not.toHaveLength(0);
  expect(requests).toEqual([expect.stringMatching(/Query$/), expect.stringMatching(/BatchGetItem$/)]);
});

test('all sessions: one Query for the days that sessions began on, and one for each day', async () => {
  requests.length = 0;
  const found = await all(sessions.since());
  const days = new Set(found.map(({ began }) => began.slice(0, 10)));
  expect(found.length).toBeGreaterThan(1);
  expect(requests).toEqual(Array.from({ length: 1 + days.size }, () => expect.stringMatching(/Query$/)));
  // From the last of them on: the days before it are not read
  const last = found.at(-1);
  requests.length = 0;
  expect(await all(sessions.since(last?.began))).toContainEqual(last);
  expect(requests).toHaveLength(2);
});

test('all calls are found, too, when a request asks for one at a time', async () => {
  const credential = call()?.credential ?? '';
  const whole = await all(evidence.calls(credential));
  requests.length = 0;
  expect(await all(evidence.calls(credential, { perRequest: 1 }))).toEqual(whole);
  expect(requests.length).toBeGreaterThanOrEqual(whole.length);
  expect(await all(evidence.calls(credential, { perRequest: 1, limit: 1 }))).toEqual(whole.slice(0, 1));
});

describe('refused attempts', () => {
  const idsOf = async (span: Parameters<RefusedTable['newestFirst']>[0]) =>
    (await all(refused.newestFirst(span))).map(({ eventID }) => eventID);

  test('are listed newest first, one of two accounts’ copies', async () => {
    expect(await idsOf({})).toEqual(['third', 'second', 'first']);
    const [{ role, eventTime } = { role: '', eventTime: '' }] = await all(refused.newestFirst());
    expect([role, eventTime]).toEqual([refusedRole, '2025-03-11T11:00:00Z']);
  });

  test('lie between two times, and go on from one of them', async () => {
    expect(await idsOf({ since: '2025-03-11T10:00:00Z' })).toEqual(['third', 'second']);
    expect(await idsOf({ until: '2025-03-11T10:00:00Z' })).toEqual(['first']);
    const [, second] = await all(refused.newestFirst());
    expect(second && (await idsOf({ until: attemptName(second) }))).toEqual(['second', 'first']);
  });

  test('stay what they are when they are told again', async () => {
    await correlate(attempts, sessions);
    expect(await idsOf({})).toEqual(['third', 'second', 'first']);
  });
});

test('an alert says when it was told, and lies among the others by the begin of its session', async () => {
  const [alert] = await all(alerts.newestFirst());
  expect(alert).toMatchObject({ state: 'alerted', alertedAt: '2025-03-11T12:05:00Z', explainedAt: null });
  const began = alert?.at.split('#')[0] ?? '';
  expect(await all(alerts.newestFirst({ since: began }))).toHaveLength(1);
  expect(await all(alerts.newestFirst({ until: began }))).toEqual([]);
  expect(await all(alerts.newestFirst({ until: alert?.at ?? '' }))).toHaveLength(1);
  expect(alert && (await alerts.of(alert))).toMatchObject({ state: 'alerted' });
});
