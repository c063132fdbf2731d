import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { State } from '../../../cli/trace/state/state.ts';
import { temporaryFolder } from '../../cli/trace/folders.ts';
import { traceOf } from '../../cli/trace/traced.ts';
import { cases } from './cases.ts';
import { logKey, neighbours } from './neighbours.ts';
import { fileBytes, filled } from './recipe.ts';

type Told = { error: string; message: string };

/** A bucket's files are read by their names; those of a folder by what they hold, and these hold records. */
const readInFolders = [
  ...['no gzip at all', 'gzipped twice', 'a record per line, as exports have it', 'UTF-16'],
  ...['plain JSON where the name says so', 'gzip where the name says plain JSON'],
  'a log that CloudTrail did not name, where CloudTrail writes',
];

/** Of messages the queues decide. */
const ofFiles = cases.filter(({ file, message, name }) => file && !message && !readInFolders.includes(name));
const logs = join(temporaryFolder(), 'logs');
const told = new Map<string, Told[]>();
const kept = new Map<string, number>();

function keyOf(name: string, slug: string): string {
  if (name === '') return logKey(slug);
  return name.startsWith('AWSLogs/') ? name : join(dirname(logKey(slug)), name);
}

beforeAll(async () => {
  const write = (key: string, bytes: Buffer) => {
    mkdirSync(dirname(join(logs, key)), { recursive: true });
    writeFileSync(join(logs, key), bytes);
  };
  for (const { key, bytes } of neighbours) write(key, bytes);
  for (const { slug, file } of ofFiles)
    if (file) write(keyOf(filled(file.key ?? '', { case: slug }), slug), fileBytes(file, slug));
  const { traced } = await traceOf(logs, { accounts: ['999999999999'] });
  for (const refusal of traced.refusals) {
    const slug = /poison-\d{3}x/.exec(JSON.stringify(refusal))?.[0] ?? 'nobody';
    told.set(slug, [...(told.get(slug) ?? []), refusal]);
  }
  const state = State.forAsking(`${logs}-state.sqlite`);
  for (const { eventID } of state.all<{ eventID: string }>('SELECT DISTINCT eventID FROM records')) {
    const slug = /^(.*)-[^-]+$/.exec(eventID)?.[1] ?? eventID;
    kept.set(slug, (kept.get(slug) ?? 0) + 1);
  }
  state.close();
});

test.each(ofFiles.map(each => [`${each.slug} ${each.name}`, each] as const))(
  '%s',
  (_, { slug, expected }) => {
    const { kept: expectedKept = [], refused = [] } = expected;
    const reasons = told.get(slug) ?? [];
    expect(reasons.map(({ error }) => error)).toEqual(
      refused.flatMap(({ error, times = 1 }) => Array<string>(times).fill(error)),
    );
    for (const { says } of refused) for (const { message } of reasons) expect(message).toContain(says);
    expect(kept.get(slug) ?? 0).toBe(typeof expectedKept === 'number' ? expectedKept : expectedKept.length);
  },
);

test('nothing is refused that no case speaks of, and the good files among them are read', () => {
  expect([...told.keys()].filter(slug => !ofFiles.some(each => each.slug === slug))).toEqual([]);
  for (const { name } of neighbours) expect(kept.get(`${name}-call`)).toBe(3);
});
