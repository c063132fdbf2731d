import { entriesOf } from '../../../cli/queries/quarantine-entries.ts';
import { statesOf } from '../../../cli/queries/quarantine-states.ts';
import { memoryStore } from './memory-store.ts';

/** More than any store lists at once: S3 gives 1,000 keys (S3 API, ListObjectsV2). */
const count = 1_203;
const number = (index: number) => String(index).padStart(4, '0');
const dayOf = (index: number) => (index < 600 ? '2025-03-10' : '2025-03-11');

/** So many objects in quarantine, the newest first. */
const quarantined = Array.from({ length: count }, (_, index) => ({
  key: `quarantine/${dayOf(index)}/logs-${number(index)}.ndjson`,
  header: {
    ...{ execution: `logs-${number(index)}`, at: `${dayOf(index)}T09:00:00.000Z`, count: 1 },
    ...{ failure: null, input: null },
  },
  refusals: [{ step: 'Fetch', error: 'AccessDenied', message: 'no', source: `s3://trail/${number(index)}` }],
  arrived: [],
})).reverse();

test('more entries than a page holds are all there, oldest first, and so are the marks on them', async () => {
  const entries = await entriesOf(memoryStore({ quarantined }), {});
  expect(new Set(entries.map(({ execution }) => execution)).size).toBe(count);
  expect(entries.map(({ at }) => at)).toEqual([...entries.map(({ at }) => at)].sort());
  const marked = memoryStore({ quarantined, retried: entries.map(({ id }) => id) });
  expect(new Set((await statesOf(marked, entries)).values())).toEqual(new Set(['retried']));
  const [first] = entries;
  const states = await statesOf(memoryStore({ quarantined, retried: [first?.id ?? ''] }), entries);
  expect([...states.values()].filter(state => state !== 'open')).toEqual(['retried']);
});

test('since a day: only its objects and later ones', async () => {
  expect(await entriesOf(memoryStore({ quarantined }), { since: '2025-03-11' })).toHaveLength(603);
});
