import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Deployment } from '../deployment/deployment.ts';
import { UsageError } from '../failure.ts';
import { QueueSender } from '../front-door/queue-sender.ts';
import type { Again } from './retry.ts';

/** A queue of the front door and what could not be taken from it in all its receipts. */
const pairs = [
  { name: 'trail', queue: 'TrailQueueUrl', deadLetters: 'TrailDeadLetterQueueUrl' },
  { name: 'partner', queue: 'PartnerQueueUrl', deadLetters: 'PartnerDeadLetterQueueUrl' },
  { name: 'digest', queue: 'DigestQueueUrl', deadLetters: 'DigestDeadLetterQueueUrl' },
];

/** Puts a message on its queue. */
export async function send(deployment: Deployment, { queue, body }: Again): Promise<void> {
  await new QueueSender({ sqs: deployment.sqs, queue: urlOf(deployment, queue) }).send([body]);
}

/** How many dead letters lie beside each queue. */
export async function deadLettersOf(deployment: Deployment): Promise<{ queue: string; count: number }[]> {
  const counts = [];
  for (const { name, deadLetters } of pairs) {
    const found = await attribute(deployment, deadLetters, 'ApproximateNumberOfMessages');
    counts.push({ queue: name, count: Number(found) });
  }
  return counts;
}

/**
 * Moves all dead letters back to their queues. The target is named: what EventBridge could not deliver came from no
 * queue, and SQS would not know where to. Returns how many there were, as SQS tells it: about.
 */
export async function redriveDeadLetters(deployment: Deployment): Promise<number> {
  let moved = 0;
  for (const { queue, deadLetters } of pairs) {
    const waiting = Number(await attribute(deployment, deadLetters, 'ApproximateNumberOfMessages'));
    if (waiting === 0) continue;
    const SourceArn = await attribute(deployment, deadLetters, 'QueueArn');
    const DestinationArn = await attribute(deployment, queue, 'QueueArn');
    await deployment.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
    moved += waiting;
  }
  return moved;
}

async function attribute(deployment: Deployment, output: string, name: QueueAttributeName): Promise<string> {
  const { Attributes } = await deployment.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: urlOf(deployment, output), AttributeNames: [name] }),
  );
  return Attributes?.[name] ?? '';
}

function urlOf({ outputs }: Deployment, name: string): string {
  const url = (outputs as Record<string, string>)[name];
  if (!url)
    throw new UsageError(`the stack's outputs lack ${name}: deploy this version and write the outputs again`);
  return url;
}
