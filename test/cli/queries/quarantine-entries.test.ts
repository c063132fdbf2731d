import { markRetried, statesOf } from '../../../cli/quarantine/marks.ts';
import { entriesOf } from '../../../cli/queries/quarantine-entries.ts';
import { deploymentOf } from '../views/console/deployment-fixture.ts';

/** More than S3 lists at once: 1,000 keys (S3 API, ListObjectsV2). */
const count = 1_203;
const number = (index: number) => String(index).padStart(4, '0');
const dayOf = (index: number) => (index < 600 ? '2025-03-10' : '2025-03-11');

/** A work bucket with so many objects in quarantine, newest written first, that lists page by page. */
function bucket() {
  const keys = Array.from(
    { length: count },
    (_, index) => `quarantine/${dayOf(index)}/logs-${number(index)}.ndjson`,
  );
  const listed: unknown[] = [];
  const s3 = {
    ListObjectsV2: ({ Prefix, ContinuationToken }: Record<string, unknown>) => {
      listed.push(ContinuationToken);
      const all = keys.filter(key => key.startsWith(`${Prefix}`)).sort();
      const start = Number(ContinuationToken ?? 0);
      const more = start + 1000 < all.length;
      return {
        Contents: all.slice(start, start + 1000).map(Key => ({ Key })),
        ...(more && { NextContinuationToken: `${start + 1000}` }),
      };
    },
    GetObject: ({ Key }: Record<string, unknown>) => {
      const [, day, name] = /^quarantine\/([^/]+)\/(logs-\d+)\.ndjson$/.exec(`${Key}`) ?? [];
      const header = { execution: name, at: `${day}T09:00:00.000Z`, count: 1, failure: null, input: null };
      const refusal = { step: 'Fetch', error: 'AccessDenied', message: 'no', source: `s3://trail/${name}` };
      return { Body: [Buffer.from(`${JSON.stringify(header)}\n${JSON.stringify(refusal)}\n`)] };
    },
    PutObject: ({ Key }: Record<string, unknown>) => void keys.push(`${Key}`),
  };
  return { deployment: deploymentOf({ s3 }), listed };
}

test('more entries than S3 lists at once are all there, oldest first, and so are the marks on them', async () => {
  // Given
  const { deployment, listed } = bucket();
  // When
  const entries = await entriesOf(deployment, {});
  for (const entry of entries) await markRetried(deployment, entry);
  const states = await statesOf(deployment, entries);
  // Then
  expect(new Set(entries.map(({ execution }) => execution)).size).toBe(count);
  expect(entries.map(({ at }) => at)).toEqual([...entries.map(({ at }) => at)].sort());
  expect(new Set(states.values())).toEqual(new Set(['retried']));
  expect(listed).toEqual([undefined, '1000', undefined, '1000']);
});

test('since a day: only its objects and later ones', async () => {
  const { deployment } = bucket();
  expect(await entriesOf(deployment, { since: '2025-03-11' })).toHaveLength(603);
});
