import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProcess } from './in-process.ts';
import { temporaryFolder } from './roletrail.ts';

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
const state = (command: string) => ['--state', join(folder, command)];

beforeAll(() => {
  mkdirSync(logs);
  writeFileSync(join(logs, 'night.json'), JSON.stringify({ Records: records }));
});

// IAM API, CreateRole: a name is unique in its account and "not distinguished by case"; a session's ARN lacks the path.
const writings = ['LakeWriter', 'lakewriter', `arn:aws:iam::${account}:role/LakeWriter`];
test.each([...writings.map(role => ({ command: 'trace', role })), { command: 'replay', role: 'lakewriter' }])(
  '$command finds the role as people write it: $role',
  async ({ command, role }) => {
    const ran = await inProcess([command, logs, '--roles', role, '--fresh', ...state(command)]);
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.out).toContain('1 call linked');
    expect(ran.out).not.toContain('no record of the role');
    const listed = await inProcess(['who', `arn:aws:iam::${account}:role/lakewriter`, ...state(command)]);
    expect(listed.out).toContain('rosa');
  },
);

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
  const config = {
    production: { account: '999999999999', region: 'us-east-1' },
    auditedRoles: ['Elsewhere'],
    partners: [],
    trailBucket: { name: 'a-bucket' },
    batch: { size: 10, windowSeconds: 20 },
  };
  writeFileSync(join(folder, 'roletrail.json'), JSON.stringify(config));
  const before = process.cwd();
  process.chdir(folder);
  try {
    const ran = await inProcess(['replay', logs, '--fresh', ...state('replay')]);
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.out.split('\n')[0]).toContain('auditing every temporary credential');
    expect(ran.out).toContain('1 call linked');
    // Nor does it change what a state was audited with: asked from there, and by way of a cloud that is kept running.
    await inProcess(['replay', logs, '--fresh', '--roles', 'LakeWriter', ...state('replay')]);
    await inProcess(['cloud', ...state('replay')]);
    const listed = await inProcess(['sessions', '--role', 'Elsewhere', ...state('replay')]);
    expect(listed.err).toContain('no session here belongs to a role called Elsewhere');
    const who = await inProcess(['who', 'nobody-at-all', ...state('replay')]);
    expect(who.err).toContain('audited here: LakeWriter; calls under other roles were not kept');
  } finally {
    process.chdir(before);
  }
});
