import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { correlate } from '../../../core/linking/correlate.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { inParallel } from '../../../core/parallel.ts';
import type { AuditEvent } from '../../../core/records/event.ts';
import { markOf, nameItems, namePartition } from '../../../steps/store/name-item.ts';
import { NamesTable } from '../../../steps/store/names-table.ts';
import { SessionsTable } from '../../../steps/store/sessions-table.ts';
import { sessionsTable } from '../../../steps/store/tables.ts';
import { answer, unlinked } from '../../cli/fixtures.ts';
import { eventsOf, linkingCases } from '../../core/linking/linking-case.ts';
import { type DynamoDbFixture, dynamoDbFixture, tableOf } from '../../local/dynamodb-fixture.ts';

let db: DynamoDbFixture;
let refuse: ((action: string) => void) | undefined;
const requests: string[] = [];

beforeAll(async () => {
  const authorize = (action: string) => {
    requests.push(action.split(' ')[0] ?? '');
    refuse?.(action);
  };
  db = await dynamoDbFixture([tableOf('sessions', sessionsTable)], { authorize });
});
afterAll(() => db.close());
afterEach(() => {
  refuse = undefined;
});

const sessions = () => new SessionsTable(db.client, 'sessions');
const names = () => new NamesTable(db.client, 'sessions');
const none = { answers: [], basis: [] };
let apart = 0;

/** A session of its own key, stored as an execution stores it. */
async function stored(more: Partial<SessionAnswer>, table = sessions()): Promise<SessionAnswer> {
  apart += 1;
  const credential = `ASIANAMES${String(apart).padStart(11, '0')}`;
  const session = answer({ credential, accessKeyId: credential, session: `${credential}.00000000`, ...more });
  await table.replace(credential, none, { answers: [session], basis: ['one'] });
  return session;
}
const found = async (name: string) => (await names().find(name)).sessions.map(({ session }) => session);

describe('a session', () => {
  test('is found by each of its names, whatever the case, in one Query', async () => {
    const session = await stored({ sessionName: 'Unlike-Others', sourceIdentity: 'Source-Of-It' });
    for (const name of ['unlike-others', 'SOURCE-OF-IT', ' Unlike-Others ']) {
      requests.length = 0;
      expect(await found(name)).toEqual([session.session]);
      expect(requests).toEqual([expect.stringMatching(/Query$/)]);
    }
    expect(await found('unlike')).toEqual([]);
  });

  test('with a name too long for a key is found by it, whole', async () => {
    const long = `${'ä'.repeat(200)}-end`;
    expect(Buffer.byteLength(namePartition(long))).toBeLessThan(100);
    const session = await stored({ sourceIdentity: long });
    expect(await found(long.toUpperCase())).toEqual([session.session]);
    expect(await found(long.slice(0, -1))).toEqual([]);
  });

  test('is told once, with the begin that is known now, when that was another before', async () => {
    const table = sessions();
    const before = await stored({ sessionName: 'moved', began: '2025-03-12T09:00:00Z' }, table);
    const now = { ...before, began: '2025-03-10T09:00:00Z' };
    const seen = { answers: [before], basis: ['one'] };
    await table.replace(before.credential, seen, { answers: [now], basis: ['one', 'two'] });
    expect(await found('moved')).toEqual([before.session]);
    const behind = await all(names().behind('jsmith'));
    expect(behind.filter(({ session }) => session === before.session)).toEqual([now]);
    const days = (await all(table.since())).filter(({ session }) => session === before.session);
    expect(days).toEqual([now]);
  });

  test('that gets a name more is found by it, also where it ends like one that it had', async () => {
    const table = sessions();
    const before = await stored({ sessionName: 'lent-later', origin: null, named: null }, table);
    const arn = 'arn:aws:iam::555555555555:user/team/lent-later';
    const now = { ...before, sourceIdentity: 'team/lent-later', signInSessions: [arn] };
    await table.replace(
      before.credential,
      { answers: [before], basis: ['one'] },
      { answers: [now], basis: ['one', 'two'] },
    );
    for (const name of ['lent-later', arn, 'team/lent-later'])
      expect(await found(name)).toEqual([before.session]);
  });

  test('is not found by a name that only ends like one of its own', async () => {
    const session = await stored({
      arn: 'arn:aws:sts::999999999999:assumed-role/One/alike',
      sessionName: 'alike',
    });
    expect(await found('alike')).toEqual([session.session]);
    expect(await found('arn:aws:sts::999999999999:assumed-role/One/alike')).toEqual([session.session]);
    for (const other of [
      'arn:aws:sts::999999999999:assumed-role/Other/alike',
      'arn:aws:iam::999999999999:user/alike',
      'AROAOTHERROLE00000001:alike',
    ])
      expect(await found(other)).toEqual([]);
  });

  test('that does not have the name any more is none of those behind which it is', async () => {
    const table = sessions();
    const before = await stored({ origin: { ...answer().origin, userName: 'lent' } as never }, table);
    const seen = { answers: [before], basis: ['one'] };
    await table.replace(before.credential, seen, {
      answers: [{ ...before, origin: null, named: null }],
      basis: ['one', 'two'],
    });
    expect(await all(names().behind('lent'))).toEqual([]);
  });

  test('is found when the execution ended between its names and its answer, once it is tried again', async () => {
    const session = unlinked({ sessionName: 'crashed', credential: 'ASIACRASHED', session: 'ASIACRASHED.0' });
    const next = { answers: [session], basis: ['one'] };
    refuse = action => {
      if (action.includes('PutItem')) throw new Error('gone');
    };
    await expect(sessions().replace('ASIACRASHED', none, next)).rejects.toThrow();
    refuse = undefined;
    // A name without an answer finds nobody.
    const [pointer] = (await names().find('crashed')).sessions;
    expect(pointer && (await names().answersOf([pointer]))).toEqual([null]);
    expect(await sessions().replace('ASIACRASHED', none, next)).toBe(true);
    expect(pointer && (await names().answersOf([pointer]))).toEqual([session]);
  });

  test('has its names before it has its answer', async () => {
    const session = unlinked({ sessionName: 'early', credential: 'ASIAEARLY', session: 'ASIAEARLY.0' });
    refuse = action => {
      if (action.includes('PartiQLInsert')) throw new Error('gone');
    };
    await expect(
      sessions().replace('ASIAEARLY', none, { answers: [session], basis: ['one'] }),
    ).rejects.toThrow();
    refuse = undefined;
    expect((await sessions().read('ASIAEARLY')).answers).toEqual([]);
  });
});

