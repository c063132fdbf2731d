import { type KeyAction, type Need, toStore } from '../../contract.ts';

/** What SQS asks of an encrypted queue's key for its caller (SQS guide, "Key management"). */
const keyUse: Record<string, readonly KeyAction[]> = {
  'sqs:SendMessage': toStore,
  'sqs:ReceiveMessage': ['kms:Decrypt'],
};

/** The IAM actions an SQS request needs. `arnOf`: a queue's ARN by its URL, name or ARN; throws where there is none. */
export function sqsNeeds(
  operation: string,
  input: Record<string, unknown>,
  arnOf: (id: string) => string,
): Need[] {
  const action = `sqs:${operation.replace(/Batch$/, '')}`;
  if (operation === 'ListQueues') return [{ action, resource: '*' }];
  const resource = arnOf(String(input.QueueUrl ?? input.QueueName ?? input.SourceArn));
  if (operation !== 'StartMessageMoveTask') {
    const key = keyUse[action];
    return [{ action, resource, ...(key && { key }) }];
  }
  // SQS moves the messages as whoever asks (SQS guide, "Configuring queue permissions for dead-letter queue redrive").
  const onSource = ['StartMessageMoveTask', 'DeleteMessage', 'GetQueueAttributes'];
  const needs: Need[] = onSource.map(name => ({ action: `sqs:${name}`, resource }));
  needs.push({ action: 'sqs:ReceiveMessage', resource, key: ['kms:Decrypt'] });
  if (input.DestinationArn === undefined) return needs;
  return [...needs, sendNeed(arnOf(String(input.DestinationArn)))];
}

/** What it takes to put a message on a queue. */
export function sendNeed(queueArn: string): Need {
  return { action: 'sqs:SendMessage', resource: queueArn, key: toStore };
}
