import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCloud } from '@roletrail/local';
import { functionCache } from '../../cli/project.ts';
import { inProcess } from './in-process.ts';
import { project, type Ran, roletrail, run, temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const state = join(folder, 'state');
const logs = join(folder, 'logs');
const days = ['--from', '2026-03-04', '--to', '2026-03-05'];
const checkpoints = () => readdirSync(state).filter(name => name.startsWith('backfill-'));

interface Execution {
  name: string;
  status: string;
}

async function executions(...words: string[]): Promise<Execution[]> {
  const { out } = await inProcess(['executions', '--json', '--limit', '1000', ...words]);
  return JSON.parse(out) as Execution[];
}

beforeAll(async () => {
  const generated = await run([
    join(project, 'bench', 'generate.ts'),
    '--out',
    logs,
    '--bytes',
    '400KB',
    '--file-bytes',
    '10KB',
  ]);
  expect(generated).toMatchObject({ status: 0 });
  expect(await inProcess(['replay', logs, '--state', state])).toMatchObject({ status: 0 });
});

/** Files that a command says it sent or counted. */
const filesIn = ({ out }: Ran) => Number(/(\d+) log files/.exec(out)?.[1]);

test('a dry run counts what is there and sends nothing', async () => {
  const before = await executions('--state', state);
  const ran = await inProcess(['backfill', ...days, '--state', state, '--dry-run']);
  expect(ran).toMatchObject({ status: 0 });
  expect(filesIn(ran)).toBeGreaterThanOrEqual(20);
  expect(ran.out).toMatch(/about \d.* at 50 files a second; about \$\d/);
  expect(ran.out).toContain('nothing was sent');
  expect([await executions('--state', state), checkpoints()]).toEqual([before, []]);
});

test('the embedded cloud works off what is sent, writes nothing twice, and a second run has nothing to do', async () => {
  const before = await executions('--state', state);
  const words = ['backfill', ...days, '--state', state, '--rate', '1000'];
  const ran = await inProcess(words);
  expect(ran).toMatchObject({ status: 0 });
  expect(ran.out).toMatch(/^sent \d+ log files, [\d.]+ MB, in \d+ messages$/m);
  expect(ran.out).toMatch(/: 0 failed; 0 in quarantine; 0 in the dead letter queues$/m);
  const after = await executions('--state', state);
  expect(after.length).toBeGreaterThan(before.length);
  const { out } = await inProcess(['inspect', after[0]?.name ?? '', '--state', state, '--json']);
  const last = (JSON.parse(out) as { states: { output: { counts: Record<string, number> } }[] }).states.at(
    -1,
  );
  expect(last?.output.counts).toMatchObject({ written: 0 });
  expect(checkpoints()).toHaveLength(1);
  const again = await inProcess(words);
  expect(again).toMatchObject({ status: 0 });
  expect(again.out).toContain('everything was sent before');
  expect(await executions('--state', state)).toHaveLength(after.length);
});

test('against a deployed stack, with an outputs file and the credentials of the environment', async () => {
  const cloud = await startCloud({ compiled: functionCache, assembly: join(state, 'cdk.out'), state });
  try {
    const outputs = join(folder, 'outputs.json');
    writeFileSync(outputs, JSON.stringify(cloud.outputs));
    const checkpoint = join(folder, 'elsewhere', 'checkpoint.json');
    const onAws = (...words: string[]) =>
      roletrail(
        ['backfill', ...days, ...words, '--target', 'aws', '--outputs', outputs, '--checkpoint', checkpoint],
        {
          AWS_ENDPOINT_URL: cloud.endpoint,
          AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
          AWS_REGION: 'eu-central-1',
        },
        folder,
      );
    const strange = await onAws('--bucket', 'somebody-elses');
    expect(strange).toMatchObject({ status: 2 });
    expect(strange.err).toContain('this deployment does not read somebody-elses: its trail bucket is ');
    expect([cloud.activity().messages, existsSync(checkpoint)]).toEqual([0, false]);
    const ran = await onAws();
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.out).toContain('the stack processes them');
    expect(existsSync(checkpoint)).toBe(true);
    await cloud.idle();
  } finally {
    await cloud.close();
  }
});

test.each([
  [['--from', '2026-03-04'], "required option '--to <time>' not specified"],
  [['--from', 'monday', '--to', '2026-03-04'], 'Expected a date or a time in UTC, e.g. 2025-03-11'],
  [['--from', '2026-03-04', '--to', '2026-03-03'], '--to must be later than --from'],
  [[...days, '--account', '12'], 'Expected an account ID of 12 digits.'],
  [[...days, '--rate', '0'], 'Expected a whole number of at least 1.'],
])('%j is wrong usage', async (words, sentence) => {
  const ran = await inProcess(['backfill', ...words, '--state', state]);
  expect(ran).toMatchObject({ status: 2 });
  expect(ran.err).toContain(sentence);
});
