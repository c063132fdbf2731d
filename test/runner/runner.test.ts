import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

/** Runs Jest as this project does over projects of one test file each. */
function run(files: Record<string, string>, words: string[], environment: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'));
  const projects = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, `${name}.test.mjs`), text);
    return {
      displayName: name,
      testMatch: [`**/${name}.test.mjs`],
      transform: {},
      runner: join(root, 'test/runner/runner.mjs'),
      setupFilesAfterEnv: [join(root, 'test/runner/setup.mjs')],
    };
  });
  const config = JSON.stringify({ rootDir: folder, projects });
  const all = [jest, '--config', config, '--verbose', ...words];
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, all, { cwd: root, env, encoding: 'utf8' });
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
  const { status, stderr } = run({ hanging }, ['-w', '2'], { ROLETRAIL_SLOWNESS: '0.001' });
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
  const { status, stdout, stderr } = run({ one, two }, ['-w', workers]);
  expect(stdout.match(/^skipped: .*$/gm)?.sort()).toEqual([
    'skipped: needs a browser',
    'skipped: needs real trails',
  ]);
  expect(stderr).toMatch(/Tests: +2 skipped, 2 passed, 4 total/);
  expect(status).toBe(0);
});
