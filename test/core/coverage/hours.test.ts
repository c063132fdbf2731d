import { coverageAt, coverageWindow, stsRegions } from '../../../core/coverage/hours.ts';

const account = '999999999999';
const at = '2016-04-05T20:39:37Z';
const session = { account, at, regions: ['us-east-1'] };

test('an issuance lies in a file delivered up to a quarter of an hour later; an hour around may be quiet', () => {
  expect(coverageWindow(at)).toEqual({ from: '2016-04-05T19:39:37.000Z', to: '2016-04-05T21:54:37.000Z' });
});

test.each([
  ['in the hour itself', '2016040520', true],
  ['in the first hour of the window', '2016040519', true],
  ['in the last hour of the window', '2016040521', true],
  ['an hour too early', '2016040518', false],
  ['an hour too late', '2016040522', false],
  ['a day before', '2016040420', false],
])('a file delivered %s: covered %#', (_, hour, covered) => {
  expect(coverageAt(session, [{ hour, region: 'us-east-1' }]).covered).toBe(covered);
});

test('the window goes over midnight', () => {
  const late = { ...session, at: '2016-12-31T23:50:00Z' };
  expect(coverageAt(late, [{ hour: '2017010101', region: 'us-east-1' }])).toEqual({
    covered: true,
    regions: ['us-east-1'],
  });
});

test('without any file it says for which account and when', () => {
  expect(coverageAt(session, [])).toEqual({
    covered: false,
    reason:
      'no coverage: no log file named for account 999999999999 was delivered between 2016-04-05T19:39:37.000Z and 2016-04-05T21:54:37.000Z',
  });
});

test('files of regions in which its issuance is not logged do not cover it', () => {
  const elsewhere = coverageAt({ ...session, regions: ['us-east-1', 'eu-west-1'] }, [
    { hour: '2016040520', region: 'ap-south-1' },
  ]);
  expect(elsewhere).toEqual({
    covered: false,
    reason: expect.stringContaining('for account 999999999999 in eu-west-1, us-east-1 was delivered between'),
  });
});

test('one of the regions in which it may be logged is enough; any, where none is known', () => {
  const delivered = [{ hour: '2016040520', region: 'eu-west-1' }];
  expect(coverageAt({ ...session, regions: ['us-east-1', 'eu-west-1'] }, delivered).covered).toBe(true);
  expect(coverageAt({ ...session, regions: [] }, delivered).covered).toBe(true);
});

test.each([
  ['aws', ['eu-west-1', null, 'eu-west-1'], ['eu-west-1', 'us-east-1']],
  ['aws', [], ['us-east-1']],
  ['aws-cn', ['cn-north-1'], ['cn-north-1']],
  ['aws-us-gov', [], []],
])('partition %s, calls in %j: STS logs in %j', (partition, seen, regions) => {
  expect(stsRegions(partition, seen)).toEqual(regions);
});
