import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { AuditError } from './errors.ts';

/** An announcement: an EventBridge event, and the same text for a person. */
export interface Announcement {
  detailType:
    | 'Unlinked session'
    | 'Unlinked session explained'
    | 'Log integrity'
    | 'Digest not checked'
    | 'Account quiet'
    | 'Account heard again';
  /** `id` is the same each time the same thing is announced */
  detail: { id: string; [field: string]: unknown };
  subject: string;
  message: string;
}

/** Tells an announcement twice: to the account's default event bus, and to the people at the alarm topic. */
export class Announcer {
  readonly #events: EventBridgeClient;
  readonly #sns: SNSClient;
  readonly #topicArn: string;
  readonly #source: string;

  /** `source`: who the events are from, the deployment's name; rules match on it */
  constructor(events: EventBridgeClient, sns: SNSClient, topicArn: string, source: string) {
    this.#events = events;
    this.#sns = sns;
    this.#topicArn = topicArn;
    this.#source = source;
  }

  /** Throws when either could not be sent; AuditError `EventRefused` when EventBridge took the request, not the event. */
  async tell({ detailType, detail, subject, message }: Announcement): Promise<void> {
    const entry = { Source: this.#source, DetailType: detailType, Detail: JSON.stringify(detail) };
    const { FailedEntryCount, Entries = [] } = await this.#events.send(
      new PutEventsCommand({ Entries: [entry] }),
    );
    if (FailedEntryCount !== 0) {
      const [{ ErrorCode, ErrorMessage } = {}] = Entries;
      throw new AuditError('EventRefused', `EventBridge refused ${detail.id}: ${ErrorCode}: ${ErrorMessage}`);
    }
    await this.#sns.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        Subject: subject,
        Message: `${message}\n\nid: ${detail.id}`,
      }),
    );
  }
}
