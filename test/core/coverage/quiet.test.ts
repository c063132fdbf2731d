import { type Heard, heardName, quietOf } from '../../../core/coverage/quiet.ts';

const now = new Date('2025-06-09T12:00:00Z');
const patience = { quietMinutes: 4_320, lookbackDays: 35 };
const heard = (until: string, by: Heard['by'] = 'trail'): Heard => ({ by, account: '111111111111', until });

test.each([
  ['was heard a minute ago', '2025-06-09T11:59:00Z', false],
  ['was heard three days ago to the minute', '2025-06-06T12:00:00Z', false],
  ['was heard a minute more than three days ago', '2025-06-06T11:59:00Z', true],
  ['was heard last on the last day that is looked at', '2025-05-05T12:01:00Z', true],
  ['was heard last before the days that are looked at', '2025-05-05T11:59:00Z', false],
  ['says it is from tomorrow', '2025-06-10T12:00:00Z', false],
])('one that %s', (_, until, quiet) => {
  expect(quietOf([heard(until)], now, patience)).toEqual(quiet ? [heard(until)] : []);
});

test('nobody is quiet where it is switched off', () => {
  expect(quietOf([heard('2025-06-01T00:00:00Z')], now, { ...patience, quietMinutes: 0 })).toEqual([]);
});

test('an account’s files and its events as a partner are two that are heard', () => {
  const both = [heard('2025-06-09T11:00:00Z'), heard('2025-06-01T11:00:00Z', 'partner')];
  expect(quietOf(both, now, patience).map(heardName)).toEqual(['partner#111111111111']);
});
