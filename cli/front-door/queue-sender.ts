import { setTimeout as delay } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SendMessageBatchResultEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { CliError } from '../failure.ts';
import { plural } from '../views/text/format.ts';

export interface SenderOptions {
  sqs: Pick<SQSClient, 'send'>;
  /** URL of the queue */
  queue: string;
  /** the stamp of the replay that the messages belong to: intake makes executions of their own of them */
  replay?: string;
  /** waits between two attempts, in milliseconds */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/** What one request holds: SQS counts 64 KB as one, and ten notices of ten files are 45. A larger message goes alone. */
const ofARequest = { messages: 10, bytes: 250_000 };

/** Attempts at what SQS did not take, with up to 20 s between them: about a minute and a half in all. */
const attempts = 10;
const longestPause = 20_000;

const needed = 'sqs:SendMessage and sqs:GetQueueAttributes, kms:GenerateDataKey and kms:Decrypt on its key';

/** Sends messages to a queue of the front door. What fails is a CliError that names the queue and the permissions. */
export class QueueSender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends messages, and resolves to their IDs in SQS, when all are accepted. */
  async send(bodies: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const request of requestsOf(bodies))
      ids.push(...(await this.#named(() => sendAll(request, this.#options))));
    return ids;
  }

  /** How many messages wait, approximately. */
  waiting(): Promise<number> {
    const { sqs, queue: QueueUrl } = this.#options;
    return this.#named(async () => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Number(Attributes?.ApproximateNumberOfMessages);
    });
  }

  async #named<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CliError) throw error;
      const { name, message } = error as Error;
      const { queue } = this.#options;
      throw new CliError(`cannot send to ${queue} (this needs ${needed}): ${name}: ${message}`, 1, error);
    }
  }
}

function requestsOf(bodies: readonly string[]): string[][] {
  const requests: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const open = requests.at(-1);
    bytes += size;
    if (open && open.length < ofARequest.messages && bytes <= ofARequest.bytes) open.push(body);
    else {
      requests.push([body]);
      bytes = size;
    }
  }
  return requests;
}

/**
 * Sends up to ten messages. What SQS did not take of them for its own reasons is sent again, after a pause that doubles
 * and is drawn at random below that. Throws CliError when a message is at fault itself, or the attempts are used up.
 */
async function sendAll(bodies: readonly string[], options: SenderOptions): Promise<string[]> {
  const { queue, replay, pause = delay } = options;
  const attributes = replay && { replay: { DataType: 'String', StringValue: replay } };
  let left = bodies.map((MessageBody, index) => ({
    Id: String(index),
    MessageBody,
    ...(attributes && { MessageAttributes: attributes }),
  }));
  const ids: string[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const { taken, failed } = await sendOnce(left, options);
    const faulty = failed.find(entry => entry.SenderFault);
    if (faulty) throw new CliError(`${queue} refused a message: ${reasonOf(faulty)}`);
    for (const { Id, MessageId = '' } of taken) ids[Number(Id)] = MessageId;
    left = left.filter(({ Id }) => failed.some(entry => entry.Id === Id));
    if (left.length === 0) return ids;
    if (attempt === attempts) {
      throw new CliError(
        `${queue} did not accept ${plural(left.length, 'message')} in ${attempts} attempts: ${reasonOf(failed[0])}`,
      );
    }
    await pause(Math.random() * Math.min(longestPause, 100 * 2 ** attempt));
  }
}

interface NotTaken {
  Id: string | undefined;
  SenderFault: boolean | undefined;
  Code: string | undefined;
  Message?: string | undefined;
}

async function sendOnce(
  entries: SendMessageBatchRequestEntry[],
  { sqs, queue }: SenderOptions,
): Promise<{ taken: SendMessageBatchResultEntry[]; failed: NotTaken[] }> {
  const command = new SendMessageBatchCommand({ QueueUrl: queue, Entries: entries });
  const { Failed = [], Successful = [] } = await sqs.send(command);
  // An entry that is in neither list was not promised to be delivered.
  const known = new Set([...Failed, ...Successful].map(({ Id }) => Id));
  const silent = entries
    .filter(({ Id }) => !known.has(Id))
    .map(({ Id }) => ({ Id, SenderFault: false, Code: 'NoAnswer' }));
  return { taken: Successful, failed: [...Failed, ...silent] };
}

function reasonOf(entry: NotTaken | undefined): string {
  return [entry?.Code, entry?.Message].filter(part => part).join(': ');
}
