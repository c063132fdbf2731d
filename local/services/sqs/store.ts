import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { ServiceError } from '../../contract.ts';
import { appendLine, readLines } from '../../state/files.ts';
import type { MessageAttributes } from './inputs.ts';
import { checkHandle, type Message, type Received } from './model.ts';

export interface QueueOptions {
  name: string;
  arn: string;
  /** seconds */
  visibilityTimeout: number;
  /** bytes */
  maximumMessageSize: number;
  /** the file its messages survive a restart in */
  file: string;
  now?: () => number;
}

/** What a message has beside its body. */
export interface Sent {
  deadLetterOf?: string | undefined;
  attributes?: MessageAttributes | undefined;
}

type Line = { put: Message } | { received: string; at: number } | { deleted: string };

/**
 * A standard queue. Every change is on disk before it is answered; what was in flight when the process ended is
 * visible again at the next start.
 */
export class Queue {
  readonly options: QueueOptions;
  redrive: { target: Queue; maxReceiveCount: number } | undefined;
  /** called when messages became visible */
  onVisible: () => void = () => {};
  readonly #visible = new Map<string, Message>();
  readonly #inFlight = new Map<string, { message: Message; timer: NodeJS.Timeout }>();
  readonly #now: () => number;

  constructor(options: QueueOptions) {
    this.options = options;
    this.#now = options.now ?? Date.now;
    for (const line of readLines<Line>(options.file)) this.#replay(line);
    const kept = [...this.#visible.values()].map(put => `${JSON.stringify({ put } satisfies Line)}\n`);
    writeFileSync(`${options.file}.new`, kept.join(''));
    renameSync(`${options.file}.new`, options.file);
  }

  get visible(): number {
    return this.#visible.size;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** @throws ServiceError InvalidParameterValue for a body that is empty or too long */
  send(body: string, { deadLetterOf, attributes }: Sent = {}): Message {
    const { maximumMessageSize } = this.options;
    const size = Buffer.byteLength(body);
    if (size < 1 || size > maximumMessageSize) {
      throw new ServiceError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be between 1 and ${maximumMessageSize} bytes.`,
      );
    }
    const message: Message = { id: randomUUID(), body, sentAt: this.#now(), receives: 0 };
    if (deadLetterOf) message.deadLetterOf = deadLetterOf;
    if (attributes) message.attributes = attributes;
    this.#put(message);
    return message;
  }

  /**
   * Up to `maximum` messages, as long as each `fits`; those received too often already go to the dead-letter queue
   * instead. `visibilityTimeout` in seconds.
   */
  receive(
    maximum: number,
    visibilityTimeout = this.options.visibilityTimeout,
    fits: (message: Message) => boolean = () => true,
  ): Received[] {
    // Chosen first, taken afterwards: with a visibility timeout of 0 a message is back before the loop has ended.
    const chosen: Message[] = [];
    for (const message of this.#visible.values()) {
      if (chosen.length >= maximum) break;
      if (this.redrive && message.receives >= this.redrive.maxReceiveCount) {
        this.#bury(message, this.redrive.target);
      } else if (fits(message)) chosen.push(message);
      else break;
    }
    return chosen.map(message => this.#take(message, visibilityTimeout));
  }

  /** @throws ServiceError ReceiptHandleIsInvalid for a handle this queue never gave; a spent one is no error */
  delete(receiptHandle: string): void {
    checkHandle(receiptHandle);
    const held = this.#inFlight.get(receiptHandle);
    if (!held) return;
    appendLine(this.options.file, { deleted: held.message.id } satisfies Line);
    clearTimeout(held.timer);
    this.#inFlight.delete(receiptHandle);
  }

  /** Sets when a message becomes visible again, in seconds from now; 0: at once. */
  changeVisibility(receiptHandle: string, seconds: number): void {
    checkHandle(receiptHandle);
    const held = this.#inFlight.get(receiptHandle);
    if (!held) return;
    clearTimeout(held.timer);
    if (seconds === 0) this.#release(receiptHandle);
    else held.timer = this.#timer(receiptHandle, seconds);
  }

  /** Deletes all messages. */
  purge(): void {
    for (const id of this.#visible.keys()) appendLine(this.options.file, { deleted: id } satisfies Line);
    this.#visible.clear();
    for (const handle of [...this.#inFlight.keys()]) this.delete(handle);
  }

  /** Moves all visible messages to where they came from, or to `target`. Answers how many. */
  moveAll(target: (message: Message) => Queue): number {
    const messages = [...this.#visible.values()];
    for (const message of messages) {
      target(message).send(message.body, message.attributes && { attributes: message.attributes });
      this.#forget(message);
    }
    return messages.length;
  }

  close(): void {
    for (const { timer } of this.#inFlight.values()) clearTimeout(timer);
  }

  #put(message: Message): void {
    appendLine(this.options.file, { put: message } satisfies Line);
    this.#visible.set(message.id, message);
    this.onVisible();
  }

  #take(message: Message, visibilityTimeout: number): Received {
    const at = this.#now();
    message.receives += 1;
    message.firstReceivedAt ??= at;
    appendLine(this.options.file, { received: message.id, at } satisfies Line);
    const receiptHandle = Buffer.from(`${this.options.name}/${randomUUID()}`).toString('base64');
    this.#visible.delete(message.id);
    this.#inFlight.set(receiptHandle, { message, timer: this.#timer(receiptHandle, visibilityTimeout) });
    if (visibilityTimeout === 0) this.#release(receiptHandle);
    return { ...message, receiptHandle };
  }

  #bury(message: Message, target: Queue): void {
    // First there, then gone here: a crash in between leaves the message twice, never lost.
    target.#put({ ...message, deadLetterOf: this.options.arn });
    this.#forget(message);
  }

  #forget(message: Message): void {
    appendLine(this.options.file, { deleted: message.id } satisfies Line);
    this.#visible.delete(message.id);
  }

  #timer(receiptHandle: string, seconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#release(receiptHandle), seconds * 1000);
  }

  #release(receiptHandle: string): void {
    const held = this.#inFlight.get(receiptHandle);
    if (!held) return;
    clearTimeout(held.timer);
    this.#inFlight.delete(receiptHandle);
    this.#visible.set(held.message.id, held.message);
    this.onVisible();
  }

  #replay(line: Line): void {
    if ('put' in line) this.#visible.set(line.put.id, line.put);
    else if ('deleted' in line) this.#visible.delete(line.deleted);
    else {
      const message = this.#visible.get(line.received);
      if (message)
        Object.assign(message, {
          receives: message.receives + 1,
          firstReceivedAt: message.firstReceivedAt ?? line.at,
        });
    }
  }
}
