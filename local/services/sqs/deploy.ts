import { join } from 'node:path';
import { Unsupported } from '../../contract.ts';
import type { Deployment } from '../../template/deployment.ts';
import { Queue } from './store.ts';

/** The queues of the production stack by ARN, each with its dead letters; messages live in `folder`. Throws Unsupported. */
export function openQueues(deployment: Deployment, folder: string): Map<string, Queue> {
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
