import { partnerTopics, trailAccounts } from './names.ts';
import { assumeRolePatterns } from './partner-pattern.ts';
import { deliveryProblem, partitionOf, regionProblem } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

interface Report {
  addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string }): void;
}

/** Lambda: all of a function's environment variables together. */
const environmentBytes = 4_096;
/** What the names and the other variables of a function take, rounded up. */
const ownBytes = 1_024;

/** EventBridge, PutRule: the longest event pattern, in characters. */
const patternCharacters = 4_096;

/** What holds between the fields of a configuration whose single values are right. */
export function checkTogether(config: RoletrailConfig, report: Report): void {
  const wrong = (path: PropertyKey[], message: string) => report.addIssue({ code: 'custom', path, message });
  // Said already; of what goes with it nothing true can be said.
  if (regionProblem(config.production.region)) return;
  checkRoles(config, wrong);
  checkPartners(config, wrong);
  checkTrailAccounts(config, wrong);
  checkBucket(config, wrong);
  checkBatch(config, wrong);
}

type Wrong = (path: PropertyKey[], message: string) => void;

function checkRoles({ auditedRoles, production }: RoletrailConfig, wrong: Wrong): void {
  const partition = partitionOf(production.region);
  reportDuplicates(auditedRoles, ['auditedRoles'], wrong);
  if (auditedRoles.includes('*') && auditedRoles.length > 1) {
    wrong(['auditedRoles'], "'*' means every role and stands alone; remove it or the other roles");
  }
  for (const [index, role] of auditedRoles.entries()) {
    const [, own] = role.split(':');
    if (own && own !== partition) {
      wrong(
        ['auditedRoles', index],
        `'${role}' is in partition ${own}, but production.region ${production.region} is in ${partition}`,
      );
    }
  }
  reportTooLarge(auditedRoles, ['auditedRoles'], "name fewer roles, or '*'", wrong);
}

function checkPartners(config: RoletrailConfig, wrong: Wrong): void {
  const { partners, production } = config;
  const accounts = partners.map(partner => partner.account);
  reportDuplicates(accounts, ['partners'], wrong, 'account');
  for (const [index, partner] of partners.entries()) {
    const path = ['partners', index];
    if (partner.account === production.account) {
      wrong(
        [...path, 'account'],
        `'${partner.account}' is the production account itself, whose own trail covers it`,
      );
    }
    reportDuplicates(partner.regions, [...path, 'regions'], wrong);
    reportDuplicates(partner.externalIds ?? [], [...path, 'externalIds'], wrong);
    for (const [at, region] of partner.regions.entries()) {
      if (regionProblem(region)) continue;
      const problem = otherPartition(region, production.region) ?? deliveryProblem(region, production.region);
      if (problem) wrong([...path, 'regions', at], `'${region}' ${problem}`);
    }
  }
  for (const [index, { externalIds }] of partners.entries()) {
    const longest = Math.max(
      ...assumeRolePatterns(config, externalIds).map(pattern => JSON.stringify(pattern).length),
    );
    if (longest <= patternCharacters) continue;
    wrong(
      ['partners', index],
      `its event pattern of roles and external ids would have ${longest} characters; EventBridge takes ${patternCharacters}`,
    );
  }
  const topics = partnerTopics(config).map(topic => topic.arn);
  reportTooLarge(topics, ['partners'], 'name fewer accounts or regions', wrong);
}

function otherPartition(region: string, production: string): string | null {
  const [own, other] = [partitionOf(production), partitionOf(region)];
  return own === other ? null : `is in partition ${other}, but production.region ${production} is in ${own}`;
}

function checkTrailAccounts(config: RoletrailConfig, wrong: Wrong): void {
  const named = config.trailAccounts ?? [];
  reportDuplicates(named, ['trailAccounts'], wrong);
  const word = named.find(each => !/^\d/.test(each));
  if (word !== undefined && named.length > 1)
    wrong(['trailAccounts'], `'${word}' means every account and stands alone; remove it or the accounts`);
  const rolesBytes = Buffer.byteLength(JSON.stringify(config.auditedRoles));
  if (rolesBytes > environmentBytes - ownBytes) return;
  // Fetch and Normalize are told both.
  const bytes = rolesBytes + Buffer.byteLength(JSON.stringify(trailAccounts(config)));
  if (bytes <= environmentBytes - ownBytes) return;
  wrong(
    ['trailAccounts'],
    `with auditedRoles they take ${bytes} bytes of a Lambda function's environment, which has room for ${environmentBytes - ownBytes}; name fewer, or '*'`,
  );
}

function checkBucket({ trailBucket }: RoletrailConfig, wrong: Wrong): void {
  if (trailBucket.create && trailBucket.keyArn) {
    wrong(
      ['trailBucket', 'keyArn'],
      'is for an existing bucket; one that is created is encrypted with the key of the stack',
    );
  }
}

function checkBatch({ batch }: RoletrailConfig, wrong: Wrong): void {
  // Lambda refuses such an event source mapping, but only in the middle of a deployment.
  if (batch.size > 10 && batch.windowSeconds === 0) {
    wrong(
      ['batch', 'windowSeconds'],
      `0 is too short for batches of ${batch.size}; above 10 it is at least 1`,
    );
  }
}

function reportDuplicates(values: string[], path: PropertyKey[], wrong: Wrong, field?: string): void {
  for (const [index, value] of values.entries()) {
    const first = values.indexOf(value);
    if (first === index) continue;
    wrong([...path, index, ...(field ? [field] : [])], `'${value}' is there already, at [${first}]`);
  }
}

function reportTooLarge(list: string[], path: PropertyKey[], advice: string, wrong: Wrong): void {
  const bytes = Buffer.byteLength(JSON.stringify(list));
  if (bytes <= environmentBytes - ownBytes) return;
  wrong(
    path,
    `take ${bytes} bytes of a Lambda function's environment, which has room for ${environmentBytes - ownBytes}; ${advice}`,
  );
}
