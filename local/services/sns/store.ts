import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../contract.ts';
import { checkMessage, envelope, type Subscription } from './model.ts';

/** SNS topics by ARN: publishing puts the message on every subscribed queue. */
export class Topics {
  readonly #mostBytes: ReadonlyMap<string, number>;
  readonly #subscriptions: Subscription[];

  /** `mostBytes`: of each topic, by ARN, the longest message it takes (SNS API, attribute MaximumMessageSize) */
  constructor(mostBytes: ReadonlyMap<string, number>, subscriptions: Subscription[]) {
    this.#subscriptions = subscriptions;
    this.#mostBytes = mostBytes;
  }

  /** Answers the message's id. @throws ServiceError NotFound for an unknown topic, InvalidParameter for an empty or too long message */
  publish(topicArn: string, message: string, subject: string | null = null): string {
    this.check(topicArn, message);
    const messageId = randomUUID();
    for (const subscription of this.#subscriptions) {
      if (subscription.topicArn !== topicArn) continue;
      subscription.send(subscription.raw ? message : envelope(subscription, messageId, message, subject));
    }
    return messageId;
  }

  /** @throws ServiceError as {@link publish} */
  check(topicArn: string, message: string): void {
    const mostBytes = this.#mostBytes.get(topicArn);
    if (mostBytes === undefined) throw new ServiceError('NotFound', `Topic does not exist: ${topicArn}`, 404);
    checkMessage(message, mostBytes);
  }
}