test('who is behind sessions comes before those that somebody named so, and of each the newest first', async () => {
  const named = await stored({ sessionName: 'deploy', began: '2025-06-01T00:00:00Z' });
  const origin = { ...answer().origin, userName: 'deploy' } as SessionAnswer['origin'];
  const older = await stored({ origin, named: 'deploy', began: '2025-01-01T00:00:00Z' });
  const newer = await stored({ origin, named: 'deploy', began: '2025-02-01T00:00:00Z' });
  expect(await found('deploy')).toEqual([newer.session, older.session, named.session]);
  expect(await all(names().behind('deploy'))).toEqual([older, newer]);
  expect(await all(names().behind('deploy', '2025-01-15T00:00:00Z'))).toEqual([newer]);
});

test('the unique id of a user leads to all sessions behind which the user is, by ARN or by the id alone', async () => {
  const id = 'AIDAUNIQUEOFONEUSER01';
  const kim = {
    ...answer().origin,
    userName: 'kim',
    principalId: id,
    arn: 'arn:aws:iam::111111111111:user/kim',
  };
  const origin = kim as SessionAnswer['origin'];
  const nameless = { ...kim, type: 'AWSAccount', arn: null, userName: null } as SessionAnswer['origin'];
  const first = await stored({ origin, named: 'kim', began: '2025-01-01T00:00:00Z' });
  const second = await stored({ origin: nameless, named: null, began: '2025-02-01T00:00:00Z' });
  const third = await stored({ origin, named: 'kim', began: '2025-03-01T00:00:00Z' });
  // A user of the same name who was made anew has another id.
  const anew = { ...kim, principalId: 'AIDAUNIQUEOFONEUSER02' } as SessionAnswer['origin'];
  await stored({ origin: anew, named: 'kim', began: '2025-04-01T00:00:00Z' });
  expect(new Set(await found(id.toLowerCase()))).toEqual(
    new Set([first, second, third].map(each => each.session)),
  );
  expect(await all(names().behind(id))).toEqual([first, second, third]);
  expect(await all(names().behind(id, '2025-02-01T00:00:00Z'))).toEqual([second, third]);
  expect(await all(names().behind('kim'))).toHaveLength(3);
});

