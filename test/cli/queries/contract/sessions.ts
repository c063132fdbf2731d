import { sessionsOf } from '../../../../cli/queries/sessions.ts';
import type { Store } from '../../../../cli/queries/store.ts';
import type { SessionAnswer } from '../../../../core/linking/session-answer.ts';
import { crowd, crowdedRole, sessions } from './given-sessions.ts';

const { older, newer, chosen, unlinked, unlinkedLater, ambiguous, console } = sessions;
const inOrder = [older, unlinked, ambiguous, unlinkedLater, newer, chosen, console, ...crowd];
const sessionSortKey = ({ began, session }: SessionAnswer) => `${began}#${session}`;
const all = Array.fromAsync;

/** What holds for sessions and what finds them. `store`: the store that is held against it. */
export function sessionsContract(store: () => Store): void {
  describe('sessions', () => {
    test('are read by their credential, a console session by its keys, too', async () => {
      expect((await store().sessions.read(older.credential)).answers).toEqual([older]);
      expect((await store().sessions.read('ASIACONSOLEKEY000001')).answers).toEqual([console]);
      expect((await store().sessions.read('ASIANOBODY')).answers).toEqual([]);
    });

    test('are listed once each, oldest first', async () => {
      expect(await all(store().sessions.since())).toEqual(inOrder);
    });

    test('are listed from a time on, or from the place of one', async () => {
      expect(await all(store().sessions.since('2025-03-12T09:00:00Z'))).toEqual(inOrder.slice(4));
      expect(await all(store().sessions.since('2025-03-12'))).toEqual(inOrder.slice(4));
      expect(await all(store().sessions.since(sessionSortKey(ambiguous)))).toEqual(inOrder.slice(2));
      expect(await all(store().sessions.since('2026'))).toEqual([]);
    });

    test('of one status are listed, oldest first', async () => {
      expect(await all(store().sessions.open('unlinked'))).toEqual([unlinked, unlinkedLater]);
      expect(await all(store().sessions.open('unlinked', sessionSortKey(unlinkedLater)))).toEqual([
        unlinkedLater,
      ]);
      expect(await all(store().sessions.open('ambiguous'))).toEqual([ambiguous]);
      expect(await all(store().sessions.open('unknown'))).toEqual([]);
    });

    test('of several statuses are one list', async () => {
      const open = await all(sessionsOf({ open: ['unlinked', 'ambiguous'] }, store()));
      expect(open).toEqual([unlinked, ambiguous, unlinkedLater]);
    });

    test.each([
      'arn:aws:iam::999999999999:role/team/DataAdmin',
      'arn:aws:iam::999999999999:role/dataadmin',
      'arn:aws:sts::999999999999:assumed-role/DataAdmin/deploy',
    ])('of a role are listed by %s', async role => {
      expect(await all(store().sessions.byRole(role))).toEqual([older, newer]);
      expect(await all(store().sessions.byRole(role, '2025-03-11'))).toEqual([newer]);
    });

    test('of a role: the newest, and how many more', async () => {
      const { answers, others, more } = await store().sessions.newestOf(crowdedRole, 20);
      expect(answers).toEqual([...crowd].reverse().slice(0, 20));
      expect([others, more]).toEqual([10, false]);
      expect(await store().sessions.newestOf(crowdedRole, 30)).toMatchObject({ others: 0, more: false });
      expect((await store().sessions.newestOf('arn:aws:iam::999999999999:role/None', 5)).answers).toEqual([]);
    });
  });

  describe('names', () => {
    const found = async (name: string) =>
      (await store().names.find(name)).sessions.map(({ session }) => session);

    test.each(['alice', 'ALICE', ' Alice '])(
      '%j: who is behind sessions before what a caller chose',
      async name => {
        expect(await found(name)).toEqual([newer.session, older.session, chosen.session]);
      },
    );

    test.each(['arn:aws:iam::111111111111:user/team/alice', 'AIDAALICE000000001', 'team/alice'])(
      '%s finds those that the user is behind',
      async name => {
        expect(await found(name)).toEqual([newer.session, older.session]);
      },
    );

    test.each(['', '  ', 'alic', 'arn:aws:iam::111111111111:user/other/alice'])(
      '%j finds nothing',
      async name => {
        expect(await store().names.find(name)).toMatchObject({ roles: [], sessions: [], more: false });
      },
    );

    test('lead to answers, in their order; to null where there is none', async () => {
      const { sessions: named } = await store().names.find('crowd');
      expect(named).toHaveLength(crowd.length);
      expect(await store().names.answersOf(named)).toEqual([...crowd].reverse());
      const nobody = { session: 'ASIANOBODY.0', credential: 'ASIANOBODY' };
      expect(await store().names.answersOf([nobody, ...named.slice(0, 1)])).toEqual([null, crowd.at(-1)]);
    });

    test.each([
      [
        'DATAADMIN',
        ['arn:aws:iam::222222222222:role/DataAdmin', 'arn:aws:iam::999999999999:role/team/DataAdmin'],
      ],
      ['aroadataadmin00001', ['arn:aws:iam::999999999999:role/team/DataAdmin']],
      ['admin', []],
    ])('%s: the roles that it is a name of', async (name, roles) => {
      expect(await store().names.roles(name)).toEqual(roles);
      expect((await store().names.find(name)).roles.sort()).toEqual(roles);
    });

    test('list the sessions behind which somebody is, oldest first, from a time on', async () => {
      for (const name of ['ALICE', 'aidaalice000000001'])
        expect(await all(store().names.behind(name))).toEqual([older, newer]);
      expect(await all(store().names.behind('alice', '2025-03-11'))).toEqual([newer]);
      expect(await all(store().names.behind('alice', sessionSortKey(newer)))).toEqual([newer]);
      expect(await all(store().names.behind('deploy'))).toEqual([]);
    });
  });
}

/** What holds for alerts. `store`: the store that is held against it. */
export function alertsContract(store: () => Store): void {
  describe('alerts', () => {
    test('that stand are listed, newest session first; a withdrawn one is not', async () => {
      const standing = await all(store().alerts.newestFirst());
      expect(standing.map(({ session }) => session)).toEqual([unlinkedLater.session, unlinked.session]);
      expect(standing[0]).toMatchObject({
        state: 'alerted',
        alertedAt: '2025-03-11T12:06:00Z',
        explainedAt: null,
      });
      const until = standing[1]?.at ?? '';
      expect(await all(store().alerts.newestFirst({ until }))).toEqual(standing.slice(1));
      expect(await all(store().alerts.newestFirst({ until: unlinked.began }))).toEqual([]);
      expect(await all(store().alerts.newestFirst({ since: unlinkedLater.began }))).toEqual(
        standing.slice(0, 1),
      );
    });

    test('are known of their session, also when they were withdrawn', async () => {
      expect(await store().alerts.of(ambiguous)).toEqual({
        ...{ credential: ambiguous.credential, session: ambiguous.session, state: 'explained', putOff: null },
        noticedAt: '2025-03-11T12:00:00Z',
        alertedAt: '2025-03-11T12:05:30Z',
        explainedAt: '2025-03-11T13:00:00Z',
      });
      expect(await store().alerts.of(older)).toBeNull();
    });
  });
}
