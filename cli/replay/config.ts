import { parseConfig } from '../../infra/config.ts';
import { partnerTopics } from '../../infra/names.ts';
import { deliveryProblem, partitionOf, regionProblem } from '../../infra/regions.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { checked } from '../deployment/base-config.ts';
import { type Input, readKind } from '../inputs/inputs.ts';
import { isPartnerTopic, type Kind } from '../inputs/kind.ts';
import { refusedInput } from '../inputs/refused.ts';

/**
 * As many files as the description of one execution holds (steps/intake/starts.ts); what is delivered last waits for no window. Of
 * large files fewer, so that no step of an execution takes its whole time.
 */
const batches = { small: { size: 250, windowSeconds: 5 }, large: { size: 100, windowSeconds: 1 } };
/** Bytes of a file, on average: CloudTrail's own of a busy account are larger. */
const smallFile = 64 * 1024;

/** What the inputs say about the deployment they need. */
export interface Needs {
  /** partner accounts and the regions their events come from, `account region` */
  partners: Set<string>;
  /** buckets that notifications name, in the order of delivery */
  buckets: string[];
  /** bytes of a file, on average; absent: they are small */
  meanBytes?: number;
}

/** Collects {@link Needs} over the kinds of all inputs. */
export function needsOf(kinds: Iterable<Kind>): Needs {
  const needs: Needs = { partners: new Set(), buckets: [] };
  for (const kind of kinds) {
    if (kind.kind === 'event') needs.partners.add(`${kind.account} ${kind.region}`);
    if (kind.kind === 'digest' && kind.bucket) needs.buckets.push(kind.bucket);
    if (kind.kind === 'message') needs.buckets.push(...kind.buckets);
  }
  return needs;
}

/** {@link needsOf} these inputs; what cannot be read needs nothing, and is told when it is delivered. */
export async function needsOfInputs(inputs: readonly Input[]): Promise<Needs> {
  const kinds: Kind[] = [];
  for (const input of inputs) {
    const kind = await readKind(input).catch((error): Kind => {
      refusedInput(input.file, error);
      return { kind: 'log' };
    });
    // Not the texts of all messages at once.
    if (kind.kind !== 'log') kinds.push(kind.kind === 'event' ? { ...kind, message: '' } : kind);
  }
  return needsOf(kinds);
}

/** What a replay audits where nobody says what. */
export const everyCredential: readonly string[] = ['*'];

/**
 * The configuration a local replay runs with: `base` with the roles (none: every temporary credential) and accounts that were asked for, the partners that
 * sent something, and the bucket that notifications name. Where neither says which accounts the trail covers, each record
 * counts as of the account it names. Throws UsageError for roles or accounts that are none.
 */
export function replayConfig(
  base: RoletrailConfig,
  roles: readonly string[],
  needs: Needs,
  accounts: readonly string[] = [],
): RoletrailConfig {
  // A replay's tables are its folder's, which is deleted as one.
  const { trailBucket, retentionDays: _r, lockDays: _l, ...kept } = base;
  const { keyArn: _, ...bucket } = trailBucket;
  const name = needs.buckets[0] ?? `roletrail-replay-${base.production.account}`;
  const config: RoletrailConfig = {
    ...kept,
    auditedRoles: [...new Set(roles.length > 0 ? roles : everyCredential)],
    partners: withPartners(base, needs.partners),
    trailAccounts: accounts.length > 0 ? [...new Set(accounts)] : (base.trailAccounts ?? ['unchecked']),
    trailBucket: { ...bucket, name, create: true },
    batch: (needs.meanBytes ?? 0) > smallFile ? batches.large : batches.small,
    // The report is made from what this replay's executions read, also when they read it before.
    redelivered: 'process',
    // No issuance is late any more once everything was replayed: what the files do not hold will not come. So an alert, and the
    // flag that a partner contradicts our own trail, are reported at once; logs that are minutes old are no other case, because their
    // files have to cover the time of the issuance before anything is held against anybody.
    graceMinutes: 0,
    // The embedded cloud has no account whose concurrency others need.
    executionsAtOnce: 0,
    // What is replayed is rarely of this month.
    lookbackDays: 36_500,
    // Nobody waits for more of it.
    quietMinutes: 0,
  };
  return checked(() => parseConfig(config, 'this replay'));
}

/**
 * The topic that an event is published to, or null when it is not a partner's, or came over a topic that is not roletrail's.
 * What came over the topic of a deployment of another name comes over this one's: the same rule sends to either.
 */
export function topicOf(
  config: RoletrailConfig,
  { account, region, topicArn }: Pick<Kind & { kind: 'event' }, 'account' | 'region' | 'topicArn'>,
): string | null {
  if (topicArn !== null && !isPartnerTopic(topicArn)) return null;
  const topics = partnerTopics(config);
  return topics.find(topic => topic.account === account && topic.region === region)?.arn ?? null;
}

function withPartners(base: RoletrailConfig, sent: Set<string>): RoletrailConfig['partners'] {
  const partners = new Map(base.partners.map(partner => [partner.account, { ...partner }]));
  for (const each of [...sent].sort()) {
    const [account = '', region = ''] = each.split(' ');
    if (!mayBePartner(base, account, region)) continue;
    const known = partners.get(account) ?? { account, regions: [] };
    if (!known.regions.includes(region)) known.regions = [...known.regions, region];
    partners.set(account, known);
  }
  return [...partners.values()];
}

// The production account's own events, and those that name no account or region, are for intake to judge.
function mayBePartner({ production }: RoletrailConfig, account: string, region: string): boolean {
  return (
    account !== production.account &&
    /^\d{12}$/.test(account) &&
    regionProblem(region) === null &&
    partitionOf(region) === partitionOf(production.region) &&
    deliveryProblem(region, production.region) === null
  );
}
