import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '@roletrail/local';
import { generate } from '../../bench/generator.ts';
import { openState } from '../../cli/deployment/local-cloud.ts';
import { inProcess, pointAwsAt } from './in-process.ts';
import { type Ran, roletrail, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const state = join(folder, 'state');
const logs = join(folder, 'logs');
const days = ['--from', '2026-03-04', '--to', '2026-03-05'];
const checkpoints = () => readdirSync(state).filter(name => name.startsWith('backfill-'));

/** What the state has of its executions: a line for each start and end. */
const executions = () => readFileSync(join(state, 'executions', 'index.ndjson'), 'utf8');

beforeAll(async () => {
  await generate({ out: logs, bytes: 40_000, fileBytes: 1000, kept: 0.01, seed: 1 });
  expect(await inProcess(['replay', logs, '--state', state])).toMatchObject({ status: 0 });
});

/** Files that a command says it sent or counted. */
const filesIn = ({ out }: Ran) => Number(/(\d+) log files/.exec(out)?.[1]);

test('a dry run counts what is there and sends nothing', async () => {
  const before = executions();
  const ran = await inProcess(['backfill', ...days, '--state', state, '--dry-run']);
  expect(ran).toMatchObject({ status: 0 });
  expect(filesIn(ran)).toBeGreaterThanOrEqual(20);
  expect(ran.out).toMatch(/about \d.* at 50 files a second; about \$\d/);
  expect(ran.out).toContain('nothing was sent');
  expect([executions(), checkpoints()]).toEqual([before, []]);
});

describe('what is sent', () => {
  const words = ['backfill', ...days, '--state', state, '--rate', '1000'];
  const told: string[] = [];
  let ran: Ran;
  let again: Ran;
  // One for all that is asked afterwards: each command would start its own.
  let cloud: Cloud;
  let putBack: (() => void) | undefined;
  beforeAll(async () => {
    told.push(executions());
    ran = await inProcess(words);
    told.push(executions());
    again = await inProcess(words);
    told.push(executions());
    cloud = await openState(state);
  });
  afterAll(() => {
    putBack?.();
    return cloud.close();
  });

  test('is worked off by the embedded cloud, and nothing is written twice; a second run has nothing to do', async () => {
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.out).toMatch(/^sent \d+ log files, [\d.]+ MB, in \d+ messages$/m);
    expect(ran.out).toMatch(/: 0 failed; 0 in quarantine; 0 in the dead letter queues$/m);
    const [before = '', after = '', last] = told;
    expect(after.length).toBeGreaterThan(before.length);
    const listed = await inProcess(['executions', '--json', '--limit', '1', '--state', state]);
    const [{ name }] = JSON.parse(listed.out) as [{ name: string }];
    expect(before).not.toContain(name);
    const { out } = await inProcess(['inspect', name, '--state', state, '--json']);
    const { states } = JSON.parse(out) as { states: { output: { counts: Record<string, number> } }[] };
    expect(states.at(-1)?.output.counts).toMatchObject({ written: 0 });
    expect(checkpoints()).toHaveLength(1);
    expect(again).toMatchObject({ status: 0 });
    expect(again.out).toContain('everything was sent before');
    expect(last).toBe(after);
  });

  test('goes to a deployed stack, with an outputs file and the credentials of the environment', async () => {
    const outputs = join(folder, 'outputs.json');
    writeFileSync(outputs, JSON.stringify(cloud.outputs));
    const checkpoint = join(folder, 'elsewhere', 'checkpoint.json');
    const onAws = ['--target', 'aws', '--outputs', outputs, '--checkpoint', checkpoint];
    putBack = pointAwsAt(cloud);
    const strange = await inProcess(['backfill', ...days, '--bucket', 'somebody-elses', ...onAws]);
    expect(strange).toMatchObject({ status: 2 });
    expect(strange.err).toContain('this deployment does not read somebody-elses: its trail bucket is ');
    expect([cloud.activity().messages, existsSync(checkpoint)]).toEqual([0, false]);
    const sent = await roletrail(['backfill', ...days, ...onAws], {}, folder);
    expect(sent).toMatchObject({ status: 0 });
    expect(filesIn(sent)).toBeGreaterThanOrEqual(20);
    expect(sent.out).toContain('the stack processes them');
    expect(existsSync(checkpoint)).toBe(true);
  });
});

test.each([
  [['--from', '2026-03-04'], "required option '--to <time>' not specified"],
  [['--from', 'monday', '--to', '2026-03-04'], 'Expected a date or a time in UTC, e.g. 2025-03-11'],
  // Before the state is looked for.
  [['--from', '2026-03-04', '--to', '2026-03-03', '--state', 'none'], '--to must be later than --from'],
  [[...days, '--account', '12'], 'Expected an account ID of 12 digits.'],
  [[...days, '--rate', '0'], 'Expected a whole number of at least 1.'],
])('%j is wrong usage', async (words, sentence) => {
  const ran = await inProcess(['backfill', '--state', state, ...words]);
  expect(ran).toMatchObject({ status: 2 });
  expect(ran.err).toContain(sentence);
});
