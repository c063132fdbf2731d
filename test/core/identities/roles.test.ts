import { readCaller } from '../../../core/identities/identity.ts';
import { AuditedRoles } from '../../../core/identities/roles.ts';

const callerOf = (roleArn: string | null, arn: string, accessKeyId = 'ASIAEXAMPLE000000001') =>
  readCaller({
    userIdentity: {
      type: 'AssumedRole',
      arn,
      accessKeyId,
      sessionContext: { sessionIssuer: roleArn ? { type: 'Role', arn: roleArn } : {} },
    },
  });

describe('audited roles', () => {
  const audited = new AuditedRoles([
    'arn:aws:iam::999999999999:role/CrossAccountTest',
    'arn:aws:iam::999999999999:role/team/ops/Deploy',
    'Breakglass',
  ]);

  test.each([
    ['the role itself', 'arn:aws:iam::999999999999:role/CrossAccountTest', true],
    ['a role whose name begins like it', 'arn:aws:iam::999999999999:role/CrossAccountTest2', false],
    ['a role whose name ends like it', 'arn:aws:iam::999999999999:role/MyCrossAccountTest', false],
    ['the same name in another account', 'arn:aws:iam::111111111111:role/CrossAccountTest', false],
    ['the same name in another partition', 'arn:aws-cn:iam::999999999999:role/CrossAccountTest', false],
    ['the role with its path', 'arn:aws:iam::999999999999:role/team/ops/Deploy', true],
    // IAM API, CreateRole: names are unique within the account and "not distinguished by case"; a path makes no other name.
    ['the role without its path', 'arn:aws:iam::999999999999:role/Deploy', true],
    ['the role with another path', 'arn:aws:iam::999999999999:role/team/Deploy', true],
    ['the role in another case', 'arn:aws:iam::999999999999:role/crossaccountTEST', true],
    [
      'a role whose name begins so in another case',
      'arn:aws:iam::999999999999:role/crossaccounttest2',
      false,
    ],
    ['a name in another case', 'arn:aws:iam::222233334444:role/breakGlass', true],
    ['a letter that only looks like one', 'arn:aws:iam::222233334444:role/Brea\u212aglass', false],
    ['a role by name, whatever account and path', 'arn:aws-us-gov:iam::222233334444:role/x/Breakglass', true],
    ['a role whose name begins like the name', 'arn:aws:iam::222233334444:role/Breakglass2', false],
  ])('%s: %s', (_, roleArn, expected) => {
    expect(audited.hasRole(roleArn)).toBe(expected);
    const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const session = `arn:aws:sts::999999999999:assumed-role/${name}/session`;
    expect(audited.hasCaller(callerOf(roleArn, session))).toBe(expected);
  });

  test('without a session issuer, the session ARN tells the role, exactly', () => {
    const session = (role: string) => `arn:aws:sts::999999999999:assumed-role/${role}/session`;
    expect(audited.hasCaller(callerOf(null, session('CrossAccountTest')))).toBe(true);
    expect(audited.hasCaller(callerOf(null, session('CrossAccountTest2')))).toBe(false);
    expect(
      audited.hasCaller(callerOf(null, 'arn:aws:sts::111111111111:assumed-role/CrossAccountTest/s')),
    ).toBe(false);
  });

  test('a star stands for every temporary credential, and for no long-term key', () => {
    const all = new AuditedRoles(['*']);
    const user = (accessKeyId: string) => readCaller({ userIdentity: { type: 'IAMUser', accessKeyId } });
    expect(all.hasCaller(user('ASIAEXAMPLE000000001'))).toBe(true);
    expect(all.hasCaller(user('AKIAEXAMPLE000000001'))).toBe(false);
  });

  // Identity Center guide, "Referencing permission sets in resource policies": the name, and a suffix that is new each time.
  const sso = 'arn:aws:iam::999999999999:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_';
  test.each([
    ['a role of the set', `${sso}Admin_0123456789abcdef`, true],
    ['the set provisioned anew', `${sso}Admin_fedcba9876543210`, true],
    ['another case', `${sso}ADMIN_fedcba9876543210`, true],
    ['a set whose name begins like it', `${sso}Admin_Extra_0123456789abcdef`, false],
    ['a set whose name ends like it', `${sso}NoAdmin_0123456789abcdef`, false],
    ['a suffix that is none', `${sso}Admin_0123456789abcdeg`, false],
    ['no suffix', `${sso}Admin_`, false],
  ])('a pattern stands for the roles of a permission set: %s', (_, roleArn, expected) => {
    const asked = ['AWSReservedSSO_Admin_*', 'arn:aws:iam::999999999999:role/AWSReservedSSO_Admin_*'];
    for (const each of asked) expect(new AuditedRoles([each]).hasRole(roleArn)).toBe(expected);
    const elsewhere = new AuditedRoles(['arn:aws:iam::111111111111:role/AWSReservedSSO_Admin_*']);
    expect(elsewhere.hasRole(roleArn)).toBe(false);
  });

  test('what is searched for in the bytes is the part of a pattern that stands there', () => {
    expect(new AuditedRoles(['AWSReservedSSO_Admin_*']).names).toEqual(['awsreservedsso_admin_']);
  });
});
