import { regions } from './region-table.ts';

/** Partitions an account and its templates can be in here; the isolated ones (ISO) have never been tried. */
const partitions = ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'];

/**
 * Regions that SNS's guide counts as opt-in and the guide of accounts as enabled by default: both are allowed for.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const optInForSnsAlone = new Set(['ap-northeast-3']);

/** Partition of a Region; `aws` for an unknown Region, as in the SDKs. {@link regionProblem} refuses unknown Regions. */
export function partitionOf(region: string): string {
  return regions.get(region)?.partition ?? 'aws';
}

/** Domain of the services' endpoints in a region: `amazonaws.com`, in China `amazonaws.com.cn`. */
export function domainOf(region: string): string {
  return regions.get(region)?.domain ?? 'amazonaws.com';
}

/** Why nothing can be deployed to a region, as the end of a sentence about it; null when it can. */
export function regionProblem(region: string): string | null {
  const partition = regions.get(region)?.partition;
  if (partition === undefined) return 'is not a region that the CDK knows; check its spelling';
  return partitions.includes(partition) ? null : `is in partition ${partition}, which is not supported`;
}

/**
 * Why SNS delivers nothing from a topic in one region to a queue in another; null when it does.
 * @see https://docs.aws.amazon.com/sns/latest/dg/lambda-prereq.html "from opt-in regions to other opt-in regions is not supported"
 */
export function deliveryProblem(topicRegion: string, queueRegion: string): string | null {
  if (topicRegion === queueRegion || !mayBeOptIn(topicRegion) || !mayBeOptIn(queueRegion)) return null;
  return `is an opt-in region as ${queueRegion} is, and SNS does not deliver from one opt-in region to another`;
}

/**
 * As whom SNS delivers from a topic to a queue. Across regions, when one of them is opt-in, SNS comes as that region's own
 * principal, and a policy for `sns.amazonaws.com` drops the messages without a word.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
 */
export function snsPrincipals(topicRegion: string, queueRegion: string): string[] {
  const across = topicRegion !== queueRegion;
  const optIn = across ? [queueRegion, topicRegion].find(mayBeOptIn) : undefined;
  if (optIn === undefined) return ['sns.amazonaws.com'];
  const regional = `sns.${optIn}.amazonaws.com`;
  return optInForSnsAlone.has(optIn) ? ['sns.amazonaws.com', regional] : [regional];
}

function mayBeOptIn(region: string): boolean {
  return regions.get(region)?.optIn || optInForSnsAlone.has(region);
}
