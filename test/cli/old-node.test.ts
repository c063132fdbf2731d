import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');
const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })`;

/** Runs the binary as if by Node 20. */
function run(binary: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(old)}`, binary, '--version'],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('a Node that is too old', () => {
  test('hands over to the own one', () => {
    const ran = run(join(project, 'bin', 'roletrail.mjs'));
    expect(ran).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  });

  test('says so in one sentence where there is no own one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roletrail-old-node-'));
    try {
      const alone = join(folder, 'roletrail.mjs');
      copyFileSync(join(project, 'bin', 'roletrail.mjs'), alone);
      expect(run(alone)).toEqual({
        status: 1,
        stdout: '',
        stderr:
          'roletrail: Node 20.19.0 is too old: install Node 22.18 or later, or run npm ci, which brings one\n',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
