import { partnerTopics } from '../../infra/names.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { type ArrivedEvent, arrivalOf, type Door, senderOf } from '../../steps/intake/arrival.ts';
import { reasonOf } from '../../steps/runtime/errors.ts';
import type { Refusal, TrailObject } from '../../steps/transport/payloads.ts';
import { topicOf } from '../replay/config.ts';
import { type Input, readInput } from '../replay/inputs.ts';
import type { Kind } from '../replay/kind.ts';

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

/** Bytes of a message that SNS and SQS take where nobody allows more (SNS and SQS quotas). */
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

  /** Takes in a message as the queue that it would come by hands it to intake. Throws CliError when it can no longer be read. */
  arrive(input: Input, kind: Kind & { kind: 'event' | 'message' }): Arrived {
    const none: Arrived = { events: [], announced: [], refusals: [], problems: [] };
    const text = readInput(input).toString('utf8');
    const topic = kind.kind === 'event' ? topicOf(this.#config, kind) : null;
    const published = kind.kind === 'event' && topic !== null ? kind.message : text;
    const length = Buffer.byteLength(published);
    if (length === 0 || length > mostBytes) {
      const problem = `${input.file}: not delivered: it is not a log file, and is too long for a message (${input.size} bytes)`;
      return { ...none, problems: [problem] };
    }
    const body = topic === null ? text : JSON.stringify(envelope(topic, published), null, 2);
    const message = {
      messageId: input.key,
      body,
      attributes: { SentTimestamp: '0' },
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

/** What SNS puts around a message for a queue (SNS guide, HTTP/HTTPS notification JSON format), as far as intake reads it. */
function envelope(TopicArn: string, Message: string) {
  return { Type: 'Notification', TopicArn, Message };
}
