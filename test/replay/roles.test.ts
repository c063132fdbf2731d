import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '@roletrail/local';
import { samplesConfigFile } from '../../cli/deployment/base-config.ts';
import { openState } from '../../cli/deployment/local-cloud.ts';
import { inProcess } from './in-process.ts';
import { type Ran, readJson, temporaryFolder } from './roletrail.ts';

/** A role under a path, assumed by a user, and one call. */
const account = '310742550001';
const roleArn = `arn:aws:iam::${account}:role/team/ingest/LakeWriter`;
const session = `arn:aws:sts::${account}:assumed-role/LakeWriter/night`;
const principalId = 'AROA5QLMTV2KDEXAMPLE1:night';
const common = { eventVersion: '1.11', awsRegion: 'eu-west-1', recipientAccountId: account };
const records = [
  {
    ...common,
    eventID: '5f1d1a3e-0001-4a51-8a53-000000000001',
    eventTime: '2026-09-17T07:01:00Z',
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::${account}:user/rosa`,
      principalId: 'AIDA5QLMTV2KDEXAMPLE2',
      accountId: account,
      accessKeyId: 'AKIA5QLMTV2KDEXAMPL2',
      userName: 'rosa',
    },
    requestParameters: { roleArn, roleSessionName: 'night' },
    responseElements: {
      credentials: { accessKeyId: 'ASIA5QLMTV2KDEXAMPL3', expiration: 'Sep 17, 2026, 8:01:00 AM' },
      assumedRoleUser: { assumedRoleId: principalId, arn: session },
    },
  },
  {
    ...common,
    eventID: '5f1d1a3e-0001-4a51-8a53-000000000002',
    eventTime: '2026-09-17T07:02:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    userIdentity: {
      type: 'AssumedRole',
      arn: session,
      principalId,
      accountId: account,
      accessKeyId: 'ASIA5QLMTV2KDEXAMPL3',
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: roleArn, accountId: account, userName: 'LakeWriter' },
        attributes: { creationDate: '2026-09-17T07:01:00Z' },
      },
    },
  },
];

const folder = temporaryFolder();
const logs = join(folder, 'logs');
const state = (name: string) => ['--state', join(folder, name)];

/** Runs where a configuration audits another role. */
async function beside<T>(run: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await run();
  } finally {
    process.chdir(before);
  }
}

beforeAll(() => {
  mkdirSync(logs);
  writeFileSync(join(logs, 'night.json'), JSON.stringify({ Records: records }));
  const config = { ...readJson<object>(samplesConfigFile), auditedRoles: ['Elsewhere'] };
  writeFileSync(join(folder, 'roletrail.json'), JSON.stringify(config));
});

// IAM API, CreateRole: a name is unique in its account and "not distinguished by case"; a session's ARN lacks the path.
const writings = ['LakeWriter', 'lakewriter', `arn:aws:iam::${account}:role/LakeWriter`];
const found = (ran: Ran) => {
  expect(ran).toMatchObject({ status: 0 });
  expect(ran.out).toContain('1 call linked');
  expect(ran.out).not.toContain('no record of the role');
};
const who = (at: string[]) => inProcess(['who', `arn:aws:iam::${account}:role/lakewriter`, ...at]);

test.each(writings)('trace finds the role as people write it: %s', async role => {
  found(await inProcess(['trace', logs, '--roles', role, '--fresh', ...state('trace')]));
  expect((await who(state('trace'))).out).toContain('rosa');
});

describe('a replay of one role, beside a configuration that audits another', () => {
  const at = state('lakewriter');
  let ran: Ran;
  // One for all questions: each command would start its own.
  let cloud: Cloud;
  beforeAll(async () => {
    ran = await beside(() => inProcess(['replay', logs, '--roles', 'lakewriter', ...at]));
    // Nor does a cloud that is kept running change what a state was audited with.
    await beside(() => inProcess(['cloud', ...at]));
    cloud = await openState(join(folder, 'lakewriter'));
  });
  afterAll(() => cloud.close());

  test('finds the role as people write it: lakewriter', async () => {
    found(ran);
    expect((await who(at)).out).toContain('rosa');
  });

  test('audits that one, also for what is asked there afterwards', async () => {
    const listed = await beside(() => inProcess(['sessions', '--role', 'Elsewhere', ...at]));
    expect(listed.err).toContain('no session here belongs to a role called Elsewhere');
    const nobody = await beside(() => inProcess(['who', 'nobody-at-all', ...at]));
    expect(nobody.err).toContain('audited here: lakewriter; calls under other roles were not kept');
  });
});

test('a role that no record tells of is said, and is not a success', async () => {
  const asked = 'arn:aws:iam::111111111111:role/LakeWriter';
  const ran = await inProcess([
    'replay',
    logs,
    '--roles',
    'lake-reader',
    '--roles',
    asked,
    '--fresh',
    ...state('replay'),
  ]);
  expect(ran).toMatchObject({ status: 3 });
  expect(ran.out).toContain('no record of the role lake-reader in these logs');
  expect(ran.out).toContain(
    `no record of the role ${asked} in these logs; nearest: ${roleArn} (of account ${account})`,
  );
});

test('without --roles every temporary credential is audited, whatever a configuration in the folder says', async () => {
  const ran = await beside(() => inProcess(['replay', logs, ...state('every')]));
  expect(ran).toMatchObject({ status: 0 });
  expect(ran.out.split('\n')[0]).toContain('auditing every temporary credential');
  expect(ran.out).toContain('1 call linked');
});
