import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { traceIn } from '../../../cli/trace/state/traced.ts';
import { temporaryFolder } from './folders.ts';

const folder = temporaryFolder();

/** A state folder whose files were written at these times. */
function stateOf(name: string, times: Record<string, number>): string {
  const state = join(folder, name);
  mkdirSync(state);
  for (const [file, time] of Object.entries(times)) {
    writeFileSync(join(state, file), '');
    utimesSync(join(state, file), time, time);
  }
  return state;
}

test.each([
  ['neither', {}, null],
  ['replayed', { 'config.json': 1 }, null],
  ['traced', { 'trace.sqlite': 1 }, 'trace.sqlite'],
  ['traced-last', { 'config.json': 1, 'trace.sqlite': 2 }, 'trace.sqlite'],
  ['replayed-last', { 'config.json': 3, 'trace.sqlite': 2 }, null],
])('a state folder, %s: what was written last is asked', (name, times, file) => {
  const state = stateOf(name, times);
  expect(traceIn(state)).toBe(file && join(state, file));
});

test('a file is a trace, and what is not there is none', () => {
  const file = join(folder, 'case.sqlite');
  expect(traceIn(file)).toBeNull();
  writeFileSync(file, '');
  expect(traceIn(file)).toBe(file);
});
