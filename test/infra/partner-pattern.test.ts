import { compilePattern } from '@roletrail/local/deployment';
import { assumeRolePatterns } from '../../infra/partner-pattern.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { configWith } from './assembly.ts';

const production = 'arn:aws:iam::999999999999:role/';

/** A partner's AssumeRole as EventBridge has it; as in the article, with other parameters. */
function assumeRole(requestParameters: object | null, more: object = {}) {
  return {
    source: 'aws.sts',
    'detail-type': 'AWS API Call via CloudTrail',
    account: '111111111111',
    region: 'us-east-1',
    detail: {
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      awsRegion: 'us-east-1',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/jsmith' },
      requestParameters,
      ...more,
    },
  };
}

const into = (roleArn: string) => assumeRole({ roleArn, roleSessionName: 'TestSession' });

function denied(roleArn: string, ending = '') {
  const errorMessage = `User: arn:aws:iam::111111111111:user/jsmith is not authorized to perform: sts:AssumeRole on resource: ${roleArn}${ending}`;
  return assumeRole(null, { errorCode: 'AccessDenied', errorMessage });
}

/** How many of the partner's rules an event matches. */
function rulesMatching(
  event: Parameters<ReturnType<typeof compilePattern>>[0],
  auditedRoles: string[],
  externalIds?: string[],
) {
  const config: RoletrailConfig = { ...configWith(), auditedRoles, trailAccounts: ['*'] };
  return assumeRolePatterns(config, externalIds).filter(pattern => compilePattern({ ...pattern })(event))
    .length;
}

describe('a role by its ARN', () => {
  const roles = [`${production}CrossAccountTest`, `${production}team/Deploy`];

  test.each([
    ['the role', into(`${production}CrossAccountTest`), 1],
    ['the role with its path', into(`${production}team/Deploy`), 1],
    ['a decoy whose name begins so', into(`${production}CrossAccountTest2`), 0],
    ['a role of that name elsewhere', into('arn:aws:iam::888888888888:role/CrossAccountTest'), 0],
    ['the role in another case', into(`${production}team/deploy`), 1],
    ['the same name under another path, which is the same role', into(`${production}other/Deploy`), 1],
    ['the same name without a path', into(`${production}deploy`), 1],
    ['a name that only ends so', into(`${production}team/NoDeploy`), 0],
    ['a denied attempt', denied(`${production}CrossAccountTest`), 1],
    [
      'a denied attempt, explained',
      denied(
        `${production}CrossAccountTest`,
        ' because no identity-based policy allows the sts:AssumeRole action',
      ),
      1,
    ],
    ['a denied attempt elsewhere', denied('arn:aws:iam::888888888888:role/CrossAccountTest'), 0],
    [
      'an external id of nobody',
      assumeRole({ roleArn: 'arn:aws:iam::888888888888:role/X', externalId: '3414' }),
      0,
    ],
  ])('%s', (_, event, matched) => {
    expect(rulesMatching(event, roles)).toBe(matched);
  });
});

describe('a role by its name', () => {
  test.each([
    ['of the production account', into(`${production}Deploy`), 1],
    ['with any path', into(`${production}team/ci/Deploy`), 1],
    ['in another case', into(`${production}dePLOY`), 1],
    ['that only ends so', into(`${production}NoDeploy`), 0],
    ['that only begins so', into(`${production}Deploy2`), 0],
    ['of another account', into('arn:aws:iam::888888888888:role/Deploy'), 0],
  ])('%s', (_, event, matched) => {
    expect(rulesMatching(event, ['Deploy'])).toBe(matched);
  });

  test('is found by one rule however many there are', () => {
    // Given
    const names = Array.from({ length: 11 }, (_, index) => `Role${index}`);
    // Then
    for (const name of names) {
      expect(rulesMatching(into(`${production}${name}`), names)).toBe(1);
      expect(rulesMatching(into(`${production}a/${name}`), names)).toBe(1);
    }
    expect(rulesMatching(denied(`${production}Role0`), names)).toBe(1);
  });
});

