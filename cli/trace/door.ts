import { partnerTopics } from '../../infra/names.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { type ArrivedEvent, arrivalOf, type Door, senderOf } from '../../steps/intake/arrival.ts';
import { reasonOf } from '../../steps/runtime/errors.ts';
import type { Refusal, TrailObject } from '../../steps/transport/payloads.ts';
import { fromTopic } from '../front-door/messages.ts';
import { type Input, readInput } from '../inputs/inputs.ts';
import type { Kind } from '../inputs/kind.ts';
import { refusedInput } from '../inputs/refused.ts';
import { topicOf } from '../replay/config.ts';
import { tooLong } from '../replay/sent.ts';

/** What a message came to. */
export interface Arrived {
  events: ArrivedEvent[];
  /** log files that it announces */
  announced: TrailObject[];
  refusals: Refusal[];
  /** sentences about what never came as far as the door */
  problems: string[];
}

const partnerQueue = 'partners';
const trailQueue = 'trail';

/** Bytes of a message that SNS takes where nobody allows more, and the queues of the stack (SNS and SQS quotas). */
const mostBytes = 262_144;

/** The front door of a deployment: what comes by it, and whose word it is. */
export class FrontDoor {
  readonly #config: RoletrailConfig;
  readonly #door: Door;

  constructor(config: RoletrailConfig) {
    this.#config = config;
    this.#door = {
      topics: partnerTopics(config).map(({ arn }) => arn),
      account: config.production.account,
      partnerQueue,
    };
  }

  /** Takes in a message as the queue that it would come by hands it to intake. */
  async arrive(input: Input, kind: Kind & { kind: 'event' | 'message' }): Promise<Arrived> {
    const none: Arrived = { events: [], announced: [], refusals: [], problems: [] };
    let text: string;
    try {
      text = (await readInput(input)).toString('utf8');
    } catch (error) {
      const { file, ...why } = refusedInput(input.file, error);
      return { ...none, refusals: [{ step: 'Replay', ...why, source: file }] };
    }
    const topic = kind.kind === 'event' ? topicOf(this.#config, kind) : null;
    const published = kind.kind === 'event' && topic !== null ? kind.message : text;
    const length = Buffer.byteLength(published);
    if (length === 0 || length > mostBytes) {
      return { ...none, problems: [tooLong(input)] };
    }
    const body = topic === null ? text : fromTopic(topic, published);
    const message = {
      messageId: input.key,
      body,
      attributes: { SentTimestamp: '0' },
      messageAttributes: {},
      eventSourceARN: topic === null ? trailQueue : partnerQueue,
    };
    try {
      const { events, objects } = arrivalOf(message, this.#door);
      return { ...none, events, announced: objects };
    } catch (error) {
      const sender = senderOf(message, this.#door);
      const refusal: Refusal = {
        ...{ step: 'Intake', ...reasonOf(error), source: input.file },
        ...(sender && { sender }),
      };
      return { ...none, refusals: [refusal] };
    }
  }
}
