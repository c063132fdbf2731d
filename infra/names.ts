import { partitionOf, snsPrincipals } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

type Named = Pick<RoletrailConfig, 'name'>;

/**
 * The production stack's name, which its metrics, events and partners' stacks have too: `roletrail`, or `roletrail-NAME` where
 * the configuration has a name, so that one account can have several.
 */
export function deploymentName({ name }: Named): string {
  return name === undefined ? 'roletrail' : `roletrail-${name}`;
}

/** The name of the topic in every partner account and region: both sides know its ARN without asking each other. */
export function partnerTopicName(config: Named): string {
  return `${deploymentName(config)}-assume-role`;
}

/** Whether a topic has the name of a partner topic, of any deployment. */
export function isPartnerTopicName(name: string): boolean {
  return /^roletrail(-[a-z0-9-]+)?-assume-role$/.test(name);
}

/** A topic that a partner's AssumeRole events come from. */
export interface PartnerTopic {
  account: string;
  region: string;
  arn: string;
}

/** The topics of all partners, in the order of the configuration. */
export function partnerTopics(config: RoletrailConfig): PartnerTopic[] {
  return config.partners.flatMap(({ account, regions }) =>
    regions.map(region => ({ account, region, arn: topicArn(partnerTopicName(config), account, region) })),
  );
}

/** The ARN of the topic of that name in one of a partner's accounts and regions. */
export function topicArn(name: string, account: string, region: string): string {
  return `arn:${partitionOf(region)}:sns:${region}:${account}:${name}`;
}

/** The size limit of a queue policy, in bytes, minus its other statements. */
const sendersBytes = 8_192 - 1_500;

/** The topics as ARNs for a policy: each topic, or, if that is too long, all topics of each account. */
export function sendersOf(topics: readonly PartnerTopic[]): string[] {
  const each = topics.map(topic => topic.arn);
  if (JSON.stringify(each).length <= sendersBytes) return each;
  return [...new Set(each.map(arn => arn.replace(/^((?:[^:]*:){3})[^:]*/, '$1*')))];
}

/** Whether a policy can name the topics at all. */
export function tooManySenders(topics: readonly PartnerTopic[]): boolean {
  return JSON.stringify(sendersOf(topics)).length > sendersBytes;
}

/** As whom SNS brings the partners' events to production's queue. */
export function partnerPrincipals(config: RoletrailConfig): string[] {
  return [
    ...new Set(
      partnerTopics(config).flatMap(({ region }) => snsPrincipals(region, config.production.region)),
    ),
  ];
}

/** The accounts whose records the trail may hold, or the one word for all, as the functions read it. */
export function trailAccounts({ production, partners, trailAccounts: named }: RoletrailConfig): string[] {
  const others = named ?? partners.map(({ account }) => account);
  if (others.some(word => !/^\d/.test(word))) return others;
  return [...new Set([production.account, ...others])];
}

/** One partner stack's name, and that of its template: `<name>.template.json`. */
export function partnerStackName(
  config: Named,
  { account, region }: { account: string; region: string },
): string {
  return `${deploymentName(config)}-partner-${account}-${region}`;
}
