import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { settleAll } from '../../../cli/trace/settle.ts';
import { State } from '../../../cli/trace/state/state.ts';
import { temporaryFolder } from './folders.ts';
import { traceOf } from './traced.ts';

const folder = temporaryFolder();
const samples = join(import.meta.dirname, '..', '..', '..', 'samples', 'incident', 'input');

test('credentials are settled to the same answers however many are settled together', async () => {
  const logs = join(folder, 'logs');
  cpSync(samples, logs, { recursive: true });
  await traceOf(logs);
  const state = State.forWriting(`${logs}-state.sqlite`);
  const answers = () =>
    state.all('SELECT credential, slot, answer, basis FROM answers ORDER BY credential, slot');
  const atOnce = answers();
  expect(atOnce.length).toBeGreaterThan(10);
  for (const together of [1, 3]) {
    state.exec(`DELETE FROM answers;
      INSERT INTO unsettled SELECT credential FROM uses UNION SELECT credential FROM issued`);
    const left: number[] = [];
    await settleAll(state, new AbortController().signal, count => left.push(count), together);
    expect(answers()).toEqual(atOnce);
    expect(left.at(-1)).toBe(0);
  }
  state.close();
});
