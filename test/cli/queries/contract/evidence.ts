import { lookUp } from '../../../../cli/queries/lookup.ts';
import type { Store } from '../../../../cli/queries/store.ts';
import { attemptName } from '../../../../core/linking/refused.ts';
import { timeSortKey } from '../../../../core/records/evidence.ts';
import { given, key } from './given.ts';

const ids = (items: readonly { eventID: string }[]) => items.map(({ eventID }) => eventID);
const all = Array.fromAsync;

/** What holds for records, their calls and refused attempts. `store`: the store that is held against it. */
export function evidenceContract(store: () => Store): void {
  describe('evidence', () => {
    test('has each copy of an event, by account and who told it', async () => {
      const copies = await store().evidence.event('issue-1');
      expect(copies.map(each => [each.recipientAccountId, each.provenance])).toEqual([
        ['111111111111', 'partner'],
        ['999999999999', 'trail'],
      ]);
      expect(JSON.parse(copies[1]?.record ?? '')).toMatchObject({
        eventID: 'issue-1',
        sharedEventID: 'shared-2',
      });
      expect(copies[1]).toMatchObject({ source: 's3://trail/x', execution: 'the-execution' });
      expect(await store().evidence.event('issue')).toEqual([]);
    });

    test('has the records of listed calls, in their order, each once, and none for one that it does not hold', async () => {
      const calls = await all(store().evidence.calls(key, { newestFirst: true }));
      const [first] = calls;
      if (!first) throw new Error('no calls');
      const gone = { ...first, eventID: 'gone' };
      const records = await store().evidence.records([...calls.slice(0, 3), gone, first]);
      expect(ids(records)).toEqual(ids(calls.slice(0, 3)));
      expect(JSON.parse(records[0]?.record ?? '')).toMatchObject({ eventID: first.eventID });
      const other = { ...first, eventID: 'issue-1', recipientAccountId: '111111111111' };
      expect(await store().evidence.records([{ ...other, provenance: 'trail' }])).toEqual([]);
      const [copy] = await store().evidence.records([{ ...other, provenance: 'partner' }]);
      expect(copy).toMatchObject({ recipientAccountId: '111111111111', provenance: 'partner' });
      expect(await store().evidence.records([])).toEqual([]);
    });

    test('has the records of one request, by what they share', async () => {
      expect((await store().evidence.ofRequest('shared-1')).sort()).toEqual(['call0001-own', 'copy0001']);
      expect(await store().evidence.ofRequest('call0001-own')).toEqual(['call0006-more']);
      expect(await store().evidence.ofRequest('call0002')).toEqual([]);
    });

    test('leads from any of them to the call and to the others', async () => {
      for (const asked of ['call0001-own', 'copy0001', 'call0006-more']) {
        const found = await lookUp(asked, store());
        const records = found?.kind === 'event' ? ids(found.evidence) : [];
        expect(records[0]).toBe(asked);
        expect([...records].sort()).toEqual(['call0001-own', 'call0006-more', 'copy0001']);
      }
    });

    const inTime = [
      ...['call0001-own', 'call0002', 'call0003-sooner-by-name', 'call0004-later-by-name'],
      ...['call0005', 'call0006-more'],
    ];

    test('lists the calls of a credential by time, within a second by id', async () => {
      expect(ids(await all(store().evidence.calls(key)))).toEqual(inTime);
      expect(ids(await all(store().evidence.calls(key, { newestFirst: true })))).toEqual(
        [...inTime].reverse(),
      );
      expect(await all(store().evidence.calls('ASIANOBODY'))).toEqual([]);
    });

    test('lists so many, from a time sort key on, however many a request asks for', async () => {
      const [, , third] = await all(store().evidence.calls(key));
      const from = third ? timeSortKey(third) : '';
      expect(ids(await all(store().evidence.calls(key, { from })))).toEqual(inTime.slice(2));
      expect(ids(await all(store().evidence.calls(key, { from, limit: 2 })))).toEqual(inTime.slice(2, 4));
      expect(ids(await all(store().evidence.calls(key, { limit: 4, newestFirst: true })))).toEqual(
        [...inTime].reverse().slice(0, 4),
      );
      expect(ids(await all(store().evidence.calls(key, { perRequest: 2 })))).toEqual(inTime);
      expect(ids(await all(store().evidence.calls(key, { perRequest: 2, limit: 3 })))).toEqual(
        inTime.slice(0, 3),
      );
    });

    test('tells of a call what a list shows', async () => {
      const [first, second, , , , addendum] = await all(store().evidence.calls(key));
      expect(first).toMatchObject({
        eventTime: '2025-03-11T09:00:01Z',
        agent: 'aws-cli/2.15.0',
        errorCode: null,
      });
      expect(first).toMatchObject({ eventName: 'ListBuckets', request: 'shared-1', amends: null });
      expect(second).toMatchObject({ errorCode: 'AccessDenied', request: null });
      expect(addendum).toMatchObject({ request: 'call0001-own', amends: 'call0001-own' });
      expect(Object.keys(first ?? {})).toHaveLength(13);
    });

    test('knows the console session that a fresh key was used in', async () => {
      const { records } = await given();
      const fresh = records.filter(({ event: { credential, caller } }) => credential !== caller.accessKeyId);
      const [{ event } = {}] = fresh.filter(({ event: { credential } }) => credential?.includes('@'));
      expect(event?.credential).toMatch(/@\d{4}/);
      expect(await store().evidence.sessionOfKey(event?.caller.accessKeyId ?? '')).toBe(event?.credential);
      expect(await store().evidence.sessionOfKey(key)).toBeNull();
    });
  });

  test('refused attempts are listed newest first, each once, between two times', async () => {
    const listed = await all(store().refused.newestFirst());
    expect(ids(listed)).toEqual(['refused-3', 'refused-2', 'refused-1']);
    expect(listed[2]).toEqual((await given()).attempts[1]);
    const between = async (span: object) => ids(await all(store().refused.newestFirst(span)));
    expect(await between({ since: '2025-03-11T10:00:00Z' })).toEqual(['refused-3', 'refused-2']);
    expect(await between({ until: '2025-03-11T10:00:00Z' })).toEqual(['refused-1']);
    const [, second] = listed;
    expect(await between({ until: second && attemptName(second) })).toEqual(['refused-2', 'refused-1']);
  });
}
