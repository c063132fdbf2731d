import { setTimeout as wait } from 'node:timers/promises';
import { type JsonService, type KeyAction, type Need, ServiceError } from '../../contract.ts';
import { type Input, isOperation, type Operation, parse } from './inputs.ts';
import { md5, type Received } from './model.ts';
import type { Queue } from './store.ts';

/** What SQS asks of an encrypted queue's key for its caller (SQS guide, "Key management"). */
const keyUse: Record<string, readonly KeyAction[]> = {
  'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
};

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
    const action = `sqs:${operation.replace(/Batch$/, '')}`;
    if (operation === 'ListQueues') return [{ action, resource: '*' }];
    const name = input.QueueUrl ?? input.QueueName ?? input.SourceArn;
    const resource = this.#queue(String(name)).options.arn;
    if (operation === 'StartMessageMoveTask') return this.#moveNeeds(resource, input.DestinationArn);
    const key = keyUse[action];
    return [{ action, resource, ...(key && { key }) }];
  }

  /** SQS moves the messages as whoever asks (SQS guide, "Configuring queue permissions for dead-letter queue redrive"). */
  #moveNeeds(source: string, destination: unknown): Need[] {
    const onSource = ['StartMessageMoveTask', 'DeleteMessage', 'GetQueueAttributes'];
    const needs: Need[] = onSource.map(name => ({ action: `sqs:${name}`, resource: source }));
    needs.push({ action: 'sqs:ReceiveMessage', resource: source, key: ['kms:Decrypt'] });
    if (destination === undefined) return needs;
    const resource = this.#queue(String(destination)).options.arn;
    return [...needs, { action: 'sqs:SendMessage', resource, key: ['kms:GenerateDataKey', 'kms:Decrypt'] }];
  }

  async call(operation: string, raw: Record<string, unknown>): Promise<object> {
    if (!isOperation(operation)) {
      throw new ServiceError('UnsupportedOperation', `SQS operation ${operation} is not supported`);
    }
    return this.#answer(operation, raw);
  }

  async #answer(operation: Operation, raw: Record<string, unknown>): Promise<object> {
    switch (operation) {
      case 'SendMessage': {
        const { QueueUrl, MessageBody } = parse(operation, raw);
        return answerSent(this.#queue(QueueUrl), MessageBody);
      }
      case 'SendMessageBatch': {
        const { QueueUrl, Entries } = parse(operation, raw);
        return batch(Entries, ({ MessageBody }) => answerSent(this.#queue(QueueUrl), MessageBody));
      }
      case 'ReceiveMessage':
        return this.#receive(parse(operation, raw));
      case 'DeleteMessage': {
        const { QueueUrl, ReceiptHandle } = parse(operation, raw);
        this.#queue(QueueUrl).delete(ReceiptHandle);
        return {};
      }
      case 'DeleteMessageBatch': {
        const { QueueUrl, Entries } = parse(operation, raw);
        return batch(Entries, ({ ReceiptHandle }) => {
          this.#queue(QueueUrl).delete(ReceiptHandle);
          return {};
        });
      }
      case 'ChangeMessageVisibility': {
        const { QueueUrl, ReceiptHandle, VisibilityTimeout } = parse(operation, raw);
        this.#queue(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout);
        return {};
      }
      case 'GetQueueAttributes': {
        const { QueueUrl, AttributeNames = [] } = parse(operation, raw);
        return { Attributes: pick(attributes(this.#queue(QueueUrl)), AttributeNames) };
      }
      case 'GetQueueUrl':
        return { QueueUrl: this.#urlOf(this.#queue(parse(operation, raw).QueueName)) };
      case 'ListQueues': {
        const { QueueNamePrefix = '' } = parse(operation, raw);
        const found = [...this.#queues.values()].filter(queue =>
          queue.options.name.startsWith(QueueNamePrefix),
        );
        return { QueueUrls: found.map(this.#urlOf) };
      }
      case 'PurgeQueue':
        this.#queue(parse(operation, raw).QueueUrl).purge();
        return {};
      case 'StartMessageMoveTask': {
        const { SourceArn, DestinationArn } = parse(operation, raw);
        const target = DestinationArn === undefined ? undefined : this.#queue(DestinationArn);
        this.#queue(SourceArn).moveAll(({ deadLetterOf = '' }) => target ?? this.#queue(deadLetterOf));
        return { TaskHandle: Buffer.from(SourceArn).toString('base64') };
      }
    }
  }

  async #receive(input: Input<'ReceiveMessage'>): Promise<object> {
    const queue = this.#queue(input.QueueUrl);
    const until = Date.now() + input.WaitTimeSeconds * 1000;
    while (queue.visible === 0 && Date.now() < until) await wait(20);
    const wanted = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
    const messages = queue.receive(input.MaxNumberOfMessages, input.VisibilityTimeout);
    return messages.length === 0 ? {} : { Messages: messages.map(message => shown(message, wanted)) };
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

function answerSent(queue: Queue, body: string): object {
  const { id } = queue.send(body);
  return { MessageId: id, MD5OfMessageBody: md5(body) };
}

function batch<E extends { Id: string }>(list: E[], one: (item: E) => object): object {
  if (list.length === 0) throw new ServiceError('EmptyBatchRequest', 'There should be at least one entry.');
  if (list.length > 10) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries is 10, ${list.length} sent.`,
    );
  }
  if (new Set(list.map(({ Id }) => Id)).size < list.length) {
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more entries have the same Id.');
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const item of list) {
    try {
      Successful.push({ Id: item.Id, ...one(item) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id: item.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function shown(message: Received, wanted: string[]): object {
  const all = {
    ApproximateReceiveCount: `${message.receives}`,
    ApproximateFirstReceiveTimestamp: `${message.firstReceivedAt}`,
    SentTimestamp: `${message.sentAt}`,
    ...(message.deadLetterOf && { DeadLetterQueueSourceArn: message.deadLetterOf }),
  };
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(wanted.length > 0 && { Attributes: pick(all, wanted) }),
  };
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

function pick(values: Record<string, string>, wanted: string[]): Record<string, string> {
  if (wanted.includes('All')) return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted.includes(name)));
}
