import { mkdirSync } from 'node:fs';
import { type Authorizer, type Caller, Unsupported } from '../contract.ts';
import { Courier } from '../services/courier.ts';
import { eventBridge, openBus, PartnerRules } from '../services/events/deploy.ts';
import type { EventBus } from '../services/events/store.ts';
import { openTopics } from '../services/sns/deploy.ts';
import type { Topics } from '../services/sns/store.ts';
import { openQueues } from '../services/sqs/deploy.ts';
import type { Queue } from '../services/sqs/store.ts';
import type { UndeliveredLog } from '../state/undelivered.ts';
import type { Deployment } from '../template/deployment.ts';

/** Queues, topics and rules, as the templates connect them. */
export interface Messaging {
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

/**
 * Queues, topics and rules of a deployment; messages live in `folder`. Each delivery is checked against the policies of what
 * it reaches.
 * @throws Unsupported when a target is not a queue of the stack; ServiceError when a topic may not be subscribed to
 */
export function openMessaging(deployment: Deployment, folder: string, guards: Guards): Messaging {
  mkdirSync(folder, { recursive: true });
  const { authorizer, undelivered } = guards;
  const queues = openQueues(deployment, folder);
  const courier = new Courier(authorizer, undelivered);
  const target = (arn: string, what: string) => {
    const queue = queues.get(arn);
    if (!queue) throw new Unsupported(`${what} sends to ${arn}, which is not a queue of the stack`);
    return queue;
  };
  const bus = openBus(deployment, courier, target);
  const topics = openTopics(deployment, guards, courier, target);
  const rules = new PartnerRules(deployment);
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
