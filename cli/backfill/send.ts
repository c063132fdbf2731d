import { setTimeout as delay } from 'node:timers/promises';
import { type BatchResultErrorEntry, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CliError } from '../failure.ts';
import { plural } from '../views/text/format.ts';

export interface SendOptions {
  sqs: Pick<SQSClient, 'send'>;
  queue: string;
  /** waits between two attempts, in milliseconds */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/** Attempts at what SQS did not take, with up to 20 s between them: about a minute and a half in all. */
const attempts = 10;
const longestPause = 20_000;

/**
 * Sends up to ten messages. What SQS did not take of them for its own reasons is sent again, after a pause that doubles
 * and is drawn at random below that. Throws CliError when a message is at fault itself, or the attempts are used up.
 */
export async function sendAll(bodies: readonly string[], options: SendOptions): Promise<void> {
  const { queue, pause = delay } = options;
  let left = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const failed = await sendOnce(left, options);
    const faulty = failed.find(entry => entry.SenderFault);
    if (faulty) throw new CliError(`${queue} refused a message: ${reasonOf(faulty)}`);
    left = left.filter(({ Id }) => failed.some(entry => entry.Id === Id));
    if (left.length === 0) return;
    if (attempt === attempts) {
      throw new CliError(
        `${queue} did not accept ${plural(left.length, 'message')} in ${attempts} attempts: ${reasonOf(failed[0])}`,
      );
    }
    await pause(Math.random() * Math.min(longestPause, 100 * 2 ** attempt));
  }
}

async function sendOnce(
  entries: { Id: string; MessageBody: string }[],
  { sqs, queue }: SendOptions,
): Promise<BatchResultErrorEntry[]> {
  const command = new SendMessageBatchCommand({ QueueUrl: queue, Entries: entries });
  const { Failed = [], Successful = [] } = await sqs.send(command);
  // An entry that is in neither list was not promised to be delivered.
  const known = new Set([...Failed, ...Successful].map(({ Id }) => Id));
  const silent = entries
    .filter(({ Id }) => !known.has(Id))
    .map(({ Id }) => ({ Id, SenderFault: false, Code: 'NoAnswer' }));
  return [...Failed, ...silent];
}

function reasonOf(entry: BatchResultErrorEntry | undefined): string {
  return [entry?.Code, entry?.Message].filter(part => part).join(': ');
}
