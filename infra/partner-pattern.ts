import { partitionOf } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

type Match = string | { prefix: string } | { wildcard: string } | { 'equals-ignore-case': string };
type Branch = { requestParameters: Record<string, Match[]> } | { errorMessage: Match[] };

/** An event pattern over the partner's own AssumeRole calls. */
export interface AssumeRolePattern {
  source: string[];
  'detail-type': string[];
  detail: { eventSource: string[]; eventName: string[] } & (Branch | { $or: Branch[] });
}

/** EventBridge: the longest event pattern, in characters; a higher quota has to be asked for. */
export const patternCharacters = 2_048;

// EventBridge refuses a rule as "too complex" and publishes no bound. The library it matches with counts how many beginnings
// of wildcard patterns one value may be in at once. By that count a rule of eight was taken and one of eleven refused
// (https://github.com/vals-ai/Valkyrie/pull/278); four names under any path have eight, denied attempts in two accounts five.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity
// https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/MachineComplexityEvaluator.java
const namesPerRule = 4;
const accountsPerRule = 2;

/**
 * A bus takes 30 rules with wildcards, and no more can be had: half of them are left to the partner.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const wildcardRules = 15;

/** Accounts whose audited roles a partner's rules can watch for denied attempts. */
export const mostAuditedAccounts = wildcardRules * accountsPerRule;

/**
 * The patterns of one partner's rules (nearly always one): calls that name an audited role, calls into production with one
 * of the partner's external ids, and denied attempts at roles of the audited accounts. Roles are named one by one while
 * one pattern holds them; else every role of their accounts matches, and the pipeline filters them: production sees
 * calls to its own roles anyway. A denied call has no request parameters, only a message that names the role, so that
 * these are matched by account.
 */
export function assumeRolePatterns(
  { production, auditedRoles }: RoletrailConfig,
  externalIds: readonly string[] = [],
): AssumeRolePattern[] {
  const rolesOf = (account: string) => `arn:${partitionOf(production.region)}:iam::${account}:role/`;
  const accounts = auditedAccounts(auditedRoles, production.account);
  const own = rolesOf(production.account);
  const [first = [], ...others] = chunks(accounts, accountsPerRule).map(some =>
    some.map(account => ({ prefix: rolesOf(account), wildcard: `*on resource: ${rolesOf(account)}*` })),
  );
  const denied = (some: typeof first) => ({ errorMessage: some.map(({ wildcard }) => ({ wildcard })) });
  const called = (roleArn: Match[]) => ({ requestParameters: { roleArn } });
  const byExternalId =
    externalIds.length > 0
      ? [{ requestParameters: { externalId: [...externalIds], roleArn: [{ prefix: own }] } }]
      : [];
  const oneByOne = namings(auditedRoles, own)
    .map(roleArn => pattern([called(roleArn), ...byExternalId, denied(first)]))
    .find(each => JSON.stringify(each).length <= patternCharacters);
  if (oneByOne) return [oneByOne, ...others.map(some => pattern([denied(some)]))];
  // If all of production's roles match, the external IDs are not needed.
  const productions = byExternalId.length > 0 && !accounts.includes(production.account);
  return [first, ...others].map((some, index) =>
    pattern([
      called([
        ...some.map(({ prefix }) => ({ prefix })),
        ...(productions && index === 0 ? [{ prefix: own }] : []),
      ]),
      denied(some),
    ]),
  );
}

/** Accounts of the audited roles; a name without an account, and `'*'`, are production's. */
export function auditedAccounts(auditedRoles: readonly string[], production: string): string[] {
  return [...new Set(auditedRoles.map(role => role.split(':')[4] ?? production))];
}

/**
 * Ways to name the roles one by one, the best first: each under any path (by wildcards, so a few only), then each as it is
 * written, which takes that all their paths are known. Roles are matched in any case: IAM does not distinguish names by case, and a
 * wildcard minds the case (EventBridge guide, comparison operators).
 */
function namings(roles: readonly string[], own: string): Match[][] {
  if (roles.includes('*')) return [];
  const exact = roles.map(role => {
    const of = role.startsWith('arn:') ? role.slice(0, role.indexOf(':role/') + ':role/'.length) : own;
    const name = role.slice(role.lastIndexOf('/') + 1);
    const written = [...new Set([`${of}${name}`, ...(role.startsWith('arn:') ? [role] : [])])];
    return { any: `${of}*/${name}`, written: written.map(arn => ({ 'equals-ignore-case': arn })) };
  });
  const underAnyPath = exact.flatMap(({ written, any }) => [...written, { wildcard: any }]);
  const asWritten = exact.flatMap(({ written }) => written);
  return [
    ...(roles.length <= namesPerRule ? [underAnyPath] : []),
    ...(roles.every(role => role.startsWith('arn:')) ? [asWritten] : []),
  ];
}

function pattern(branches: Branch[]): AssumeRolePattern {
  const [only, ...others] = branches;
  return {
    source: ['aws.sts'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['sts.amazonaws.com'],
      eventName: ['AssumeRole'],
      // EventBridge refuses an $or of one.
      ...(only && others.length === 0 ? only : { $or: branches }),
    },
  };
}

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
