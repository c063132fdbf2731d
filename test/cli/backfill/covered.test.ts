import { coveredAccountRegions } from '../../../cli/backfill/covered.ts';

const at = (account: string, region = 'us-east-1') => ({
  account,
  region,
  prefix: `${account}/${region}/`,
});
const own = at('999999999999');
const member = at('222222222222');
const accountRegions = [own, member, at('222222222222', 'eu-west-1')];

test.each([
  ['its accounts', ['999999999999', '111111111111'], [own], ['222222222222']],
  ['all accounts that there are', ['999999999999', '222222222222'], accountRegions, []],
  ['any account', ['*'], accountRegions, []],
  ['accounts unchecked', ['unchecked'], accountRegions, []],
])('of a deployment that covers %s, others are left out and named', (_, covered, kept, leftOut) => {
  expect(coveredAccountRegions(accountRegions, covered, [])).toEqual({ accountRegions: kept, leftOut });
});

test('an account that is asked for and not covered is wrong usage', () => {
  expect(() => coveredAccountRegions([member], ['999999999999'], ['222222222222'])).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringContaining('does not cover account 222222222222'),
    }),
  );
});

test('where no account is covered there is nothing to send', () => {
  expect(() => coveredAccountRegions([member], ['999999999999'], [])).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringContaining('of account 222222222222 only'),
    }),
  );
});
