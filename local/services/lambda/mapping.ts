import { ServiceError } from '../../contract.ts';
import type { Fault } from '../../gateway/faults.ts';
import { md5 } from '../../hashes.ts';
import { isObject } from '../../template/json.ts';
import type { Received } from '../sqs/model.ts';
import type { Queue } from '../sqs/store.ts';
import type { LambdaFunction } from './function.ts';

/** What befalls a request of the mapping itself; undefined: nothing. */
export type Befalls = (operation: 'ReceiveMessage' | 'DeleteMessageBatch') => Fault | undefined;

export interface MappingOptions {
  queue: Queue;
  target: LambdaFunction;
  befalls?: Befalls;
  batchSize: number;
  windowSeconds: number;
  /** FunctionResponseTypes has ReportBatchItemFailures */
  partialResponses: boolean;
  /** batches under way at once */
  concurrency: number;
  /** milliseconds that a failed message waits at least, by how often it was received: see {@link flush} */
  wait?: (receives: number) => number;
  region: string;
  account: string;
}

/** Largest event a batch may make, in bytes: the limit of a synchronous invocation. */
const payloadLimit = 6 * 1024 * 1024;

const passing = ['TooManyRequestsException', 'ServiceException'];

/** Faults after which a request was carried out all the same. */
const carriedOut: (Fault | undefined)[] = [undefined, 'lost', 'killed', 'memory'];

/** How long after a receive that failed the next one is tried, in milliseconds. */
const nextReceive = 10;

/**
 * What is left of a failed message's wait where nothing else is to come: on AWS it is minutes. It grows, because a function may look
 * only once in seconds whether what the message waits for has ended, and a hundred receives would be used up in twenty seconds.
 */
export function shortWait(receives: number): number {
  return Math.min(2_000, 200 * receives);
}

/** More bytes than a record of the event has beside its body. */
const recordOverhead = 1024;

/**
 * A Lambda event source mapping over a queue: invokes when a batch is full, or its window ends, or {@link flush} says
 * so. A message is deleted when the function is done with it, and comes back after its visibility timeout when not.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class EventSourceMapping {
  readonly #options: MappingOptions;
  readonly #underWay = new Set<Promise<void>>();
  /** messages that failed and wait for their visibility timeout: from when they may come back sooner, by handle */
  readonly #failed = new Map<string, number>();
  #window: NodeJS.Timeout | undefined;
  #due = false;
  #stopped = false;

  constructor(options: MappingOptions) {
    this.#options = options;
    options.queue.onVisible = () => this.#check();
    this.#check();
  }

  /** messages of its queue that are not done with */
  get pending(): number {
    const { queue } = this.#options;
    return queue.visible + queue.inFlight;
  }

  /**
   * Ends the batching window now: nothing more is to come. `again`: and the wait of failed messages, but for a little. Not while anything
   * runs that they may be waiting for: without the time between, their receives would soon be used up.
   */
  flush(again = true): void {
    if (again) {
      for (const [handle, from] of this.#failed) {
        if (Date.now() < from) continue;
        this.#failed.delete(handle);
        this.#options.queue.changeVisibility(handle, 0);
      }
    }
    this.#due = true;
    this.#check();
  }

  /** Takes no more messages; those under way go back to the queue when their invocation fails or is ended. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#window);
  }

  /** Resolves when no batch is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #check(): void {
    const { queue, batchSize, concurrency, windowSeconds } = this.#options;
    if (this.#stopped) return;
    while (
      this.#underWay.size < concurrency &&
      queue.visible > 0 &&
      (this.#due || queue.visible >= batchSize)
    ) {
      if (!this.#fire()) return;
    }
    if (queue.visible === 0) this.#close();
    else if (!this.#due) {
      this.#window ??= setTimeout(() => {
        this.#due = true;
        this.#check();
      }, windowSeconds * 1000);
    }
  }

  #close(): void {
    clearTimeout(this.#window);
    this.#window = undefined;
    this.#due = false;
  }

  /** Answers false when nothing could be received. */
  #fire(): boolean {
    const { queue, batchSize, befalls } = this.#options;
    const fault = befalls?.('ReceiveMessage');
    if (!carriedOut.includes(fault)) {
      setTimeout(() => this.#check(), nextReceive);
      return false;
    }
    let bytes = 0;
    // What does not fit is never received: a receive that came to nothing would count towards the dead letters.
    const batch = queue.receive(batchSize, undefined, ({ body }) => {
      bytes += Buffer.byteLength(JSON.stringify(body)) + recordOverhead;
      return bytes <= payloadLimit;
    });
    if (batch.length === 0) return true;
    if (fault) {
      // Nobody knows of what was received: it comes back after its visibility timeout.
      for (const message of batch) this.#fail(message);
      return true;
    }
    const work = this.#process(batch).finally(() => {
      this.#underWay.delete(work);
      this.#check();
    });
    this.#underWay.add(work);
    return true;
  }

  async #process(batch: Received[]): Promise<void> {
    const { queue, target, partialResponses } = this.#options;
    const event = { Records: batch.map(message => this.#record(message)) };
    const ids = batch.map(message => message.id);
    const result = await target.invoke(JSON.stringify(event)).catch(throttled);
    const failed =
      result === null || result.functionError
        ? ids
        : partialResponses
          ? failedItems(result.payload, ids)
          : [];
    const done = batch.filter(message => !failed.includes(message.id));
    const deleted = done.slice(0, this.#deletes(done.length));
    for (const message of batch) {
      if (deleted.includes(message)) queue.delete(message.receiptHandle);
      else this.#fail(message);
    }
  }

  #fail({ receiptHandle, receives }: Received): void {
    const { wait = shortWait } = this.#options;
    this.#failed.set(receiptHandle, Date.now() + wait(receives));
  }

  /** How many of the messages that are done with the mapping's request deletes. */
  #deletes(count: number): number {
    const fault = count > 0 ? this.#options.befalls?.('DeleteMessageBatch') : undefined;
    if (fault === 'partial') return Math.floor(count / 2);
    return carriedOut.includes(fault) ? count : 0;
  }

  #record(message: Received): object {
    const { queue, region, account } = this.#options;
    return {
      messageId: message.id,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: `${message.receives}`,
        SentTimestamp: `${message.sentAt}`,
        SenderId: account,
        ApproximateFirstReceiveTimestamp: `${message.firstReceivedAt}`,
      },
      messageAttributes: attributesOf(message),
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: queue.options.arn,
      awsRegion: region,
    };
  }
}

/** The sender's attributes as Lambda hands them on (Lambda guide, "Example Amazon SQS message event"). */
function attributesOf({ attributes = {} }: Received): object {
  const lists = { stringListValues: [], binaryListValues: [] };
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
      name,
      { stringValue: StringValue, dataType: DataType, ...lists },
    ]),
  );
}

/** An invocation that was throttled, or whose host was lost: null. Its messages come back after their visibility timeout, as of one that failed. */
function throttled(error: unknown): null {
  if (error instanceof ServiceError && passing.includes(error.code)) return null;
  throw error;
}

/**
 * The messages a function reports as failed: none for an empty answer, all for one that is malformed.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedItems(payload: string, ids: string[]): string[] {
  const answer: unknown = JSON.parse(payload);
  if (answer === null) return [];
  if (!isObject(answer)) return ids;
  const items = answer.batchItemFailures ?? [];
  if (!Array.isArray(items)) return ids;
  const named = items.map(item => (isObject(item) ? item.itemIdentifier : undefined));
  return named.every(id => typeof id === 'string' && ids.includes(id)) ? (named as string[]) : ids;
}
