import type { FirstFile } from '../../../core/coverage/hours.ts';
import { coverageOf, reportedAnswer } from '../../../core/coverage/session-coverage.ts';
import { unlinked } from '../../cli/fixtures.ts';

const account = '999999999999';
const began = '2026-09-17T23:10:00Z';
const session = (more = {}) => unlinked({ roleArn: `arn:aws:iam::${account}:role/Night`, began, ...more });
const calls = [{ awsRegion: 'us-east-1', recipientAccountId: account }];

/** A ledger with files of these regions around the session, each with its first file. */
function ledger(firsts: Record<string, FirstFile>, reads = true) {
  return {
    coverage: async () => Object.keys(firsts).map(region => ({ region, hour: '2026091723' })),
    first: async (_: string, region: string) => firsts[region] ?? null,
    logsReads: async () => reads,
  };
}

const before = { time: '2026-09-17T20:05:00Z', earliest: null };
const midnight = (earliest: string | null) => ({ time: '2026-09-18T00:05:00Z', earliest });

test.each<[string, Record<string, FirstFile>, boolean, string | null]>([
  ['had begun before', { 'us-east-1': before }, true, null],
  [
    'begin with a file whose records are older than the session',
    { 'us-east-1': midnight('2026-09-17T23:09:59Z') },
    true,
    null,
  ],
  [
    'begin with a file whose records are younger',
    { 'us-east-1': midnight('2026-09-17T23:10:01Z') },
    false,
    'begin later (us-east-1 at 2026-09-17T23:10:01Z)',
  ],
  [
    'begin with a file of which nothing is known but its name',
    { 'us-east-1': midnight(null) },
    false,
    'begin later (us-east-1 at 2026-09-18T00:05:00Z)',
  ],
  [
    'begin with a file that reaches back more than 75 minutes: no further',
    { 'us-east-1': { time: '2026-09-18T00:26:00Z', earliest: '2026-09-10T00:00:00Z' } },
    false,
    'begin later (us-east-1 at 2026-09-17T23:11:00Z)',
  ],
])('logs that %s', async (_, firsts, covered, reason) => {
  const told = await coverageOf(session(), calls, ledger(firsts));
  expect(told).toMatchObject(
    covered ? { covered } : { covered, reason: expect.stringContaining(reason ?? '') },
  );
});

test('a session whose records show no creation date may have begun twelve hours before its first call', async () => {
  const unknown = session({ creationKnown: false });
  expect(await coverageOf(unknown, calls, ledger({ 'us-east-1': before }))).toMatchObject({
    covered: false,
    reason: expect.stringContaining('may be as early as 2026-09-17T11:10:00Z'),
  });
  const morning = { time: '2026-09-17T11:10:00Z', earliest: null };
  expect(await coverageOf(unknown, calls, ledger({ 'us-east-1': morning }))).toMatchObject({ covered: true });
});

test('one region that had begun is enough', async () => {
  const both = ledger({ 'us-east-1': midnight(null), 'eu-west-1': before });
  const inBoth = [...calls, { awsRegion: 'eu-west-1', recipientAccountId: account }];
  expect(await coverageOf(session(), inBoth, both)).toMatchObject({ covered: true });
  expect(await coverageOf(session(), calls, both)).toMatchObject({ covered: false });
});

test('logs without read events hold no issuance', async () => {
  expect(await coverageOf(session(), calls, ledger({ 'us-east-1': before }, false))).toEqual({
    covered: false,
    reason:
      'no coverage: the logs of account 999999999999 hold no read events, and most issuances are read events',
  });
});

test.each([
  ['aws-reserved/sso.amazonaws.com/eu-west-1/', 'eu-west-1'],
  ['aws-reserved/sso.amazonaws.com/', 'us-east-1'],
])('sessions of a role under %s are issued in %s, wherever their calls go', async (path, region) => {
  const roleArn = `arn:aws:iam::${account}:role/${path}AWSReservedSSO_Admin_0123456789abcdef`;
  expect(await coverageOf(session({ roleArn }), calls, ledger({ [region]: before }))).toMatchObject({
    covered: true,
  });
  const other = await coverageOf(session({ roleArn }), calls, ledger({ 'ap-south-1': before }));
  expect(other).toMatchObject({ covered: false, reason: expect.stringContaining(`in ${region}`) });
});

describe('a claim of what our own trail covers and does not have', () => {
  const claim = { account: '111111111111', eventID: 'theirs', caller: 'ceo', contradicts: false };
  const claimed = session({ claims: [claim] });
  const covered = ledger({ 'us-east-1': before });
  const flagsAt = async (now: string, graceMinutes: number, answer = claimed, of = covered) =>
    (await reportedAnswer(answer, calls, of, { graceMinutes, now: new Date(now) })).flags;

  test.each([
    [0, '2026-09-17T23:10:00Z', true],
    [15, '2026-09-17T23:24:59Z', false],
    [15, '2026-09-17T23:25:00Z', true],
    [60, '2026-09-18T00:09:59Z', false],
    [60, '2026-09-18T00:10:00Z', true],
    [1_440, '2026-09-18T23:09:59Z', false],
    [1_440, '2026-09-18T23:10:00Z', true],
  ])('is a contradiction once a grace period of %d minutes is over: %s %s', async (minutes, now, flagged) => {
    expect(await flagsAt(now, minutes)).toEqual(flagged ? ['claim-contradicts-trail'] : []);
  });

  test('is none where the trail does not cover it, or nobody claims anything', async () => {
    const late = '2027-01-01T00:00:00Z';
    expect(await flagsAt(late, 0, claimed, ledger({}))).toEqual([]);
    expect(await flagsAt(late, 0, session())).toEqual([]);
  });
});
