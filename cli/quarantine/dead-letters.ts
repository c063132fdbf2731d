import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Cloud } from '@roletrail/local';

/** How many messages intake has given up on: the messages in the stack's dead letter queues. */
export async function deadLetters(cloud: Cloud): Promise<number> {
  const { region, endpoint, credentials } = cloud;
  // The queues' URLs are AWS's; the embedded cloud answers at its own address.
  const sqs = new SQSClient({ region, endpoint, credentials, useQueueUrlAsEndpoint: false });
  let count = 0;
  for (const outputs of Object.values(cloud.outputs)) {
    for (const name of ['TrailDeadLetterQueueUrl', 'PartnerDeadLetterQueueUrl', 'DigestDeadLetterQueueUrl']) {
      const QueueUrl = outputs[name];
      if (!QueueUrl) continue;
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      count += Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    }
  }
  return count;
}