describe('a pattern has at most 2,048 characters and the wildcards that EventBridge bears', () => {
  const many = (count: number, of: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => of(i));
  const inAccount = (index: number) =>
    `arn:aws:iam::${String(222222222222 + index)}:role/a/path/of/some/length/TheRoleOfAccount${index}`;

  test.each([
    ['four names, one by one', many(4, i => `Role${i}`), 1, 4],
    ['five names, by their account', many(5, i => `Role${i}`), 1, 0],
    ['200 names', many(200, i => `A-name-of-some-length-${i}`), 1, 0],
    ['ten ARNs of one account', many(10, i => `${production}Role${i}`), 1, 0],
    ['50 ARNs of one account', many(50, i => `${production}some/path/Role${i}`), 1, 0],
    ['names of three accounts, two accounts a rule', many(3, inAccount), 2, 3],
    ['30 accounts', many(30, inAccount), 15, 0],
  ])('%s', (_, auditedRoles, rules, paths) => {
    // Given
    const externalIds = many(90, index => `an-external-id-${index}`);
    const config: RoletrailConfig = { ...configWith(), auditedRoles, trailAccounts: ['*'] };
    for (const ids of [[], externalIds]) {
      // When
      const texts = assumeRolePatterns(config, ids).map(pattern => JSON.stringify(pattern));
      // Then
      expect(texts).toHaveLength(rules);
      expect(Math.max(...texts.map(text => text.length))).toBeLessThanOrEqual(2_048);
      expect(Math.max(...texts.map(text => text.split('*on resource: ').length - 1))).toBeLessThanOrEqual(2);
      const anyPath = texts.reduce((sum, text) => sum + (text.match(/role\/\*\//g) ?? []).length, 0);
      expect(anyPath).toBe(ids.length > 0 ? 0 : paths);
    }
  });

  test.each([
    ['by ARN', many(10, i => `${production}Role${i}`), into(`${production}Role9`), 1],
    ['by ARN, another role', many(10, i => `${production}Role${i}`), into(`${production}Role10`), 0],
    ['by account', many(50, i => `${production}some/path/Role${i}`), into(`${production}x/Role49`), 1],
    [
      'by account, another account',
      many(50, i => `Role${i}`),
      into('arn:aws:iam::888888888888:role/Role1'),
      0,
    ],
    ['in the last of 30 accounts', many(30, inAccount), into(inAccount(29)), 1],
    ['denied in the last of 30 accounts', many(30, inAccount), denied(inAccount(29)), 1],
    ['denied elsewhere', many(30, inAccount), denied(inAccount(30)), 0],
  ])('what is sent stays the same: %s', (_, auditedRoles, event, matched) => {
    expect(rulesMatching(event, auditedRoles)).toBe(matched);
  });

  test('more accounts than a partner’s bus has room for are refused', () => {
    expect(() => configWith({ auditedRoles: many(31, inAccount), trailAccounts: ['*'] })).toThrow(
      'auditedRoles: are roles of 31 accounts; the rules of a partner can watch for denied attempts in 30',
    );
  });
});

describe('every role', () => {
  test.each([
    ['of the production account', into(`${production}a/b/Any`), 1],
    ['of another account', into('arn:aws:iam::888888888888:role/Any'), 0],
  ])('%s', (_, event, matched) => {
    expect(rulesMatching(event, ['*'])).toBe(matched);
  });
});

describe('an external id', () => {
  const unaudited = { roleArn: `${production}NotAudited`, roleSessionName: 's' };

  test.each([
    ['of the partner', assumeRole({ ...unaudited, externalId: '3414' }), 1],
    ['of another', assumeRole({ ...unaudited, externalId: '34140' }), 0],
    ['none', assumeRole(unaudited), 0],
    [
      'of the partner, at somebody else’s role, which is no business of production',
      assumeRole({ roleArn: 'arn:aws:iam::888888888888:role/X', externalId: '3414' }),
      0,
    ],
  ])('%s', (_, event, matched) => {
    expect(rulesMatching(event, [`${production}CrossAccountTest`], ['3414'])).toBe(matched);
  });

  test('one of very many, whichever it is', () => {
    const ids = Array.from({ length: 90 }, (_, index) => `an-external-id-of-some-length-${index}`);
    const event = assumeRole({ ...unaudited, externalId: ids[89] });
    expect(rulesMatching(event, [`${production}CrossAccountTest`], ids)).toBe(1);
  });

  test('where roles of another account are audited and the ids are too long for one pattern', () => {
    const ids = Array.from({ length: 90 }, (_, index) => `an-external-id-of-some-length-${index}`);
    const roles = ['arn:aws:iam::222222222222:role/Deploy'];
    expect(rulesMatching(assumeRole({ ...unaudited, externalId: ids[89] }), roles, ids)).toBe(1);
    expect(rulesMatching(into('arn:aws:iam::222222222222:role/Deploy'), roles, ids)).toBe(1);
    expect(rulesMatching(into('arn:aws:iam::333333333333:role/Deploy'), roles, ids)).toBe(0);
  });
});

test('other calls of STS stay with the partner', () => {
  // Given
  const event = into(`${production}CrossAccountTest`);
  const other = { ...event, detail: { ...event.detail, eventName: 'GetCallerIdentity' } };
  // Then
  expect(rulesMatching(other, [`${production}CrossAccountTest`])).toBe(0);
});

test('partitions have their own ARNs', () => {
  // Given
  const config = configWith({
    production: { account: '999999999999', region: 'us-gov-west-1' },
    auditedRoles: ['Deploy'],
    partners: [],
  });
  // When
  const [pattern] = assumeRolePatterns(config);
  // Then
  expect(pattern?.detail).toMatchObject({
    $or: [
      {
        requestParameters: {
          roleArn: [
            { 'equals-ignore-case': 'arn:aws-us-gov:iam::999999999999:role/Deploy' },
            { wildcard: 'arn:aws-us-gov:iam::999999999999:role/*/Deploy' },
          ],
        },
      },
      { errorMessage: [{ wildcard: '*on resource: arn:aws-us-gov:iam::999999999999:role/*' }] },
    ],
  });
});
