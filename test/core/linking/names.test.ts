import { comparable, nameKey, namesOf, roleFiledAs, roleNamesOf } from '../../../core/linking/names.ts';
import { answer, hop, jsmith } from '../../cli/fixtures.ts';

const arn = 'arn:aws:sts::999999999999:assumed-role/CrossAccountTest/test';
const kindsOf = (more: Parameters<typeof answer>[0]) => Object.fromEntries(namesOf(answer(more)));

describe('the names of a session', () => {
  test('are who is behind it, the session itself, and what its caller chose', () => {
    expect(kindsOf({ sourceIdentity: 'JSmith@corp' })).toEqual({
      'arn:aws:iam::111111111111:user/jsmith': 'who',
      aidaexample: 'who',
      jsmith: 'who',
      [arn.toLowerCase()]: 'itself',
      'aroaexample:test': 'itself',
      'crossaccounttest/test': 'itself',
      test: 'chosen',
      'jsmith@corp': 'chosen',
    });
  });

  // A caller may write anybody's name there: it is no more than a name of the session.
  test('hold a person’s name as chosen where only the caller wrote it', () => {
    expect(kindsOf({ sessionName: 'ceo@example.com' })['ceo@example.com']).toBe('chosen');
    expect(kindsOf({ sessionName: 'ceo@example.com', named: 'CEO@example.com' })['ceo@example.com']).toBe(
      'who',
    );
  });

  test('have the subject of a token, the user of Identity Center, and the workload', () => {
    const github = 'repo:example-org/shop:ref:refs/heads/main';
    const origin = {
      ...jsmith,
      type: 'WebIdentityUser',
      arn: null,
      principalId: `arn:aws:iam::999999999999:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:${github}`,
      userName: github,
    };
    expect(kindsOf({ origin })[github]).toBe('who');
    const onBehalfOf = '906715A2B3-1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809';
    expect(kindsOf({ origin: { ...jsmith, onBehalfOf } })[onBehalfOf.toLowerCase()]).toBe('who');
    const service = {
      ...jsmith,
      ...{ type: 'AWSService', arn: null, userName: null, principalId: null },
      ...{ invokedBy: 'ec2.amazonaws.com', workload: 'i-0aaf91168b50e943f' },
    };
    const names = kindsOf({ origin: service, named: null, sessionName: 'i-0aaf91168b50e943f' });
    expect(names).toMatchObject({ 'ec2.amazonaws.com': 'who', 'i-0aaf91168b50e943f': 'who' });
  });

  test('have what a reader is shown in their place', () => {
    expect(kindsOf({ origin: { ...jsmith, type: 'Root', userName: null } }).root).toBe('who');
    const provider = { ...jsmith, type: 'DelegatedProvider', arn: null, accountId: '333333333333' };
    expect(kindsOf({ origin: provider })['account 333333333333']).toBe('who');
    const session = { ...jsmith, type: 'AssumedRole', arn, userName: null, principalId: 'AROAEXAMPLE:test' };
    expect(kindsOf({ origin: session })).toMatchObject({
      'crossaccounttest/test': 'who',
      [arn.toLowerCase()]: 'who',
    });
    const inTeam = { ...jsmith, arn: 'arn:aws:iam::111111111111:user/team/ops/JSmith', userName: null };
    expect(kindsOf({ origin: inTeam, named: null })).toMatchObject({
      'team/ops/jsmith': 'who',
      jsmith: 'who',
    });
  });

  test('have the sessions on the way to it, and the sign-ins of both', () => {
    const first = { ...jsmith, type: 'AssumedRole', arn, principalId: 'AROAEXAMPLE:test', userName: null };
    const signIn = 'arn:aws:signin:us-east-1:111111111111:session/abc';
    const chain = [
      { ...hop('DataAdmin', ['issue-2'], '2025-03-11T09:21:40Z', first), signInSession: signIn },
      hop('CrossAccountTest', ['issue-1'], '2025-03-11T09:12:04Z'),
    ];
    const own = 'arn:aws:sts::999999999999:assumed-role/DataAdmin/db-maintenance';
    expect(
      kindsOf({ chain, arn: own, principalId: 'AROADATA:db-maintenance', signInSessions: [`${signIn}2`] }),
    ).toMatchObject({
      [arn.toLowerCase()]: 'hop',
      'aroaexample:test': 'hop',
      'crossaccounttest/test': 'hop',
      [signIn]: 'hop',
      [`${signIn}2`]: 'itself',
      [own.toLowerCase()]: 'itself',
      jsmith: 'who',
    });
  });

  test('are a partner’s word where only a partner tells of the issuance', () => {
    const claimed = {
      ...hop('CrossAccountTest', ['issue-1'], '2025-03-11T09:12:04Z'),
      joinedBy: 'claimed' as const,
    };
    expect(kindsOf({ chain: [claimed] })).toMatchObject({
      test: 'claimed',
      [arn.toLowerCase()]: 'claimed',
      jsmith: 'who',
    });
  });

  test('have no id that was made anonymous, and no empty text', () => {
    const masked = 'AROXXXXXXXXXXXXXXXXXX:test';
    const names = namesOf(
      answer({ principalId: masked, sessionName: '', origin: { ...jsmith, principalId: 'AIDA****' } }),
    );
    for (const name of [masked.toLowerCase(), '', 'aida****']) expect([...names.keys()]).not.toContain(name);
  });

  test('are bounded, and who is behind it is never left out for a hop', () => {
    const hops = Array.from({ length: 60 }, (_, n) =>
      hop('R', [`issue-${n}`], '2025-03-11T09:12:04Z', {
        ...jsmith,
        arn: `arn:aws:sts::999999999999:assumed-role/R${n}/s${n}`,
      }),
    );
    const names = namesOf(answer({ chain: hops }));
    expect(names.size).toBe(40);
    expect(names.get('jsmith')).toBe('who');
    expect(names.get(arn.toLowerCase())).toBe('itself');
  });
});

