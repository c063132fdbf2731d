import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearState, takeState } from '../../../cli/deployment/local-cloud.ts';
import { checkReportFolder } from '../../../cli/report/report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roletrail-taken-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a state folder is taken by one alone, and given back once', () => {
  const state = join(folder, 'state');
  const release = takeState(state);
  expect(() => takeState(state)).toThrow(`${state} is in use by process ${process.pid}`);
  release();
  const again = takeState(state);
  // Given back a second time, the first one takes nothing away from who has it now.
  release();
  expect(existsSync(join(state, 'lock'))).toBe(true);
  again();
  expect(existsSync(join(state, 'lock'))).toBe(false);
});

test('what is forgotten of a folder that was taken is all but that it was', () => {
  const state = join(folder, 'state');
  mkdirSync(join(state, 'cdk.out'), { recursive: true });
  writeFileSync(join(state, 'synthesized'), '');
  writeFileSync(join(state, 'trace.sqlite'), '');
  const release = takeState(state);
  clearState(state, release);
  expect(existsSync(join(state, 'cdk.out'))).toBe(false);
  // A trace is no replay: nobody asked to forget it.
  expect(existsSync(join(state, 'trace.sqlite'))).toBe(true);
  expect(readFileSync(join(state, 'lock'), 'utf8')).toBe(String(process.pid));
  release();
});

test('a state folder whose path is a file, and a report folder that is none, are told in a sentence', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => takeState(join(file, 'state'))).toThrow(
    `the state folder ${join(file, 'state')} cannot be used: a part of the path is a file; name another folder with --state`,
  );
  expect(() => checkReportFolder(file)).toThrow(
    expect.objectContaining({ exitCode: 2, message: `--out ${file} is a file: name a folder` }),
  );
  expect(() => checkReportFolder(join(file, 'out'))).toThrow('a part of the path is a file');
  symlinkSync(join(folder, 'gone', 'deep'), join(folder, 'broken'));
  expect(() => checkReportFolder(join(folder, 'broken'))).toThrow('the report cannot be written');
  checkReportFolder(join(folder, 'made', 'here'));
  expect(existsSync(join(folder, 'made', 'here'))).toBe(true);
});
