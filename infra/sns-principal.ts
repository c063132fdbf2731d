import type { PartnerTopic } from './names.ts';

/**
 * Regions that every account has; all launched later are opt-in.
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const enabledByDefault = new Set([
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'],
]);

/**
 * As whom SNS delivers from these topics to a queue in `queueRegion`. Across regions, when one of them is opt-in, SNS
 * comes as that region's own principal, and a policy for `sns.amazonaws.com` drops the messages without a word.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
 */
export function snsPrincipals(topics: readonly PartnerTopic[], queueRegion: string): string[] {
  return [...new Set(topics.map(topic => snsPrincipal(topic.region, queueRegion)))];
}

function snsPrincipal(topicRegion: string, queueRegion: string): string {
  const optIn = [queueRegion, topicRegion].find(region => !enabledByDefault.has(region));
  return topicRegion === queueRegion || !optIn ? 'sns.amazonaws.com' : `sns.${optIn}.amazonaws.com`;
}