test('a name is compared without regard to case and space around it', () => {
  expect(comparable('  Sam.Lee@Example.com ')).toBe('sam.lee@example.com');
});

describe('a role', () => {
  // IAM guide: a name is unique in its account whatever the path, and is not distinguished by case.
  test('is one, whatever its path and case, and whether its own ARN or that of a session tells it', () => {
    const all = [
      'arn:aws:iam::999999999999:role/DataLake',
      'arn:aws:iam::999999999999:role/team/ingest/datalake',
      'arn:aws:sts::999999999999:assumed-role/DataLake/dl',
    ];
    expect(new Set(all.map(roleFiledAs)).size).toBe(1);
    expect(roleFiledAs('arn:aws:iam::111111111111:role/DataLake')).not.toBe(roleFiledAs(all[0] ?? ''));
    expect(roleFiledAs('arn:aws-cn:iam::999999999999:role/DataLake')).not.toBe(roleFiledAs(all[0] ?? ''));
  });

  test('has its name and its unique id, and so have the names of the roles on the way', () => {
    const roleArn = 'arn:aws:iam::999999999999:role/team/DataLake';
    const names = roleNamesOf(answer({ roleArn, principalId: 'AROAEXAMPLE:dl' })).map(({ name }) => name);
    expect(names).toEqual(['datalake', 'aroaexample']);
    const chain = [
      hop('DataLake', ['i2'], '2025-03-11T09:00:00Z'),
      hop('Jump', ['i1'], '2025-03-11T09:00:00Z'),
    ];
    expect(roleNamesOf(answer({ roleArn, chain })).map(({ name }) => name)).toContain('jump');
    expect(roleNamesOf(answer({ roleArn: null }))).toEqual([]);
    expect(roleNamesOf(answer({ roleArn, principalId: 'AROXXXXXXXXXXXXXXXXXX:dl' }))).toHaveLength(1);
  });
});

// One entry finds a session by its ARN, its principal id and its name: they end alike.
test.each([
  ['arn:aws:iam::111111111111:user/team/jsmith', 'jsmith'],
  ['arn:aws:sts::999999999999:assumed-role/dataadmin/db-maintenance', 'db-maintenance'],
  ['arn:aws:sts::999999999999:federated-user/bob', 'bob'],
  ['aroaexampledatalake1:db-maintenance', 'db-maintenance'],
  ['dataadmin/db-maintenance', 'db-maintenance'],
  ['111122223333:aws:ec2-instance:i-0aaf91168b50e943f', 'i-0aaf91168b50e943f'],
  ['arn:aws:sts::111122223333:assumed-role/aws:ec2-instance/i-0aaf91168b50e943f', 'i-0aaf91168b50e943f'],
  ['b7qm2zk0avy=:dora.kay@corp.example', 'dora.kay@corp.example'],
  [
    'arn:aws:iam::999999999999:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:org/shop:ref:refs/heads/main',
    'repo:org/shop:ref:refs/heads/main',
  ],
  // What ends alike by chance only has a place of its own.
  ['repo:org/shop:ref:refs/heads/main', 'repo:org/shop:ref:refs/heads/main'],
  ['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:orders'],
  [
    'arn:aws:lambda:us-east-1:111122223333:function:nightly',
    'arn:aws:lambda:us-east-1:111122223333:function:nightly',
  ],
  ['aidaexampleuser000001', 'aidaexampleuser000001'],
  ['dora.kay@corp.example', 'dora.kay@corp.example'],
  ['ends/', 'ends/'],
])('%s is filed under %s', (name, key) => {
  expect(nameKey(name)).toBe(key);
});
