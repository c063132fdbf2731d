import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * A queue in front of a function, and its dead-letter queue. A message keeps its age when it becomes a dead letter (SQS guide,
 * dead-letter queues): dead letters are kept for longer, so that none expires at once.
 */
export interface SourceQueue {
  queue: Queue;
  deadLetters: Queue;
}

/** `visibleAgain`: the visibility timeout. `receives`: the most receipts of a message. */
export function createQueue(
  scope: Construct,
  name: string,
  key: IKey,
  { visibleAgain, receives }: { visibleAgain: Duration; receives: number },
): SourceQueue {
  const deadLetters = createDeadLetters(scope, `${name}DeadLetters`, key);
  const queue = new Queue(scope, `${name}Queue`, {
    ...common(key),
    retentionPeriod: Duration.days(10),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: receives },
    visibilityTimeout: visibleAgain,
  });
  return { queue, deadLetters };
}

/** A queue for messages that could not be delivered or read, kept for as long as SQS allows. */
export function createDeadLetters(scope: Construct, id: string, key: IKey): Queue {
  return new Queue(scope, id, { ...common(key), retentionPeriod: Duration.days(14) });
}

const common = (key: IKey) => ({
  encryption: QueueEncryption.KMS,
  encryptionMasterKey: key,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.DESTROY,
  // An event is up to 1 MiB large, and an envelope makes it larger: the most that SQS takes.
  maxMessageSizeBytes: 1_048_576,
});

/** S3 sends an event for every object to EventBridge; the rule forwards some of them. Events that cannot be delivered become dead letters. */
export function deliverObjects(
  scope: Construct,
  name: string,
  { queue, deadLetters }: SourceQueue,
  { description, eventPattern, id }: { description: string; eventPattern: object; id: string },
): void {
  const rule = new CfnRule(scope, name, {
    description,
    eventPattern,
    state: 'ENABLED',
    targets: [{ id, arn: queue.queueArn, deadLetterConfig: { arn: deadLetters.queueArn } }],
  });
  for (const target of [queue, deadLetters]) takeFromRule(target, rule);
}

/** Lets a rule send to a queue. */
export function takeFromRule(queue: Queue, rule: CfnRule): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'TheRuleSends',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }),
  );
}
