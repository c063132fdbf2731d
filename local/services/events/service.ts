import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type JsonService, type Need, ServiceError } from '../../contract.ts';
import type { PublishedLog } from '../../state/published.ts';
import { type JsonObject, objectIn } from '../../template/json.ts';
import { partitionOf } from '../../template/names.ts';
import type { EventBus } from './store.ts';

export interface EventsPlace {
  account: string;
  region: string;
}

/** Bytes of all entries of a request together (EventBridge guide, PutEvents event entry size). */
const mostBytes = 262_144;

const entryShape = z.strictObject({
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: z.string(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).default([]),
});
const inputShape = z.strictObject({ Entries: z.array(entryShape).min(1).max(10) });
type Entry = z.infer<typeof entryShape>;

/**
 * EventBridge's API for applications: PutEvents to the default bus. Events are kept, and reach the rules that match.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export class EventsService implements JsonService {
  readonly #bus: EventBus;
  readonly #published: PublishedLog;
  readonly #place: EventsPlace;

  constructor(bus: EventBus, published: PublishedLog, place: EventsPlace) {
    this.#bus = bus;
    this.#published = published;
    this.#place = place;
  }

  needs(operation: string): Need[] {
    return [{ action: `events:${operation}`, resource: this.#busArn() }];
  }

  async call(operation: string, raw: Record<string, unknown>): Promise<object> {
    if (operation !== 'PutEvents') {
      throw new ServiceError('UnsupportedOperation', `EventBridge operation ${operation} is not supported`);
    }
    const input = inputShape.safeParse(raw);
    if (!input.success) {
      const reasons = input.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`);
      throw new ServiceError('ValidationException', `PutEvents: ${reasons.join('; ')}`);
    }
    if (Buffer.byteLength(JSON.stringify(input.data.Entries)) > mostBytes) {
      throw new ServiceError(
        'ValidationException',
        `Total size of the entries in the request is over ${mostBytes}`,
      );
    }
    const Entries = input.data.Entries.map(entry => this.#put(entry));
    return { FailedEntryCount: Entries.filter(entry => 'ErrorCode' in entry).length, Entries };
  }

  #put(entry: Entry) {
    const { Source, DetailType, Resources, EventBusName } = entry;
    if (EventBusName !== undefined && EventBusName !== 'default' && EventBusName !== this.#busArn()) {
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${EventBusName} not found` };
    }
    if (Source.startsWith('aws.')) {
      return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: `Not authorized for ${Source}` };
    }
    const detail = objectIn(entry.Detail);
    if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const at = new Date().toISOString();
    const id = randomUUID();
    const event: JsonObject = {
      version: '0',
      id,
      'detail-type': DetailType,
      source: Source,
      ...this.#place,
      time: `${at.slice(0, 19)}Z`,
      resources: Resources,
      detail,
    };
    this.#published.add({ service: 'events', at, event });
    this.#bus.put(event);
    return { EventId: id };
  }

  #busArn(): string {
    const { account, region } = this.#place;
    return `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/default`;
  }
}
