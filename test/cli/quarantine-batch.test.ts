import { type Entry, entriesOf } from '../../cli/queries/quarantine-entries.ts';
import { statesOf } from '../../cli/queries/quarantine-states.ts';
import type { Quarantined } from '../../cli/queries/quarantine-store.ts';
import { noCounts } from '../../steps/transport/payloads.ts';
import { type HeldFile, memoryStore } from './queries/memory-store.ts';

const at = (hour: number) => `2025-03-11T${String(hour).padStart(2, '0')}:00:00Z`;
const topic = 'arn:aws:sns:us-east-1:111111111111:roletrail-assume-role';

/** A batch that failed as a whole at that hour. */
function failed(execution: string, hour: number, arrived: string[] = []): Quarantined {
  const header = {
    ...{ execution, at: at(hour), count: 2, failure: { error: 'Lambda.Unknown', message: 'no' } },
    input: { step: 'Fetch', counts: { ...noCounts, sources: 2 }, refused: { count: 0 } } as never,
  };
  return {
    key: `quarantine/2025-03-11/${execution}-batch.ndjson`,
    header,
    refusals: [],
    arrived: arrived.map(text => ({ source: topic, account: '111111111111', text })),
  };
}

/** A file of the batch that was refused by itself at that hour. */
const refused = (key: string, hour: number): Quarantined => ({
  key: `quarantine/2025-03-11/other-${hour}.ndjson`,
  header: { execution: `other-${hour}`, at: at(hour), count: 1, failure: null, input: null },
  refusals: [{ step: 'Decompress', error: 'NotGzip', message: 'no', source: `s3://trail/${key}` }],
  arrived: [],
});
const started = (name: string, ...keys: string[]) => ({
  ...{ name, arn: name, status: 'FAILED' as const, started: at(10), ended: at(10) },
  ...{ output: null, error: null, cause: null },
  input: JSON.stringify({ sources: keys.map(key => ({ bucket: 'trail', key })) }),
});
const read = (key: string, hour: number): HeldFile => ({
  ...{ bucket: 'trail', key, etag: 'x', execution: 'later', at: at(hour), earliest: null, reads: true },
});

async function stateOf(held: Parameters<typeof memoryStore>[0]): Promise<string | undefined> {
  const entries: Entry[] = await entriesOf(memoryStore(held), {});
  const [batch] = entries.filter(({ execution }) => execution === 'first');
  const store = memoryStore({ ...held, retried: [batch?.id ?? ''] });
  return (await statesOf(store, entries)).get(batch?.id ?? '');
}

const executions = [started('first', 'a', 'b'), started('second', 'b', 'c')];
const first = failed('first', 10);

test.each([
  ['resolved', 'both files were read since', { files: [read('a', 11), read('b', 12)] }],
  ['retried', 'one was, the other is under way', { files: [read('a', 11)] }],
  ['retried', 'they were read before only', { files: [read('a', 9), read('b', 9)] }],
  ['failed again', 'one was refused by itself', { files: [read('a', 11)], more: [refused('b', 12)] }],
  [
    'failed again',
    'one is in another batch that failed',
    { files: [read('a', 11)], more: [failed('second', 12)] },
  ],
  ['retried', 'one was refused before', { files: [read('a', 11)], more: [refused('b', 9)] }],
  [
    'resolved',
    'one was refused, mended and read',
    { files: [read('a', 11), read('b', 13)], more: [refused('b', 12)] },
  ],
] as [string, string, { files: HeldFile[]; more?: Quarantined[] }][])(
  'a batch that was sent again is %s: %s',
  async (state, _, { files, more = [] }) => {
    expect(await stateOf({ executions, files, quarantined: [first, ...more] })).toBe(state);
  },
);

test('a batch whose execution nobody knows any more stays retried', async () => {
  expect(await stateOf({ executions: [], files: [], quarantined: [first] })).toBe('retried');
});

test('a batch of events failed again where one of them came into quarantine anew', async () => {
  const texts = ['{"eventID":"one"}', '{"eventID":"two"}'];
  const events = failed('first', 10, texts);
  expect(await stateOf({ quarantined: [events] })).toBe('retried');
  expect(await stateOf({ quarantined: [events, failed('third', 12, texts.slice(1))] })).toBe('failed again');
});
