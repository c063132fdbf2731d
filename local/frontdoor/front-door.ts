import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import type { Deployment, Running } from '../template/deployment.ts';
import { Unsupported } from '../template/unsupported.ts';
import { EventBus } from './event-bus.ts';
import { type Befalls, EventSourceMapping } from './mapping.ts';
import { Queue } from './queue.ts';
import { allowsDelivery } from './queue-policy.ts';
import { Topics } from './topics.ts';

/** Everything between a delivery and intake, as the templates wire it. */
export interface FrontDoor {
  queues: Map<string, Queue>;
  topics: Topics;
  bus: EventBus;
}

/**
 * Queues, topics and rules of a deployment; messages live in `folder`.
 * @throws Unsupported when a rule or topic may not send to its queue, or a target is no queue of the stack
 */
export function openFrontDoor(deployment: Deployment, folder: string): FrontDoor {
  mkdirSync(folder, { recursive: true });
  const queues = openQueues(deployment, folder);
  const target = (arn: string, what: string) => {
    const queue = queues.get(arn);
    if (!queue) throw new Unsupported(`${what} sends to ${arn}, which is no queue of the stack`);
    return queue;
  };
  const check = deliveryCheck(deployment);
  const bus = new EventBus(
    eventRules(deployment.of('AWS::Events::Rule')).map(({ rule, pattern }) => ({
      name: rule.name,
      pattern,
      enabled: rule.properties.State !== 'DISABLED',
      targets: rule.properties.Targets.map(({ Arn }) => {
        check(['events.amazonaws.com'], rule.arn, Arn);
        return target(Arn, `rule ${rule.name}`);
      }),
    })),
  );
  const subscriptions = deployment
    .of('AWS::SNS::Subscription')
    .filter(({ properties }) => properties.Protocol !== 'email')
    .map(({ logicalId, arn, properties: { TopicArn, Protocol, Endpoint, RawMessageDelivery } }) => {
      if (Protocol !== 'sqs') throw new Unsupported(`protocol ${Protocol} of subscription ${logicalId}`);
      check(snsPrincipals(TopicArn, deployment.region), TopicArn, Endpoint);
      return { arn, topicArn: TopicArn, queue: target(Endpoint, logicalId), raw: RawMessageDelivery };
    });
  // Partners' rules do not fire here (the operator publishes in their place), but they must be ones AWS would take.
  new EventBus(
    eventRules(deployment.partnersOf('AWS::Events::Rule')).map(({ rule, pattern }) => ({
      name: rule.name,
      pattern,
      enabled: true,
      targets: [],
    })),
  );
  const created = [...deployment.of('AWS::SNS::Topic'), ...deployment.partnersOf('AWS::SNS::Topic')];
  return {
    queues,
    bus,
    topics: new Topics(
      created.map(topic => topic.arn),
      subscriptions,
    ),
  };
}

/** The rules that wait for events; those that go by the clock are no business of the bus. */
function eventRules(rules: Running<'AWS::Events::Rule'>[]) {
  return rules.flatMap(rule => {
    const { EventPattern, ScheduleExpression } = rule.properties;
    if ((EventPattern === undefined) === (ScheduleExpression === undefined)) {
      throw new Unsupported(
        `rule ${rule.name}, which has not exactly one of EventPattern and ScheduleExpression`,
      );
    }
    return EventPattern === undefined ? [] : [{ rule, pattern: EventPattern }];
  });
}

function openQueues(deployment: Deployment, folder: string): Map<string, Queue> {
  const declared = deployment.of('AWS::SQS::Queue');
  const queues = new Map<string, Queue>();
  for (const { name, arn, properties } of declared) {
    const { VisibilityTimeout, MaximumMessageSize } = properties;
    const file = join(folder, `${name}.ndjson`);
    queues.set(
      arn,
      new Queue({
        name,
        arn,
        visibilityTimeout: VisibilityTimeout,
        maximumMessageSize: MaximumMessageSize,
        file,
      }),
    );
  }
  for (const { arn, name, properties } of declared) {
    const { RedrivePolicy } = properties;
    const queue = queues.get(arn);
    if (!RedrivePolicy || !queue) continue;
    const target = queues.get(RedrivePolicy.deadLetterTargetArn);
    if (!target) throw new Unsupported(`the dead-letter queue of ${name} is not in the stack`);
    queue.redrive = { target, maxReceiveCount: RedrivePolicy.maxReceiveCount };
  }
  return queues;
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

function deliveryCheck(deployment: Deployment) {
  const policies = deployment.of('AWS::SQS::QueuePolicy');
  const urls = new Map(
    deployment.stack.resources
      .filter(resource => resource.type === 'AWS::SQS::Queue')
      .map(resource => [resource.attributes.Arn, resource.ref]),
  );
  return (services: string[], sourceArn: string, queueArn: string) => {
    const url = urls.get(queueArn);
    const own = policies.filter(policy => policy.properties.Queues.some(queue => queue === url));
    const delivery = { queueArn, sourceArn, sourceAccount: sourceArn.split(':')[4] ?? '' };
    const documents = own.map(policy => policy.properties.PolicyDocument);
    if (!services.some(service => allowsDelivery(documents, { ...delivery, service }))) {
      const service = services.join(' or ');
      throw new Unsupported(`no policy of the queue ${queueArn} lets ${service} send to it for ${sourceArn}`);
    }
  };
}

/**
 * The event source mappings of the production stack. `functions` by ARN; `authorize` throws when a function's role may
 * not read a queue (AWS does not create such a mapping), and answers what befalls the mapping's own requests.
 */
export function openMappings(
  deployment: Deployment,
  queues: Map<string, Queue>,
  functions: Map<string, LambdaFunction>,
  authorize: (roleArn: string, functionName: string, queueArn: string) => Befalls,
): EventSourceMapping[] {
  return deployment
    .of('AWS::Lambda::EventSourceMapping')
    .filter(mapping => mapping.properties.Enabled)
    .map(({ logicalId, properties }) => {
      const queue = queues.get(properties.EventSourceArn);
      const named = properties.FunctionName;
      const target = [...functions.values()].find(({ spec }) => spec.arn === named || spec.name === named);
      if (!queue || !target)
        throw new Unsupported(`${logicalId} maps ${properties.EventSourceArn} to ${named}`);
      const befalls = authorize(target.spec.roleArn, target.spec.name, queue.options.arn);
      return new EventSourceMapping({
        queue,
        target,
        befalls,
        batchSize: properties.BatchSize,
        windowSeconds: properties.MaximumBatchingWindowInSeconds,
        partialResponses: properties.FunctionResponseTypes.length > 0,
        concurrency: properties.ScalingConfig?.MaximumConcurrency ?? target.spec.concurrency,
        region: deployment.region,
        account: deployment.account,
      });
    });
}
