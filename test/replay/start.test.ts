import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '@roletrail/local';
import { openState } from '../../cli/deployment/local-cloud.ts';
import { inProcess } from './in-process.ts';
import { type Ran, roletrail, temporaryFolder } from './roletrail.ts';

const state = join(temporaryFolder(), 'state');
const listBuckets = '099ff820-00f2-4500-94fc-2b9da26d576f';
const assumeRole = 'e5a09871-dc41-4979-8cd3-e6e0fdf5ebaf';

/** A command over the state that `start` left behind. */
const look = (...words: string[]): Promise<Ran> => inProcess([...words, '--state', state]);

describe('a first sight', () => {
  let started: Ran;

  beforeAll(async () => {
    started = await roletrail(['start', '--state', state]);
  });

  test('start tells that jsmith listed the buckets, with both eventIDs, and exits with 0', () => {
    expect(started).toMatchObject({ status: 0 });
    const story = started.out.slice(started.out.indexOf('jsmith'), started.out.indexOf(listBuckets));
    expect(story).toContain('CrossAccountTest');
    expect(story).toContain('ListBuckets');
    expect(story).toContain(assumeRole);
    expect(started.out).toContain('no issuance of this credential to this principal was seen');
  });

  test.each([
    [
      'a session at the console, behind keys that no record issues',
      /ops-kmiller \(user, account 222233334444\) → msp\/MspOperations.*\n.*SwitchRole.*by principal and creation date\)\n.*proof .*\n.*3 calls/,
    ],
    [
      'the person of Identity Center a session stands for',
      /pnair@harbour\.example \(SAML user, .*for Identity Center user 84b8c4d8-2071-70a5-9d0e-3f1c5e6a7b90\)/,
    ],
    [
      "the person's key that no record issues, by principal and creation date",
      /pnair@harbour\.example .* · Identity Center\n.*AssumeRoleWithSAML .*\(by principal and creation date\)\n.*proof .*\n.*keys .*\n.*5 calls 2025-03-11 10:21:10 – 10:23:21/,
    ],
    ['the key that STS logs and nobody uses', /STS logged this key, Identity Center hands out another/],
    [
      'an AI agent in the session of a person',
      /pnair@harbour\.example .* · AI agent acting for them\n(?:.*\n){3}.*1 call 2025-03-11 10:24:15: cloudtrail LookupEvents/,
    ],
    [
      'a product provider, and not the person who approved its access',
      /◍ account 333344445555 \(product provider with delegated access\) → .*LedgerAuditor.*\n.*1 call 2025-03-11 10:26:40: s3 GetBucketLogging\n.*\n +named by the record: made by the product provider of account 333344445555/,
    ],
    [
      'a CI run by its repository, whatever its session is called',
      /● repo:harbour-shop\/storefront:ref:refs\/heads\/main .* → ci\/StorefrontDeploy .* · CI run\n.* as tlee /,
    ],
    [
      'a call that cannot be, apart from those of the session',
      /3 calls 2025-03-11 13:02:40 – 13:04:22.*\n.*proof.*\n.*outside its validity, caller unknown: 1 call 2025-03-11 15:31:07: iam CreateAccessKey/,
    ],
    ['an alert on the one session nothing explains', /\nAlerted\n +▲ .*ASIAEXAMPLENOISSUER1 .*\n\n/],
  ])('start shows %s', (_what, shown) => {
    expect(started.out).toMatch(shown);
  });

  test('counts what a record names by itself apart from what nothing explains', () => {
    expect(started.out).toContain('15 sessions explained, 1 not, 2 attempts refused');
    expect(started.out).toContain(
      '68 calls linked to who is behind them, 1 named by the record itself, 10 not',
    );
  });

  test('prints no escape sequence where there is no terminal', () => {
    expect(started.out).not.toContain('\u001b');
  });

  test('the commands it says to paste work', async () => {
    const commands = [...started.out.matchAll(/^ {2}npx roletrail (\S+(?: \S+)*)$/gm)].map(([, line = '']) =>
      line.split(' '),
    );
    expect(commands.length).toBeGreaterThanOrEqual(3);
    for (const words of commands) expect(await inProcess(words)).toMatchObject({ status: 0 });
  });

  describe('asked while another command holds the state, as beside a console', () => {
    let cloud: Cloud;

    beforeAll(async () => {
      cloud = await openState(state);
    });
    afterAll(() => cloud.close());

    test('who explains a call: the session, the hop, its rule, and where the evidence lies', async () => {
      const { status, out } = await look('who', listBuckets);
      expect(status).toBe(0);
      expect(out).toContain('arn:aws:iam::111111111111:user/jsmith');
      expect(out).toContain(assumeRole);
      expect(out).toContain("shared event: both accounts' copies");
      expect(out).toMatch(/source +s3:\/\/.*999999999999_CloudTrail_us-east-1_20160405T2045Z/);
    });

    test.each([
      ['--full', '"sessionToken": "(masked)"'],
      ['--json', '\\"sessionToken\\":\\"(masked)\\"'],
    ])('who %s shows a record whole but for the token of the session it hands out', async (option, shown) => {
      const { status, out } = await look('who', assumeRole, option);
      expect(status).toBe(0);
      expect(out).toContain(shown);
      // As the sample's story has it.
      expect(out).not.toContain('FQoDYXdzEH4aDLnt4a');
    });

    test('who marks the one call of a key that its life does not cover', async () => {
      const { out } = await look('who', 'ASIAEXAMPLETICKET230');
      const outside = out.split('\n').filter(line => line.includes('made after the credential had expired'));
      expect(outside).toHaveLength(1);
      expect(outside[0]).toMatch(/2025-03-11 15:31:07 {2}iam CreateAccessKey/);
    });

    test('who finds a key and a principal, and says when it knows nothing', async () => {
      for (const subject of [
        'ASIAJJQOJ64OAM7C65AA',
        'arn:aws:iam::111111111111:user/jsmith',
        'AIDAIDVUOOO7V6R6HKL6E',
        'JSmith',
      ]) {
        const { status, out } = await look('who', subject, '--json');
        expect(status).toBe(0);
        const found = JSON.parse(out) as { sessions: { issuerEventIDs: string[] }[] };
        expect(found.sessions.flatMap(session => session.issuerEventIDs)).toContain(assumeRole);
      }
      expect(await look('who', 'nobody')).toMatchObject({
        status: 1,
        err: expect.stringMatching(
          /^nothing is known of nobody\n.*beginning of a key or an ID\naudited here: .*CrossAccountTest.*\n$/,
        ),
      });
    });

    test('a name that a caller chose finds the session, and is told to be no person’s', async () => {
      const { out } = await look('who', 'DB-Maintenance', '--full');
      expect(out).toMatch(
        /is the name of (?:this|these \d+) sessions?, as their caller chose it .*: it names no person/,
      );
      expect(out).toContain('assumed-role/DataAdmin/db-maintenance');
    });

    test('sessions lists all of the state, or as many as were asked for and how many there are', async () => {
      const whole = JSON.parse((await look('sessions', '--json')).out) as {
        began: string;
        roleArn: string;
      }[];
      const begins = whole.map(({ began }) => began);
      expect(begins).toEqual([...begins].sort());
      expect(new Set(whole.map(({ roleArn }) => roleArn)).size).toBeGreaterThan(3);
      const few = await look('sessions', '--limit', '2');
      expect(few.out).toContain(`\n2 sessions and ${whole.length - 2} more: --limit N shows more`);
      const since = JSON.parse((await look('sessions', '--json', '--since', '2020-01-01')).out) as unknown[];
      expect(since).toEqual(whole.filter(({ began }) => began >= '2020'));
      expect(JSON.parse((await look('sessions', '--json', '--limit', '3')).out)).toEqual(whole.slice(0, 3));
    });

    test('a role that no session here is of is said to be none, not listed as empty', async () => {
      expect(await look('sessions', '--role', 'NoSuchRole')).toMatchObject({
        status: 1,
        err: 'roletrail: no session here belongs to a role called NoSuchRole\n',
      });
    });

    test('sessions lists by role, by origin, unlinked ones and since a time', async () => {
      const keys = async (...words: string[]) => {
        const { out } = await look('sessions', '--json', ...words);
        return (JSON.parse(out) as { accessKeyId: string; status: string }[]).map(each => each.accessKeyId);
      };
      for (const role of [
        'CrossAccountTest',
        'crossaccounttest',
        'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/x',
      ])
        expect(await keys('--role', role)).toContain('ASIAJJQOJ64OAM7C65AA');
      expect(await keys('--role', 'CrossAccountTest', '--since', '2020-01-01')).not.toContain(
        'ASIAJJQOJ64OAM7C65AA',
      );
      expect(await keys('--origin', 'arn:aws:iam::111111111111:user/jsmith')).toEqual([
        'ASIAJJQOJ64OAM7C65AA',
      ]);
      expect(await keys('--unlinked')).not.toContain('ASIAJJQOJ64OAM7C65AA');
      expect((await keys('--unlinked')).length).toBeGreaterThan(0);
    });

    test('refused attempts are listed newest first, and the session whose alert stands', async () => {
      const { out } = await look('refused', '--json');
      const attempts = JSON.parse(out) as { caller: string; role: string; errorCode: string }[];
      expect(attempts.map(({ caller, role }) => [caller.split('/')[1], role.split('/').at(-1)])).toEqual([
        ['helpdesk', 'MspOperations'],
        ['CrossAccountTest', 'DataAdmin'],
      ]);
      const before = await look('refused', '--until', '2025-03-11T14:11:37Z');
      expect(before.out).toMatch(
        /was refused DataAdmin \(AccessDenied: the message names no policy\) [0-9a-f-]{36}\n\n1 refused attempt; times are UTC\n$/,
      );
      const alerted = await look('sessions', '--alerted', '--json');
      expect(JSON.parse(alerted.out)).toMatchObject([
        { accessKeyId: 'ASIAEXAMPLENOISSUER1', status: 'unlinked', chain: [] },
      ]);
    });

    test('users of Identity Center are shown by the names of a file, and answers in JSON have them beside', async () => {
      const names = join(state, '..', 'users.csv');
      writeFileSync(names, 'userId,userName\n84b8c4d8-2071-70a5-9d0e-3f1c5e6a7b90,priya.nair\n');
      const role =
        'arn:aws:iam::999999999999:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_LedgerAuditor_0123456789abcdef';
      const told = await look('who', role, '--names', names);
      expect(told.out).toMatch(
        /pnair@harbour\.example \(SAML user, .*for priya\.nair \(Identity Center user 84b8c4d8-2071-70a5-9d0e-3f1c5e6a7b90\)\)/,
      );
      const json = await look('sessions', '--role', role, '--json');
      const named = await look('sessions', '--role', role, '--json', '--names', names);
      const people = { '84b8c4d8-2071-70a5-9d0e-3f1c5e6a7b90': 'priya.nair' };
      expect(JSON.parse(named.out)).toEqual(
        JSON.parse(json.out).map((answer: { origin: { onBehalfOf: string | null } | null }) =>
          answer.origin?.onBehalfOf ? { ...answer, people } : answer,
        ),
      );
      const wrong = await look('who', role, '--names', state);
      expect(wrong).toMatchObject({ status: 2, out: '' });
      expect(wrong.err).toMatch(/^roletrail: names of .*: EISDIR.*\n$/);
    });

    test('executions are listed and inspected, by name, ARN and beginning', async () => {
      const { out } = await look('executions', '--json');
      const [execution] = (JSON.parse(out) as { name: string; arn: string; status: string }[]).filter(
        ({ name }) => name.startsWith('logs-'),
      );
      expect(execution).toMatchObject({ status: 'SUCCEEDED' });
      const { name = '', arn = '' } = execution ?? {};
      for (const way of [name, arn, name.slice(0, -2)]) {
        const inspected = await look('inspect', way, '--json');
        const { states } = JSON.parse(inspected.out) as { states: { name: string; attempts: object[] }[] };
        expect(states.map(state => state.name)).toEqual(
          expect.arrayContaining([
            'Fetch',
            'Decompress',
            'Filter',
            'Normalize',
            'Persist',
            'Correlate',
            'Done',
          ]),
        );
        expect(states.find(state => state.name === 'Persist')?.attempts).toMatchObject([
          { outcome: 'succeeded' },
        ]);
      }
      expect(await look('inspect', 'no-such-thing')).toMatchObject({
        status: 1,
        err: expect.stringContaining('no execution is called no-such-thing'),
      });
    });
  });

  test('without a state there is one sentence', async () => {
    const { status, err } = await inProcess(['who', listBuckets, '--state', `${state}-other`]);
    expect(status).toBe(1);
    expect(err).toBe(
      `roletrail: nothing was replayed into ${state}-other yet: run npm start, or roletrail replay PATH\n`,
    );
  });
});
