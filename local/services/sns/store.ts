import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../contract.ts';

export interface Subscription {
  arn: string;
  topicArn: string;
  raw: boolean;
  /** takes a message to the subscribed queue */
  send(body: string): void;
}

/** Longest message SNS takes, in bytes. */
const messageLimit = 262_144;

/** SNS topics by ARN: publishing puts the message on every subscribed queue. */
export class Topics {
  readonly #topics: Set<string>;
  readonly #subscriptions: Subscription[];

  constructor(topics: Iterable<string>, subscriptions: Subscription[]) {
    this.#subscriptions = subscriptions;
    this.#topics = new Set(topics);
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
    if (!this.#topics.has(topicArn))
      throw new ServiceError('NotFound', `Topic does not exist: ${topicArn}`, 404);
    const size = Buffer.byteLength(message);
    if (size < 1 || size > messageLimit) {
      throw new ServiceError('InvalidParameter', `Invalid parameter: Message of ${size} bytes`);
    }
  }
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html */
function envelope(
  { arn, topicArn }: Subscription,
  messageId: string,
  message: string,
  subject: string | null,
): string {
  const region = topicArn.split(':')[3];
  const host = `https://sns.${region}.amazonaws.com`;
  return JSON.stringify(
    {
      Type: 'Notification',
      MessageId: messageId,
      TopicArn: topicArn,
      ...(subject !== null && { Subject: subject }),
      Message: message,
      Timestamp: new Date().toISOString(),
      SignatureVersion: '1',
      Signature: Buffer.from(`not signed: ${messageId}`).toString('base64'),
      SigningCertURL: `${host}/SimpleNotificationService-00000000000000000000000000000000.pem`,
      UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
    },
    null,
    2,
  );
}
