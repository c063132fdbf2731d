import { TrailAccounts } from '../../../core/reading/accounts.ts';
import cases from './accounts.cases.json' with { type: 'json' };

function errorOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return (error as Error).name;
  }
}

test.each(cases.files)('a file $name', ({ accounts, key, error }) => {
  expect(errorOf(() => new TrailAccounts(accounts).checkFile(key))).toBe(error);
});

test.each(cases.records)('a record $name', ({ accounts, recipient, file, provenance = 'trail', error }) => {
  const from = { source: 's', provenance: provenance as 'trail' | 'partner', account: file };
  expect(errorOf(() => new TrailAccounts(accounts).checkRecord(recipient, from))).toBe(error);
});

test('the reason says which account, and where accounts are named', () => {
  expect(() =>
    new TrailAccounts(['999999999999']).checkFile('222222222222_CloudTrail_r_20250602T1005Z_a.json'),
  ).toThrow(
    'the file belongs to account 222222222222, which the trail does not cover (trailAccounts in roletrail.json)',
  );
});
