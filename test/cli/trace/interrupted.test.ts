import { join } from 'node:path';
import { Interrupted } from '../../../cli/failure.ts';
import { onTrace } from '../../../cli/trace/asked.ts';
import { guardedRows } from '../../../cli/trace/state/guarded.ts';
import { State } from '../../../cli/trace/state/state.ts';
import { call, issuance } from '../evidence/story.ts';
import { temporaryFolder, writeFiles } from './folders.ts';
import { traceOf } from './traced.ts';

const folder = temporaryFolder();
const many = 200;

/** So many log files that threads read them, a call each. */
function manyFiles(name: string): string {
  const logs = join(folder, name);
  const files = Array.from({ length: many }, (_, n) => [
    `${String(n).padStart(3, '0')}.json.gz`,
    [...(n === 0 ? [issuance] : []), { ...call, eventID: `call-${n}` }],
  ]);
  writeFiles(logs, Object.fromEntries(files));
  return logs;
}

const readInto = (file: string) => {
  const state = State.forAsking(file);
  const count = state.get<{ count: number }>('SELECT count(*) AS count FROM inputs')?.count ?? 0;
  state.close();
  return count;
};

test('what was read before Ctrl-C is kept, and the same command goes on to the same report', async () => {
  const logs = manyFiles('stopped');
  const stopped = AbortSignal.abort();
  await expect(traceOf(logs, { signal: stopped })).rejects.toThrow(Interrupted);
  const file = `${logs}-state.sqlite`;
  await expect(onTrace(file, async () => {})).rejects.toThrow(
    `the trace in ${file} was stopped before its end: run the same command again, which goes on`,
  );
  const kept = readInto(file);
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(many);
  const { calls, sessions, traced } = await traceOf(logs);
  expect(traced.summary).toMatchObject({ files: many, records: many + 1, linkedCalls: many });
  const fresh = await traceOf(logs, { fresh: true });
  expect({ calls, sessions }).toEqual({ calls: fresh.calls, sessions: fresh.sessions });
});

test('two runs on one state: the second says so, and the first goes on', async () => {
  const logs = join(folder, 'two');
  writeFiles(logs, { 'a.json': [issuance, call] });
  const file = `${logs}-state.sqlite`;
  const first = State.forWriting(file);
  const inUse = `${file} is in use by another trace: wait for its end, or name another file with --state`;
  await expect(traceOf(logs)).rejects.toThrow(inUse);
  await expect(traceOf(logs, { fresh: true })).rejects.toThrow(inUse);
  expect(() => State.forAsking(file)).toThrow(inUse);
  first.note('still', 'here');
  first.close();
  await expect(traceOf(logs)).resolves.toMatchObject({ traced: { summary: { records: 2 } } });
});

test('a full disk is told in a sentence, and what was written before stays', () => {
  const file = join(folder, 'full.sqlite');
  const state = State.forWriting(file);
  state.note('before', 'kept');
  // As many pages as there are: SQLite says of the next one what it says of a disk without space.
  state.exec('PRAGMA max_page_count = 1');
  expect(() => state.transaction(() => state.note('large', 'x'.repeat(1e6)))).toThrow(
    `the disk that holds ${file}, or the one for temporary files (SQLITE_TMPDIR, TMPDIR or /var/tmp), is full: free some space and run the same command again, which goes on where it stopped`,
  );
  state.abandon();
  const again = State.forWriting(file);
  expect(again.about.get('before')).toBe('kept');
  again.close();
});

test('a sort that runs out of disk space ends with the same sentence', () => {
  const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
  const rows = function* () {
    yield 1;
    throw full;
  };
  const taken: number[] = [];
  expect(() => {
    for (const row of guardedRows('s.sqlite', rows)) taken.push(row);
  }).toThrow('the disk that holds s.sqlite, or the one for temporary files');
  expect(taken).toEqual([1]);
});
