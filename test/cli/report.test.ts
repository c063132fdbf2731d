import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkReportFolder, type Summary, writeReport } from '../../cli/report/report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roletrail-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('half a report is taken away, with what an older one left beside it', async () => {
  writeFileSync(join(folder, 'summary.json'), '{}');
  mkdirSync(join(folder, 'sessions.ndjson'));
  const report = { calls: ['{}'], sessions: ['{}'], summary: () => ({}) as Summary };
  await expect(writeReport(folder, report)).rejects.toThrow(`cannot write the report to ${folder}`);
  expect(['calls.ndjson', 'summary.json'].map(name => existsSync(join(folder, name)))).toEqual([
    false,
    false,
  ]);
});

test('a folder that stands where a file of the report would is told before the work', () => {
  mkdirSync(join(folder, 'sessions.ndjson'));
  expect(() => checkReportFolder(folder)).toThrow('sessions.ndjson is no file');
  rmSync(join(folder, 'sessions.ndjson'), { recursive: true });
  writeFileSync(join(folder, 'sessions.ndjson'), '');
  expect(() => checkReportFolder(folder)).not.toThrow();
});
