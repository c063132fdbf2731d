import { type Authorizer, type Caller, Unsupported } from '../../contract.ts';
import type { Deployment } from '../../template/deployment.ts';
import type { Courier } from '../courier.ts';
import type { Queue } from '../sqs/store.ts';
import type { Subscription } from './model.ts';
import { subscribeNeeds } from './needs.ts';
import { Topics } from './store.ts';

/** All topics of all stacks, with the production stack's subscriptions; throws as {@link subscribe}. */
export function openTopics(deployment: Deployment, ...context: SubscriptionContext): Topics {
  const created = [...deployment.of('AWS::SNS::Topic'), ...deployment.partnersOf('AWS::SNS::Topic')];
  return new Topics(
    new Map(created.map(({ arn, properties }) => [arn, properties.MaximumMessageSize])),
    subscribe(deployment, ...context),
  );
}

/** Who subscribes, what carries messages, and a queue by its ARN: that throws where there is none. */
type SubscriptionContext = [
  guards: { authorizer: Authorizer; operator: Caller },
  courier: Courier,
  target: (arn: string, what: string) => Queue,
];

/**
 * The production stack's subscriptions of queues. CloudFormation subscribes as whoever deploys, and looks at the topic
 * first: a topic of another account has to let it.
 * @throws ServiceError in AWS's words when a topic's policy does not; Unsupported for a protocol other than `sqs`
 */
function subscribe(
  deployment: Deployment,
  ...[{ authorizer, operator }, courier, target]: SubscriptionContext
): Subscription[] {
  return deployment
    .of('AWS::SNS::Subscription')
    .filter(({ properties }) => properties.Protocol !== 'email')
    .map(({ logicalId, arn, properties }) => {
      const { TopicArn, Protocol, Endpoint, RawMessageDelivery, RedrivePolicy } = properties;
      if (Protocol !== 'sqs') throw new Unsupported(`protocol ${Protocol} of subscription ${logicalId}`);
      const queue = target(Endpoint, logicalId);
      const deadLetters = RedrivePolicy && target(RedrivePolicy.deadLetterTargetArn, logicalId);
      authorizer.authorize(operator, subscribeNeeds(TopicArn, Protocol, Endpoint));
      const sns = {
        kind: 'service' as const,
        names: snsPrincipals(TopicArn, deployment.region),
        sourceArn: TopicArn,
      };
      return {
        arn,
        topicArn: TopicArn,
        raw: RawMessageDelivery,
        send: body => courier.send(sns, queue, body, deadLetters),
      };
    });
}

/**
 * As whom SNS may come: across regions, when one is opt-in, as that region's own principal.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
 */
function snsPrincipals(topicArn: string, queueRegion: string): string[] {
  const topicRegion = topicArn.split(':')[3];
  const regional = [topicRegion, queueRegion].map(region => `sns.${region}.amazonaws.com`);
  return topicRegion === queueRegion ? ['sns.amazonaws.com'] : ['sns.amazonaws.com', ...regional];
}
