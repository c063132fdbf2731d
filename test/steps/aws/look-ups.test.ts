import { EvidenceTable } from '../../../steps/aws/evidence-table.ts';
import { SessionsTable } from '../../../steps/aws/sessions-table.ts';
import { correlate } from '../../../steps/linking/correlate.ts';
import { evidenceTable, sessionsTable } from '../../../steps/tables.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';
import { eventsOf, linkingCases } from '../linking/linking-case.ts';

jest.setTimeout(60_000);

const requests: string[] = [];
let db: DynamoDbFixture;
let evidence: EvidenceTable;
let sessions: SessionsTable;

/** One session that is linked, and one that is not. */
const stories = ['exact-key.json', 'identity-center-nobody-issued.json'];
const events = stories
  .flatMap(story => linkingCases().filter(({ file }) => file === story))
  .flatMap(eventsOf);

beforeAll(async () => {
  db = await dynamoDbFixture([tableOf('evidence', evidenceTable), tableOf('sessions', sessionsTable)], {
    authorize: action => requests.push(action.split(' ')[0] ?? ''),
  });
  evidence = new EvidenceTable(db.client, 'evidence');
  sessions = new SessionsTable(db.client, 'sessions');
  const records = events.map(event => ({ event, text: JSON.stringify(event) }));
  await evidence.write(records, 'execution', new Map());
  await correlate(events, sessions);
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
    'the sessions of an origin',
    async () => {
      const arn = (await linked()).origin?.arn ?? '';
      return () => all(sessions.byOrigin(arn));
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
])('%s: one Query finds it', async (_what, prepare) => {
  const look = await prepare();
  requests.length = 0;
  const found = await look();
  expect(found.length).toBeGreaterThan(0);
  expect(requests).toEqual([expect.stringMatching(/Query$/)]);
});
