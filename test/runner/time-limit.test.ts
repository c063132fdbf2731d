import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { resolve } = createRequire(import.meta.url);

test('a test or hook that hangs fails by name, and those after it run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hanging-'));
  const file = `
    const forever = () => new Promise(resolve => setTimeout(resolve, 60_000));
    test('waits forever', forever);
    test('passes', () => {});
    describe('with a hook', () => {
      beforeAll(forever);
      test('passes too', () => {});
    });`;
  writeFileSync(join(folder, 'hanging.test.mjs'), file);
  const config = {
    rootDir: folder,
    testMatch: ['**/*.test.mjs'],
    transform: {},
    runner: resolve('jest-light-runner/child-process'),
    setupFilesAfterEnv: [join(root, 'test/runner/setup.mjs')],
  };
  const words = [resolve('jest/bin/jest'), '--config', JSON.stringify(config), '--verbose', '-w', '2'];
  const env = { ...process.env, ROLETRAIL_SLOWNESS: '0.001' };
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, env, encoding: 'utf8' });

  expect(stderr).toMatch(/waits forever: not done after 120 ms/);
  expect(stderr).toMatch(/beforeAll: not done after 120 ms/);
  expect(stderr).toMatch(/✓ passes \(/);
  expect(stderr).toMatch(/✓ passes too/);
  expect(status).toBe(1);
});
