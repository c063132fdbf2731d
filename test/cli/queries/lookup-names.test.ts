import { People } from '../../../cli/people/people.ts';
import { mostCandidates, named, rolesMeant } from '../../../cli/queries/lookup-names.ts';
import { nameParty, stepsTo } from '../../../cli/views/terminal/party.ts';
import { correlate } from '../../../core/linking/correlate.ts';
import { isMasked } from '../../../core/linking/principal.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { NamesTable } from '../../../steps/store/names-table.ts';
import { SessionsTable } from '../../../steps/store/sessions-table.ts';
import { sessionsTable } from '../../../steps/store/tables.ts';
import { eventsOfIdentity, identityCases } from '../../core/linking/identity-case.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';
import { answer } from '../fixtures.ts';

let db: DynamoDbFixture;
let tables: { sessions: SessionsTable; names: NamesTable };
let told: SessionAnswer[];

/** Every way credentials come about, in one state. */
beforeAll(async () => {
  db = await dynamoDbFixture([tableOf('sessions', sessionsTable)]);
  tables = {
    sessions: new SessionsTable(db.client, 'sessions'),
    names: new NamesTable(db.client, 'sessions'),
  };
  for (const each of identityCases()) await correlate(eventsOfIdentity(each), tables.sessions);
  told = [];
  for await (const each of tables.sessions.since()) told.push(each);
});
afterAll(() => db.close());

const look = (subject: string, people?: People) =>
  named(subject, tables, { limit: 1_000, ...(people && { people }) });

/** All that a reader is shown of a session that may be asked for again. */
function shownOf(each: SessionAnswer): string[] {
  const { arn, principalId, sessionName, sourceIdentity, roleArn, origin, named: person, chain } = each;
  const parties = [...(origin ? [origin] : []), ...chain.map(({ caller }) => caller)];
  const shown = [
    ...[arn, principalId, sessionName, sourceIdentity, roleArn, person, ...(each.signInSessions ?? [])],
    ...parties.flatMap(party => [party.arn, party.principalId, party.onBehalfOf, party.workload]),
    ...parties.filter(({ type }) => type !== 'AWSService').map(party => nameParty(party).name),
    ...stepsTo(each)
      .slice(-1)
      .map(step => (step.roleArn?.includes(':role/') ? step.name : null)),
    ...(origin ? [nameParty(origin).name] : []),
  ];
  // An id that was made anonymous, and a caller of whom nothing is known, are not names.
  const said = shown.filter((text): text is string => text !== null && text !== '');
  return said.filter(text => !isMasked(text) && text !== 'Unknown');
}

test('whatever is shown of a session finds it, in small letters and in capitals', async () => {
  const missed: string[] = [];
  const subjects = new Map<string, Set<string>>();
  for (const each of told) {
    for (const text of shownOf(each)) subjects.set(text, (subjects.get(text) ?? new Set()).add(each.session));
  }
  expect(subjects.size).toBeGreaterThan(100);
  for (const [text, wanted] of subjects) {
    const found = await look(text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());
    const sessions = new Set(found?.sessions.map(({ session }) => session));
    for (const session of wanted) if (!sessions.has(session)) missed.push(`${text}: ${session}`);
  }
  expect(missed).toEqual([]);
});

test('a role on the way is known by its name and its ARN, also where no session of its own is here', async () => {
  const way = told
    .flatMap(each => stepsTo(each).slice(0, -1))
    .filter(({ roleArn }) => roleArn?.includes(':role/'));
  expect(way.length).toBeGreaterThan(5);
  for (const { name, roleArn } of way) {
    for (const subject of [name, roleArn ?? ''])
      expect((await look(subject.toLowerCase()))?.roles).toContain(roleArn);
  }
});

