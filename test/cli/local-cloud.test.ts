import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearState, openState } from '../../cli/local-cloud.ts';

describe('a state folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roletrail-state-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is not opened before something was replayed into it', async () => {
    await expect(openState(folder)).rejects.toMatchObject({
      exitCode: 1,
      message: `nothing replayed yet in ${folder}: run npm start, or roletrail replay PATH`,
    });
  });

  test('is deleted by --fresh only when it is one', () => {
    const [strange, own] = [join(folder, 'documents'), join(folder, 'state')];
    mkdirSync(join(own, 'cdk.out'), { recursive: true });
    mkdirSync(strange);
    writeFileSync(join(strange, 'thesis.txt'), 'years of work');
    clearState(own);
    clearState(join(folder, 'not there'));
    expect(existsSync(own)).toBe(false);
    expect(() => clearState(strange)).toThrow(`${strange} is no state folder of roletrail`);
    expect(existsSync(join(strange, 'thesis.txt'))).toBe(true);
  });
});
