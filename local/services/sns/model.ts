import { ServiceError } from '../../contract.ts';

export interface Subscription {
  arn: string;
  topicArn: string;
  raw: boolean;
  /** takes a message to the subscribed queue */
  send(body: string): void;
}

/** Throws ServiceError InvalidParameter for a message that is empty, or longer than its topic takes, in bytes. */
export function checkMessage(message: string, mostBytes: number): void {
  const size = Buffer.byteLength(message);
  if (size < 1 || size > mostBytes) {
    throw new ServiceError('InvalidParameter', `Invalid parameter: Message of ${size} bytes`);
  }
}

/**
 * A message as a queue that is not subscribed to it raw gets it.
 * @see https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
 */
export function envelope(
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