describe('what is at hand in an incident', () => {
  const irene = 'arn:aws:iam::185353488042:user/irene';

  // What userIdentity, GuardDuty findings and AccessDenied messages show
  test.each([
    'arn:aws:sts::185353488042:assumed-role/AppAdmin/irene-cli',
    'AROA2XFDE2IUP3OBGOG2M:irene-cli',
    'AppAdmin/irene-cli',
  ])('%s finds the session and who is behind it', async subject => {
    const found = await look(subject);
    expect(found?.sessions.map(({ origin }) => origin?.arn)).toContain(irene);
    expect(Object.values(found?.as ?? {})).toContain('itself');
  });

  test('a session’s name finds it, as a name that its caller chose', async () => {
    const found = await look('Irene-CLI');
    expect(found?.sessions.map(({ origin }) => origin?.arn)).toContain(irene);
    expect(new Set(Object.values(found?.as ?? {}))).toEqual(new Set(['chosen']));
  });

  test('a user finds the sessions behind which they are', async () => {
    const found = await look('IRENE');
    expect(found?.sessions.map(({ origin }) => origin?.arn)).toContain(irene);
    expect(found?.sessions.every(({ origin }) => origin?.userName === 'irene')).toBe(true);
    expect(new Set(Object.values(found?.as ?? {}))).toEqual(new Set(['who']));
  });

  test('the id of a role, with no session’s name, finds the role and its sessions', async () => {
    const found = await look('AROA2XFDE2IUP3OBGOG2M');
    expect(found?.roles).toEqual(['arn:aws:iam::185353488042:role/AppAdmin']);
    expect(Object.values(found?.as ?? {})).toContain('role');
  });

  test('what nothing has finds nothing', async () => {
    for (const subject of ['nobody', '', '   ', 'AppAdmin/nobody', 'arn:aws:iam::185353488042:role/Nothing'])
      expect(await look(subject)).toBeNull();
  });
});

test('a name given for a user of Identity Center finds what the user is behind', async () => {
  const userId = told.flatMap(({ origin }) => origin?.onBehalfOf ?? [])[0] ?? '';
  const people = new People(new Map([[userId.toLowerCase(), 'Kim Ortiz']]));
  const found = await look('kim ORTIZ', people);
  expect(found?.sessions.length).toBeGreaterThan(0);
  expect(found?.sessions.every(({ origin, chain }) => JSON.stringify([origin, chain]).includes(userId))).toBe(
    true,
  );
  expect(await look('kim ORTIZ')).toBeNull();
});

describe('of many', () => {
  beforeAll(async () => {
    for (let n = 0; n < 33; n += 1) {
      const credential = `ASIAMANY${String(n).padStart(12, '0')}`;
      const began = `2024-01-01T00:00:${String(n).padStart(2, '0')}Z`;
      const roleArn = 'arn:aws:iam::777777777777:role/Crowded';
      const one = answer({
        ...{ credential, session: `${credential}.0`, sessionName: 'crowd', began, roleArn },
        ...{ principalId: 'AROACROWDED:crowd', origin: null, named: null },
      });
      await tables.sessions.replace(credential, { answers: [], basis: [] }, { answers: [one], basis: ['b'] });
    }
  });

  test.each([
    'crowd',
    'crowded',
    'AROACROWDED',
    'AROACROWDED:crowd',
    'arn:aws:iam::777777777777:role/Crowded',
  ])('the newest twenty are told, and how many there are: %s', async subject => {
    const found = await named(subject, tables);
    expect(found?.sessions).toHaveLength(mostCandidates);
    expect(found?.sessions[0]?.began).toBe('2024-01-01T00:00:32Z');
    expect([found?.more, found?.uncounted]).toEqual([13, false]);
  });
});

describe('a role that is meant', () => {
  const role = 'arn:aws:iam::777777777777:role/Crowded';
  test.each([
    ['its ARN', role],
    ['its name', 'CROWDED'],
    ['its name with a path', 'team/crowded'],
    ['its unique id', 'aroacrowded'],
    ['the ARN of one of its sessions', 'arn:aws:sts::777777777777:assumed-role/Crowded/crowd'],
  ])('by %s', async (_what, text) => {
    expect(await rolesMeant(text, tables)).toEqual([role]);
  });

  test('is none where no session is of it', async () => {
    expect(await rolesMeant('CrossAccountTest', tables)).toEqual([]);
  });
});
