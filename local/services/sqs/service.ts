import { setTimeout as wait } from 'node:timers/promises';
import { type JsonService, type Need, ServiceError } from '../../contract.ts';
import { answerBy, type Handlers } from '../../gateway/operations.ts';
import { md5 } from '../../hashes.ts';
import { type MessageAttributes, type ReceiveInput, sqsInputs } from './inputs.ts';
import { batch, pick, shown } from './model.ts';
import { sqsNeeds } from './needs.ts';
import type { Queue } from './store.ts';

const refusals = { service: 'SQS', unknown: 'UnsupportedOperation', invalid: 'InvalidParameterValue' };

/**
 * The API of SQS over the stack's queues.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
export class SqsService implements JsonService {
  readonly #queues: Map<string, Queue>;
  readonly #urlOf: (queue: Queue) => string;

  /** `urlOf`: the address a queue answers at, so that a client that calls the queue's URL reaches it */
  constructor(queues: Iterable<Queue>, urlOf: (queue: Queue) => string) {
    this.#queues = new Map([...queues].map(queue => [queue.options.name, queue]));
    this.#urlOf = urlOf;
  }

  needs(operation: string, input: Record<string, unknown>): Need[] {
    return sqsNeeds(operation, input, id => this.#queue(id).options.arn);
  }

  call(operation: string, raw: Record<string, unknown>): Promise<object> {
    return answerBy(sqsInputs, this.#handlers, refusals, operation, raw);
  }

  readonly #handlers: Handlers<typeof sqsInputs> = {
    SendMessage: ({ QueueUrl, ...message }) => answerSent(this.#queue(QueueUrl), message),
    SendMessageBatch: ({ QueueUrl, Entries }) =>
      batch(Entries, message => answerSent(this.#queue(QueueUrl), message)),
    ReceiveMessage: input => this.#receive(input),
    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => this.#delete(QueueUrl, ReceiptHandle),
    DeleteMessageBatch: ({ QueueUrl, Entries }) =>
      batch(Entries, ({ ReceiptHandle }) => this.#delete(QueueUrl, ReceiptHandle)),
    ChangeMessageVisibility: ({ QueueUrl, ...change }) => this.#changeVisibility(QueueUrl, change),
    ChangeMessageVisibilityBatch: ({ QueueUrl, Entries }) =>
      batch(Entries, change => this.#changeVisibility(QueueUrl, change)),
    GetQueueAttributes: ({ QueueUrl, AttributeNames = [] }) => ({
      Attributes: pick(attributes(this.#queue(QueueUrl)), AttributeNames),
    }),
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: this.#urlOf(this.#queue(QueueName)) }),
    ListQueues: ({ QueueNamePrefix = '' }) => {
      const queues = [...this.#queues.values()];
      const found = queues.filter(queue => queue.options.name.startsWith(QueueNamePrefix));
      return { QueueUrls: found.map(this.#urlOf) };
    },
    PurgeQueue: ({ QueueUrl }) => {
      this.#queue(QueueUrl).purge();
      return {};
    },
    StartMessageMoveTask: ({ SourceArn, DestinationArn }) => {
      const target = DestinationArn === undefined ? undefined : this.#queue(DestinationArn);
      this.#queue(SourceArn).moveAll(({ deadLetterOf = '' }) => target ?? this.#queue(deadLetterOf));
      return { TaskHandle: Buffer.from(SourceArn).toString('base64') };
    },
  };

  #delete(url: string, receiptHandle: string): object {
    this.#queue(url).delete(receiptHandle);
    return {};
  }

  #changeVisibility(
    url: string,
    { ReceiptHandle, VisibilityTimeout }: { ReceiptHandle: string; VisibilityTimeout: number },
  ): object {
    this.#queue(url).changeVisibility(ReceiptHandle, VisibilityTimeout);
    return {};
  }

  async #receive(input: ReceiveInput): Promise<object> {
    const queue = this.#queue(input.QueueUrl);
    const until = Date.now() + input.WaitTimeSeconds * 1000;
    while (queue.visible === 0 && Date.now() < until) await wait(20);
    const wanted = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
    const own = input.MessageAttributeNames ?? [];
    const messages = queue.receive(input.MaxNumberOfMessages, input.VisibilityTimeout);
    return messages.length === 0 ? {} : { Messages: messages.map(message => shown(message, wanted, own)) };
  }

  /** By name, URL or ARN: each ends in the name. */
  #queue(id: string): Queue {
    const queue = this.#queues.get(id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1));
    if (!queue) {
      throw new ServiceError('QueueDoesNotExist', `The specified queue does not exist: ${id}`);
    }
    return queue;
  }
}

function answerSent(
  queue: Queue,
  {
    MessageBody,
    MessageAttributes: attributes,
  }: { MessageBody: string; MessageAttributes?: MessageAttributes | undefined },
): object {
  const { id } = queue.send(MessageBody, { attributes });
  return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
}

function attributes(queue: Queue): Record<string, string> {
  const { arn, visibilityTimeout, maximumMessageSize } = queue.options;
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: `${queue.visible}`,
    ApproximateNumberOfMessagesNotVisible: `${queue.inFlight}`,
    ApproximateNumberOfMessagesDelayed: '0',
    VisibilityTimeout: `${visibilityTimeout}`,
    MaximumMessageSize: `${maximumMessageSize}`,
    ...(queue.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queue.redrive.target.options.arn,
        maxReceiveCount: queue.redrive.maxReceiveCount,
      }),
    }),
  };
}
