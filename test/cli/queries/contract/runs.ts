import { visitsOf } from '../../../../cli/queries/history.ts';
import { firstOf, itemsOf } from '../../../../cli/queries/page.ts';
import type { Store } from '../../../../cli/queries/store.ts';
import { given } from './given.ts';

const all = Array.fromAsync;

/** What holds for executions. `store`: the store that is held against it. */
export function executionsContract(store: () => Store): void {
  describe('executions', () => {
    const names = ['logs-three', 'logs-two', 'logs-one'];
    const listed = async (asked: Parameters<Store['executions']['list']>[0]) =>
      (await all(itemsOf(store().executions.list(asked)))).map(({ name }) => name);

    test('are listed newest first, a page at a time, by status', async () => {
      expect(await listed({})).toEqual(names);
      expect(await listed({ perPage: 1 })).toEqual(names);
      expect(await listed({ status: 'FAILED' })).toEqual(['logs-two']);
      expect(await listed({ status: 'RUNNING' })).toEqual([]);
      const { items, next } = await firstOf(store().executions.list({ perPage: 2 }));
      expect(items.map(({ name }) => name)).toEqual(names.slice(0, 2));
      expect(await listed({ perPage: 2, from: next ?? '' })).toEqual(names.slice(2));
      expect((await firstOf(store().executions.list({ perPage: 3 }))).next).toBeNull();
    });

    test('are described by name and by ARN', async () => {
      const one = await store().executions.describe('logs-one');
      expect(one).toMatchObject({ name: 'logs-one', status: 'SUCCEEDED', error: null, cause: null });
      expect(JSON.parse(one?.input ?? '')).toEqual({ sources: [{ key: 'one' }] });
      expect(JSON.parse(one?.output ?? '')).toEqual({ sources: [{ key: 'one' }] });
      expect(Date.parse(one?.ended ?? '')).toBeGreaterThanOrEqual(Date.parse(one?.started ?? ''));
      expect(await store().executions.describe(one?.arn ?? '')).toEqual(one);
      expect(await store().executions.describe('logs-two')).toMatchObject({ status: 'FAILED', output: null });
      expect(await store().executions.describe('logs')).toBeNull();
      expect(await store().executions.describe('arn:of:nothing')).toBeNull();
    });

    test('have their history, event by event, and their definition', async () => {
      const historyOf = async (name: string) => {
        const { arn = '' } = (await store().executions.describe(name)) ?? {};
        return all(store().executions.history(arn));
      };
      const events = await historyOf('logs-one');
      expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
      expect(visitsOf(events).map(({ name, type }) => [name, type])).toEqual([
        ['Fetch', 'Task'],
        ['Done', 'Succeed'],
      ]);
      const [fetch] = visitsOf(await historyOf('logs-two'));
      expect(fetch).toMatchObject({ name: 'Fetch', input: { sources: [{ key: 'two' }] }, exited: null });
      expect(fetch?.attempts).toMatchObject([{ outcome: 'failed', error: 'Broken' }]);
      const { arn = '' } = (await store().executions.describe('logs-one')) ?? {};
      expect(JSON.parse(await store().executions.definition(arn))).toMatchObject({ StartAt: 'Fetch' });
    });
  });
}

/** What holds for what executions set aside. `store`: the store that is held against it. */
export function quarantineContract(store: () => Store): void {
  describe('the quarantine', () => {
    const keys = ['10/intake-one', '11/logs-two', '12/logs-three'].map(
      name => `quarantine/2025-03-${name}.ndjson`,
    );
    const listed = async (asked: Parameters<Store['quarantine']['list']>[0]) =>
      (await all(itemsOf(store().quarantine.list(asked)))).map(each => each.key);

    test('is listed by day, from a day on, a page at a time', async () => {
      expect(await listed({})).toEqual(keys);
      expect(await listed({ perPage: 1 })).toEqual(keys);
      expect(await listed({ since: '2025-03-11' })).toEqual(keys.slice(1));
      expect(await listed({ since: '2025-03-11', perPage: 1 })).toEqual(keys.slice(1));
      const { next } = await firstOf(store().quarantine.list({ perPage: 2 }));
      expect(await listed({ from: next ?? '' })).toEqual(keys.slice(2));
    });

    test('has each object whole, and nothing else', async () => {
      const { quarantined } = await given();
      const { header, refusals } = await store().quarantine.read(keys[0] ?? '');
      expect({ header, refusals }).toEqual(quarantined[1]);
      await expect(store().quarantine.read('work/one')).rejects.toThrow('work/one is not in quarantine');
    });

    test('knows what was sent again', async () => {
      expect((await all(store().quarantine.retried())).sort()).toEqual(['0123456789ab', 'ba9876543210']);
    });
  });
}
