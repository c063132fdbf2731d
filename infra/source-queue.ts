import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A queue in front of a function, and the one for messages it could not do anything with, five times over. */
export interface SourceQueue {
  queue: Queue;
  deadLetters: Queue;
}

/** `visibleAgain`: when a message comes again that the function was not done with. */
export function createQueue(scope: Construct, name: string, key: IKey, visibleAgain: Duration): SourceQueue {
  const common = {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: RemovalPolicy.DESTROY,
  };
  const deadLetters = new Queue(scope, `${name}DeadLetters`, common);
  const queue = new Queue(scope, `${name}Queue`, {
    ...common,
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    visibilityTimeout: visibleAgain,
  });
  return { queue, deadLetters };
}

/** S3 tells EventBridge of every object; the rule passes some on. What cannot be delivered becomes a dead letter. */
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
  for (const target of [queue, deadLetters]) {
    target.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TheRuleSends',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [target.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
      }),
    );
  }
}
