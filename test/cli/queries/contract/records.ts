import type { Store } from '../../../../cli/queries/store.ts';
import { recordName } from '../../../../core/linking/listed.ts';

const all = Array.fromAsync;
const ids = (records: readonly { eventID: string }[]) => records.map(({ eventID }) => eventID);

/** What holds for records over all sessions. `store`: the store that is held against it. */
export function recordsContract(store: () => Store): void {
  describe('records', () => {
    /** the calls of story.ts under one key, newest first; within a second the later by id first */
    const calls = [
      ...['call0006-more', 'call0005', 'call0004-later-by-name', 'call0003-sooner-by-name', 'call0002'],
      'call0001-own',
    ];

    test('of our own trail are listed newest first, each once, over days', async () => {
      const listed = await all(store().records.newestFirst());
      const names = listed.map(recordName);
      expect(names).toEqual([...names].sort().reverse());
      expect(new Set(names).size).toBe(names.length);
      expect(ids(listed).filter(id => id.startsWith('call0'))).toEqual(calls);
      expect(ids(listed)).toContain('issue-1');
      expect(listed.every(({ provenance }) => provenance === 'trail')).toBe(true);
      expect(listed.find(({ eventID }) => eventID === 'issue-1')).toMatchObject({
        credential: null,
        use: '',
      });
      expect(new Set(listed.map(({ eventTime }) => eventTime.slice(0, 10))).size).toBeGreaterThan(1);
    });

    test('of a span are those at or after its begin and before its end, or from the name of one', async () => {
      const within = async (since?: string, until?: string) =>
        ids(await all(store().records.newestFirst({ since, until }))).filter(id => id.startsWith('call0'));
      expect(await within('2025-03-11T09:00:03Z')).toEqual(calls.slice(0, 4));
      expect(await within('2025-03-11T09:00:02Z', '2025-03-11T09:00:05Z')).toEqual(calls.slice(2, 5));
      expect(await within('2025-03-12T00:00:00Z')).toEqual([]);
      expect(await within(undefined, '2025-03-11T08:59:59Z')).toEqual([]);
      const third = (await all(store().records.newestFirst())).find(({ eventID }) => eventID === calls[2]);
      expect(await within(undefined, third && recordName(third))).toEqual(calls.slice(2));
    });

    test('are found by what they touched, however it is called', async () => {
      const found = async (name: string) => ids(await all(store().records.ofResource(name)));
      const issuances = await found('arn:aws:iam::999999999999:role/Admin');
      expect(issuances).toContain('issue-1');
      expect(await found('ADMIN')).toEqual(issuances);
      expect(await found('arn:aws:iam::999999999999:role/team/Admin')).toEqual(issuances);
      expect(await found('dmin')).toEqual([]);
      const objects = ['read-1', 'write-1'];
      expect((await found('ledger-2025')).sort()).toEqual(objects);
      expect((await found('s3://Ledger-2025/March/a b.csv')).sort()).toEqual(['write-1']);
      expect(await found('arn:aws:s3:::ledger-2025/march/A B.csv')).toEqual(['write-1']);
      expect(await found('ledger')).toEqual([]);
    });

    test('are found by where they came from', async () => {
      const found = async (address: string) => ids(await all(store().records.ofAddress(address)));
      expect(await found('203.0.113.77')).toEqual(['write-1']);
      expect(await found('CLOUDFORMATION.amazonaws.com')).toEqual(['read-1']);
      expect(await found('203.0.113.7')).toEqual([]);
      const since = await all(store().records.ofAddress('203.0.113.77', { since: '2025-03-16T00:00:00Z' }));
      expect(since).toEqual([]);
    });
  });

  describe('names', () => {
    test('are found by their beginning, so many, in any case', async () => {
      const begin = async (text: string, limit = 5) =>
        (await store().names.beginning(text, limit)).map(({ session }) => session);
      expect(await begin('asiagiven00000000001')).toEqual(['ASIAGIVEN00000000001.00000001']);
      expect(await begin('ASIAGIVEN0000000000', 3)).toEqual(
        [1, 2, 3].map(n => `ASIAGIVEN0000000000${n}.0000000${n}`),
      );
      expect(await begin('SIAGIVEN')).toEqual([]);
    });
  });
}
