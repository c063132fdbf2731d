import { mkdirSync } from 'node:fs';
import type { Authorizer, Caller } from '../contract.ts';
import { Courier } from '../services/courier.ts';
import { eventRules } from '../services/events/deploy.ts';
import { PartnerRules } from '../services/events/partner-rules.ts';
import { EventBus } from '../services/events/store.ts';
import type { LambdaFunction } from '../services/lambda/function.ts';
import { type Befalls, EventSourceMapping } from '../services/lambda/mapping.ts';
import { subscribe } from '../services/sns/deploy.ts';
import { Topics } from '../services/sns/store.ts';
import { openQueues } from '../services/sqs/deploy.ts';
import type { Queue } from '../services/sqs/store.ts';
import type { UndeliveredLog } from '../state/undelivered.ts';
import type { Deployment } from '../template/deployment.ts';
import { Unsupported } from '../template/unsupported.ts';

/** Everything between a delivery and intake, as the templates wire it. */
export interface FrontDoor {
  queues: Map<string, Queue>;
  topics: Topics;
  bus: EventBus;
  /**
   * Publishes to a partner's topic as the rule of the partner's stack would.
   * @throws ServiceError NotFound or InvalidParameter, as {@link Topics.publish}
   */
  announce(topicArn: string, message: string): void;
}

export interface Guards {
  authorizer: Authorizer;
  /** who deploys */
  operator: Caller;
  undelivered: UndeliveredLog;
}

const eventBridge = (sourceArn: string) => ({
  kind: 'service' as const,
  names: ['events.amazonaws.com'],
  sourceArn,
});

/**
 * Queues, topics and rules of a deployment; messages live in `folder`. Each delivery is held against the policies of what
 * it reaches.
 * @throws Unsupported when a target is no queue of the stack; ServiceError when a topic may not be subscribed to
 */
export function openFrontDoor(deployment: Deployment, folder: string, guards: Guards): FrontDoor {
  mkdirSync(folder, { recursive: true });
  const { authorizer, undelivered } = guards;
  const queues = openQueues(deployment, folder);
  const courier = new Courier(authorizer, undelivered);
  const target = (arn: string, what: string) => {
    const queue = queues.get(arn);
    if (!queue) throw new Unsupported(`${what} sends to ${arn}, which is no queue of the stack`);
    return queue;
  };
  const bus = new EventBus(
    eventRules(deployment.of('AWS::Events::Rule')).map(({ rule, pattern }) => ({
      pattern,
      enabled: rule.properties.State !== 'DISABLED',
      targets: rule.properties.Targets.map(({ Arn, DeadLetterConfig }) => {
        const what = `rule ${rule.name}`;
        const queue = target(Arn, what);
        const deadLetters = DeadLetterConfig && target(DeadLetterConfig.Arn, what);
        const as = eventBridge(rule.arn);
        return (body: string) => courier.send(as, queue, body, deadLetters);
      }),
    })),
  );
  const subscriptions = subscribe(deployment, guards, courier, target);
  const rules = new PartnerRules(deployment);
  const created = [...deployment.of('AWS::SNS::Topic'), ...deployment.partnersOf('AWS::SNS::Topic')];
  const topics = new Topics(
    created.map(topic => topic.arn),
    subscriptions,
  );
  return {
    queues,
    bus,
    topics,
    announce(topicArn, message) {
      topics.check(topicArn, message);
      const rule = rules.ruleFor(topicArn, message);
      if (rule === null)
        throw new Unsupported(`topic ${topicArn}: no rule of a partner's stack publishes to it`);
      if (courier.mayPublish(eventBridge(rule), topicArn, message)) topics.publish(topicArn, message);
    },
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
