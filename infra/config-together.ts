import { checkAccounts, checkBucket, type Wrong } from './config-accounts.ts';
import { checkRetention } from './config-retention.ts';
import { partnerTopics, tooManySenders } from './names.ts';
import { rolesBytes } from './outputs.ts';
import { auditedAccounts, mostAuditedAccounts } from './partner-pattern.ts';
import { deliveryProblem, partitionOf, regionProblem } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

interface Report {
  addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string }): void;
}

/** What holds between the fields of a configuration whose single values are right. */
export function checkTogether(config: RoletrailConfig, report: Report): void {
  const wrong = (path: PropertyKey[], message: string) => report.addIssue({ code: 'custom', path, message });
  // Said already; of what goes with it nothing true can be said.
  if (regionProblem(config.production.region)) return;
  checkRoles(config, wrong);
  checkPartners(config, wrong);
  checkTrailAccounts(config, wrong);
  checkAccounts(config, wrong);
  checkBucket(config, wrong);
  checkBatch(config, wrong);
  checkRetention(config, wrong);
}

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
  const bytes = Buffer.byteLength(JSON.stringify(auditedRoles));
  if (bytes > rolesBytes)
    wrong(
      ['auditedRoles'],
      `take ${bytes} bytes; the stack's outputs, which contain them, have room for ${rolesBytes}`,
    );
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
  const audited = auditedAccounts(config.auditedRoles, production.account).length;
  if (partners.length > 0 && audited > mostAuditedAccounts) {
    wrong(
      ['auditedRoles'],
      `are roles of ${audited} accounts; the rules of a partner can watch for denied attempts in ${mostAuditedAccounts}`,
    );
  }
  if (tooManySenders(partnerTopics(config))) {
    wrong(
      ['partners'],
      `are ${partners.length} accounts, more than the policy of a queue can name; deploy a second stack for some of them`,
    );
  }
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
