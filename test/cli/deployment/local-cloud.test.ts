import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { announce, lockState, runningCloud } from '@roletrail/local';
import { clearState, openState, prepareState } from '../../../cli/deployment/local-cloud.ts';
import { parseConfig } from '../../../infra/config.ts';
import example from '../../../infra/roletrail.example.json' with { type: 'json' };

describe('a state folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roletrail-state-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is not opened before something was replayed into it', async () => {
    await expect(openState(folder)).rejects.toMatchObject({
      exitCode: 1,
      message: `nothing was replayed into ${folder} yet: run npm start, or roletrail replay PATH`,
    });
  });

  test('that another process works in is neither opened nor taken away', async () => {
    mkdirSync(join(folder, 'cdk.out'));
    for (const [name, text] of [
      ['synthesized', ''],
      ['lock', String(process.ppid)],
    ]) {
      writeFileSync(join(folder, name ?? ''), text ?? '');
    }
    const inUse = `${folder} is in use by process ${process.ppid}`;
    await expect(openState(folder)).rejects.toThrow(inUse);
    await expect(prepareState(folder, parseConfig(example))).rejects.toThrow(inUse);
    expect(() => clearState(folder)).toThrow(inUse);
    expect(existsSync(join(folder, 'cdk.out'))).toBe(true);
  });

  test('says where its cloud is only while the process that wrote it has the folder', () => {
    const reachable = {
      endpoint: 'http://127.0.0.1:4599',
      region: 'us-east-1',
      account: '999999999999',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      outputs: {},
    };
    expect(runningCloud(folder)).toBeNull();
    const unlock = lockState(folder);
    expect(runningCloud(folder)).toBeNull();
    const withdraw = announce(folder, reachable);
    expect(runningCloud(folder)).toEqual({ pid: process.pid, ...reachable });
    unlock();
    // What a process that was killed leaves behind.
    expect(runningCloud(folder)).toBeNull();
    writeFileSync(join(folder, 'lock'), String(process.ppid));
    expect(runningCloud(folder)).toBeNull();
    withdraw();
    expect(existsSync(join(folder, 'running.json'))).toBe(false);
  });

  test('is deleted by --fresh only when it is one', () => {
    const [strange, own] = [join(folder, 'documents'), join(folder, 'state')];
    mkdirSync(join(own, 'cdk.out'), { recursive: true });
    mkdirSync(strange);
    writeFileSync(join(strange, 'thesis.txt'), 'years of work');
    clearState(own);
    clearState(join(folder, 'not there'));
    expect(existsSync(own)).toBe(false);
    expect(() => clearState(strange)).toThrow(`${strange} is not a state folder of roletrail`);
    expect(existsSync(join(strange, 'thesis.txt'))).toBe(true);
  });
});
