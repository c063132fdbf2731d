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

// EventBridge refuses a rule as "too complex" above some ten wildcard states that can be reached at once; a role's
// name with any path takes two, a denied attempt at an account's roles four.
const namesPerRule = 4;
const accountsPerRule = 2;

/**
 * The patterns of one partner's rules (nearly always one): calls that name an audited role, calls with one of the
 * partner's external ids, and denied attempts at roles of the audited accounts. A denied call has no request
 * parameters, only a message that names the role, so that these are matched by account and told apart in the pipeline.
 */
export function assumeRolePatterns(
  { production, auditedRoles }: RoletrailConfig,
  externalIds: readonly string[] = [],
): AssumeRolePattern[] {
  const rolesOf = (account: string) => `arn:${partitionOf(production.region)}:iam::${account}:role/`;
  const own = rolesOf(production.account);
  const roles = auditedRoles.filter(role => role !== '*');
  const accounts = new Set(auditedRoles.map(role => role.split(':')[4] ?? production.account));

  const every: Match[] = auditedRoles.includes('*') ? [{ prefix: own }] : [];
  const named = chunks(roles, namesPerRule).map(some => some.flatMap(role => matchesOf(role, own)));
  const denied = chunks(
    [...accounts].map(account => ({ wildcard: `*on resource: ${rolesOf(account)}*` })),
    accountsPerRule,
  );

  const rules = Math.max(named.length, denied.length);
  return Array.from({ length: rules }, (_, rule) => {
    const first = rule === 0;
    const roleArn = [...(first ? every : []), ...(named[rule] ?? [])];
    const branches: Branch[] = [];
    if (roleArn.length > 0) branches.push({ requestParameters: { roleArn } });
    if (first && externalIds.length > 0)
      branches.push({ requestParameters: { externalId: [...externalIds] } });
    if (denied[rule]) branches.push({ errorMessage: denied[rule] });
    return pattern(branches);
  });
}

/**
 * A role by its name, under any path; its name in any case where it has no path, or the one that is configured: a wildcard
 * minds the case (EventBridge guide, comparison operators).
 */
function matchesOf(role: string, own: string): Match[] {
  const name = role.slice(role.lastIndexOf('/') + 1);
  const of = role.startsWith('arn:') ? role.slice(0, role.indexOf(':role/') + ':role/'.length) : own;
  const written = [...new Set([`${of}${name}`, ...(role.startsWith('arn:') ? [role] : [])])];
  return [...written.map(arn => ({ 'equals-ignore-case': arn })), { wildcard: `${of}*/${name}` }];
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
