import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

/** Runs Jest as this project does over projects and their test files. */
function run(files: Record<string, string[]>, words: string[], environment: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'));
  const projects = Object.entries(files).map(([name, texts]) => {
    mkdirSync(join(folder, name));
    for (const [n, text] of texts.entries()) writeFileSync(join(folder, name, `${n}.test.mjs`), text);
    return {
      displayName: name,
      testMatch: [`**/${name}/*.test.mjs`],
      transform: {},
      runner: join(root, 'test/runner/runner.mjs'),
      setupFilesAfterEnv: [join(root, 'test/runner/setup.mjs')],
    };
  });
  const config = JSON.stringify({ rootDir: folder, projects });
  const all = [jest, '--config', config, '--verbose', ...words];
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, all, { cwd: root, env, encoding: 'utf8', timeout: 60_000 });
}

test('a test or hook that hangs fails by name, and those after it run', () => {
  const hanging = `
    const forever = () => new Promise(resolve => setTimeout(resolve, 60_000));
    test('waits forever', forever);
    test('passes', () => {});
    describe('with a hook', () => {
      beforeAll(forever);
      test('passes too', () => {});
    });`;
  const { status, stderr } = run({ hanging: [hanging] }, ['-w', '2'], { ROLETRAIL_SLOWNESS: '0.001' });
  expect(stderr).toMatch(/waits forever: not done after 120 ms/);
  expect(stderr).toMatch(/beforeAll: not done after 120 ms/);
  expect(stderr).toMatch(/✓ passes \(/);
  expect(stderr).toMatch(/✓ passes too/);
  expect(status).toBe(1);
});

test.each(['1', '2'])('several projects run with %s workers; what is skipped is named', workers => {
  const one = "test('passes', () => expect(1).toBe(1)); test.skip('needs a browser', () => {});";
  const two =
    "describe.skip('needs real trails', () => { test('passes', () => {}); }); test('runs', () => {});";
  const { status, stdout, stderr } = run({ one: [one], two: [two] }, ['-w', workers]);
  expect(stdout.match(/^skipped: .*$/gm)?.sort()).toEqual([
    'skipped: needs a browser',
    'skipped: needs real trails',
  ]);
  expect(stderr).toMatch(/Tests: +2 skipped, 2 passed, 4 total/);
  expect(status).toBe(0);
});

test('a process that starts late runs its tests as the other one does', () => {
  const late =
    "if (process.env.TINYPOOL_WORKER_ID === '2') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);";
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(late)}` };
  const passes = "test('passes', () => expect(1).toBe(1));";
  const { status, stderr } = run({ one: [passes, passes, passes] }, ['-w', '2'], environment);
  expect(stderr).toMatch(/Tests: +3 passed, 3 total/);
  expect(status).toBe(0);
});
