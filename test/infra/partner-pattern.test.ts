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
  const config: RoletrailConfig = configWith({ auditedRoles });
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

  test('no rule has more wildcards than EventBridge bears', () => {
    // Given: it refuses more than ten reachable wildcard states; a name with any path takes two
    const auditedRoles = Array.from({ length: 23 }, (_, index) => `Role${index}`);
    // When
    const patterns = assumeRolePatterns(configWith({ auditedRoles }), ['3414']);
    // Then
    const wildcards = patterns.map(
      pattern => (JSON.stringify(pattern).match(/role\/\*\/Role/g) ?? []).length,
    );
    expect(Math.max(...wildcards)).toBeLessThanOrEqual(4);
    expect(wildcards.reduce((sum, count) => sum + count, 0)).toBe(23);
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
  const foreign = { roleArn: 'arn:aws:iam::888888888888:role/X', roleSessionName: 's' };

  test.each([
    ['of the partner', assumeRole({ ...foreign, externalId: '3414' }), 1],
    ['of another', assumeRole({ ...foreign, externalId: '34140' }), 0],
    ['none', assumeRole(foreign), 0],
  ])('%s', (_, event, matched) => {
    expect(rulesMatching(event, [`${production}CrossAccountTest`], ['3414'])).toBe(matched);
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
