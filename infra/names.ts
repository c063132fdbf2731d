import { partitionOf, snsPrincipals } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/** The name of the topic in every partner account and region: both sides know its ARN without asking each other. */
export const partnerTopicName = 'roletrail-assume-role';

export const productionStackName = 'roletrail';

/** A topic that a partner's AssumeRole events come from. */
export interface PartnerTopic {
  account: string;
  region: string;
  arn: string;
}

/** The topics of all partners, in the order of the configuration. */
export function partnerTopics(config: RoletrailConfig): PartnerTopic[] {
  return config.partners.flatMap(({ account, regions }) =>
    regions.map(region => ({
      account,
      region,
      arn: `arn:${partitionOf(region)}:sns:${region}:${account}:${partnerTopicName}`,
    })),
  );
}

/** As whom SNS brings the partners' events to production's queue; `sns.amazonaws.com` without partners. */
export function partnerPrincipals(config: RoletrailConfig): string[] {
  return [
    ...new Set(
      partnerTopics(config).flatMap(({ region }) => snsPrincipals(region, config.production.region)),
    ),
  ];
}

/** The accounts whose records the trail may hold, or the one word that stands for all, as the functions are told. */
export function trailAccounts({ production, partners, trailAccounts: named }: RoletrailConfig): string[] {
  const others = named ?? partners.map(({ account }) => account);
  if (others.some(word => !/^\d/.test(word))) return others;
  return [...new Set([production.account, ...others])];
}

/** One partner stack's name, and that of its template: `<name>.template.json`. */
export function partnerStackName({ account, region }: { account: string; region: string }): string {
  return `roletrail-partner-${account}-${region}`;
}
