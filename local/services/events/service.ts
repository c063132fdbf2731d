import { randomUUID } from 'node:crypto';
import { type JsonService, type Need, ServiceError } from '../../contract.ts';
import { answerBy, type Handlers } from '../../gateway/operations.ts';
import type { PublishedLog } from '../../state/published.ts';
import { type JsonObject, objectIn } from '../../template/json.ts';
import { partitionOf } from '../../template/names.ts';
import { type Entry, eventsInputs } from './inputs.ts';
import { eventsNeeds } from './needs.ts';
import type { EventBus } from './store.ts';

export interface AccountRegion {
  account: string;
  region: string;
}

/** Bytes of all entries of a request together (EventBridge guide, PutEvents event entry size). */
const mostBytes = 262_144;

const refusals = { service: 'EventBridge', unknown: 'UnsupportedOperation', invalid: 'ValidationException' };

/**
 * EventBridge's API for applications: PutEvents to the default bus. Events are kept, and reach the rules that match.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export class EventsService implements JsonService {
  readonly #bus: EventBus;
  readonly #published: PublishedLog;
  readonly #owner: AccountRegion;

  constructor(bus: EventBus, published: PublishedLog, owner: AccountRegion) {
    this.#bus = bus;
    this.#published = published;
    this.#owner = owner;
  }

  needs(operation: string): Need[] {
    return eventsNeeds(operation, this.#busArn());
  }

  call(operation: string, raw: Record<string, unknown>): Promise<object> {
    return answerBy(eventsInputs, this.#handlers, refusals, operation, raw);
  }

  readonly #handlers: Handlers<typeof eventsInputs> = {
    PutEvents: ({ Entries: entries }) => {
      if (Buffer.byteLength(JSON.stringify(entries)) > mostBytes) {
        throw new ServiceError(
          'ValidationException',
          `Total size of the entries in the request is over ${mostBytes}`,
        );
      }
      const Entries = entries.map(entry => this.#put(entry));
      return { FailedEntryCount: Entries.filter(entry => 'ErrorCode' in entry).length, Entries };
    },
  };

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
      ...this.#owner,
      time: `${at.slice(0, 19)}Z`,
      resources: Resources,
      detail,
    };
    this.#published.add({ service: 'events', at, event });
    this.#bus.put(event);
    return { EventId: id };
  }

  #busArn(): string {
    const { account, region } = this.#owner;
    return `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/default`;
  }
}
