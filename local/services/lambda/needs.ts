import type { Need } from '../../contract.ts';

/** What a function's role must be allowed for a mapping to read its queue (Lambda guide, "Using Lambda with Amazon SQS"). */
export function mappingNeeds(queueArn: string): Need[] {
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return actions.map(action => ({ action, resource: queueArn }));
}

/** What it takes to invoke a function. */
export function invokeNeed(functionArn: string): Need {
  return { action: 'lambda:InvokeFunction', resource: functionArn };
}
