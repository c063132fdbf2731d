import * as z from 'zod';

const text = z.string();
const seconds = z.number().int().min(0).max(43_200);
const QueueUrl = text;
const visibility = { ReceiptHandle: text, VisibilityTimeout: seconds };
const names = z.array(text).optional();
const entry = { Id: text };
const attributes = z.record(
  text,
  z.strictObject({ DataType: z.literal('String'), StringValue: text.min(1) }),
);
const sent = {
  MessageBody: text,
  DelaySeconds: z.literal(0).optional(),
  MessageAttributes: attributes.optional(),
};
const entries = <T extends z.ZodType>(shape: T) => z.array(shape);

/** SQS's operations. */
export const sqsInputs = {
  SendMessage: z.strictObject({ QueueUrl, ...sent }),
  SendMessageBatch: z.strictObject({ QueueUrl, Entries: entries(z.strictObject({ ...entry, ...sent })) }),
  ReceiveMessage: z.strictObject({
    QueueUrl,
    MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
    VisibilityTimeout: seconds.optional(),
    WaitTimeSeconds: z.number().int().min(0).max(20).default(0),
    AttributeNames: names,
    MessageAttributeNames: names,
    MessageSystemAttributeNames: names,
  }),
  DeleteMessage: z.strictObject({ QueueUrl, ReceiptHandle: text }),
  DeleteMessageBatch: z.strictObject({
    QueueUrl,
    Entries: entries(z.strictObject({ ...entry, ReceiptHandle: text })),
  }),
  ChangeMessageVisibility: z.strictObject({ QueueUrl, ...visibility }),
  ChangeMessageVisibilityBatch: z.strictObject({
    QueueUrl,
    Entries: entries(z.strictObject({ ...entry, ...visibility })),
  }),
  GetQueueAttributes: z.strictObject({ QueueUrl, AttributeNames: names }),
  GetQueueUrl: z.strictObject({ QueueName: text, QueueOwnerAWSAccountId: text.optional() }),
  ListQueues: z.strictObject({ QueueNamePrefix: text.optional() }),
  PurgeQueue: z.strictObject({ QueueUrl }),
  StartMessageMoveTask: z.strictObject({ SourceArn: text, DestinationArn: text.optional() }),
};

export type MessageAttributes = z.infer<typeof attributes>;
export type ReceiveInput = z.infer<(typeof sqsInputs)['ReceiveMessage']>;
