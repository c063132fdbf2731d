import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../../steps/runtime/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'roletrail-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (value: unknown) => writeFileSync(join(folder, 'settings.json'), JSON.stringify(value));

test('a function reads its own lists', () => {
  write({ auditedRoles: ['A'], trailAccounts: ['999999999999'], partnerTopics: [] });
  expect(readSettings('fetch', folder)).toEqual({ auditedRoles: ['A'], trailAccounts: ['999999999999'] });
  expect(readSettings('intake', folder)).toEqual({ partnerTopics: [] });
});

test.each([
  [{ auditedRoles: ['A'] }, 'trailAccounts'],
  [{ auditedRoles: 'A', trailAccounts: [] }, 'auditedRoles'],
  [{ auditedRoles: [1], trailAccounts: [] }, 'auditedRoles'],
])('%j is refused by name', (value, name) => {
  write(value);
  expect(() => readSettings('fetch', folder)).toThrow(
    `${name} in ${join(folder, 'settings.json')} is not a list`,
  );
});

test('a package without the file, and a runtime that names no package, are refused', () => {
  expect(() => readSettings('filter', join(folder, 'none'))).toThrow('settings.json');
  expect(() => readSettings('filter', '')).toThrow('LAMBDA_TASK_ROOT is not set');
});