test('an answer that is replaced writes no name again that it had', async () => {
  const table = sessions();
  const before = await stored({ sessionName: 'steady' }, table);
  requests.length = 0;
  const next = { answers: [{ ...before, flags: ['used-after-expiry' as const] }], basis: ['one', 'two'] };
  await table.replace(before.credential, { answers: [before], basis: ['one'] }, next);
  expect(requests).toEqual([expect.stringMatching(/PutItem$/)]);
});

test('a role is found by its name in each account, whatever path and case, and by its unique id', async () => {
  const inTeam = 'arn:aws:iam::111111111111:role/team/Found-Here';
  const other = 'arn:aws:iam::222222222222:role/Found-Here';
  await stored({ roleArn: inTeam, principalId: 'AROAFOUND1:x' });
  await stored({ roleArn: other, principalId: 'AROAFOUND2:x' });
  expect((await names().roles('FOUND-HERE')).sort()).toEqual([inTeam, other].sort());
  expect(await names().roles('aroafound1')).toEqual([inTeam]);
  expect(await names().roles('found')).toEqual([]);
  const bySession = 'arn:aws:sts::111111111111:assumed-role/found-here/x';
  for (const arn of [inTeam, bySession, 'arn:aws:iam::111111111111:role/Found-Here'])
    expect((await all(sessions().byRole(arn))).map(({ roleArn }) => roleArn)).toEqual([inTeam]);
});

test('of a name with more than are told, all are counted in the same Query', async () => {
  const table = sessions();
  await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      stored({ sessionName: 'many', began: `2025-03-11T09:00:${String(n).padStart(2, '0')}Z` }, table),
    ),
  );
  requests.length = 0;
  const { sessions: all60, more } = await names().find('MANY');
  expect([all60.length, more, requests.length]).toEqual([60, false, 1]);
});

test('of thousands with one name, one page is read, and that there are more is said', async () => {
  // Given more than a megabyte of one name’s entries, of which the last has another ARN that ends alike, too
  const one = await stored({
    sessionName: 'crowd',
    arn: 'arn:aws:sts::999999999999:assumed-role/Rare/crowd',
  });
  const rare = one.arn ?? '';
  const [model] = nameItems(one.credential, { answers: [one] }).filter(item => item.marks);
  const batches = Array.from({ length: 104 }, (_, n) => n * 25);
  await inParallel(batches, 8, async from => {
    const puts = Array.from({ length: 25 }, (_, n) => ({
      PutRequest: {
        Item: {
          ...model,
          credential: { S: namePartition('crowd') },
          item: {
            S: `~who#2026-05-01T00:00:00Z#ASIACROWD${String(from + n).padStart(11, '0')}.0#00000000`,
          },
          marks: { S: markOf('crowd').repeat(40) },
        },
      },
    }));
    await db.client.send(new BatchWriteItemCommand({ RequestItems: { sessions: puts } }));
  });
  requests.length = 0;
  const many = await names().find('crowd');
  expect([many.more, requests.length]).toEqual([true, 1]);
  expect(many.sessions.length).toBeGreaterThan(2_000);
  // When: what few have among the many is looked through for
  expect((await names().find(rare)).sessions.map(({ session }) => session)).toEqual([one.session]);
});

// A record may have any text where a key stands: one that is called like a partition of ours must not fail its batch.
test.each(['days', 'refused', 'name#jsmith', 'name#crossaccounttest'])(
  'a key that is called %s takes nothing of the index for its own',
  async key => {
    const events = linkingCases()
      .filter(({ file }) => file === 'exact-key.json')
      .flatMap(eventsOf)
      .map(event => ({ ...event, denied: 'arn:aws:iam::999999999999:role/DataAdmin' }));
    const call = events.find(event => event.credential) as AuditEvent;
    const table = sessions();
    await stored({});
    await correlate(events, table);
    const forged = { ...call, credential: key, eventID: `forged-${key}`, denied: null };
    await correlate([forged], table);
    expect((await table.read(key)).answers.map(({ status }) => status)).toEqual(['unlinked']);
    expect(await all(table.since())).not.toHaveLength(0);
    expect(await found('jsmith')).not.toHaveLength(0);
  },
);

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}
