import { PutObjectCommand } from '@aws-sdk/client-s3';
import { requiredArn } from '../../core/records/arn.ts';
import { isTrailKey, replayedKey } from '../../core/records/log-key.ts';
import { topicArn } from '../../infra/names.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';
import { fromTopic, type NoticedFile, noticesOf, storedFile } from '../front-door/messages.ts';
import { Pace } from '../front-door/pace.ts';
import { QueueSender } from '../front-door/queue-sender.ts';
import { type Input, readInput, readKind, readLog } from '../inputs/inputs.ts';
import { isPartnerTopic, type Kind, largestMessage } from '../inputs/kind.ts';
import type { Other } from '../inputs/others.ts';
import { refusedInput, refusedSentence } from '../inputs/refused.ts';
import { Awaited } from './awaited.ts';
import { SentMessages, tooLong } from './sent.ts';

/** Log files, or messages of a queue, that are sent together. */
const sentTogether = 100;
/** Messages that may wait in the queue: live deliveries wait in the same one. */
const mostWaiting = 100;

interface Pending<T> {
  what: T;
  input: Input;
}

/** Delivers inputs through the queues of a deployed stack. What is sent is awaited. */
export class AwsDelivery {
  /** log files stored */
  files = 0;
  /** digests left out: below another name a digest proves nothing */
  digests = 0;
  /** what a deployed stack would not take: it is not stored, in a bucket of evidence, for nothing */
  readonly others: Other[] = [];
  /** sentences about what could not be delivered */
  readonly problems: string[] = [];
  readonly sent = new SentMessages();
  readonly awaited: Awaited;
  readonly #deployment: Deployment;
  readonly #stamp: string;
  readonly #trail: QueueSender;
  readonly #partners: QueueSender;
  readonly #pace: Pace;
  #stored: Pending<NoticedFile>[] = [];
  readonly #messages = new Map<QueueSender, Pending<string>[]>();

  /** `stamp`: what the replay is called by */
  constructor(deployment: Deployment, stamp: string, signal: AbortSignal) {
    const { sqs, outputs, workData } = deployment;
    this.#deployment = deployment;
    this.#stamp = stamp;
    this.awaited = new Awaited(workData);
    this.#trail = new QueueSender({ sqs, queue: outputs.TrailQueueUrl, replay: stamp });
    this.#partners = new QueueSender({ sqs, queue: outputs.PartnerQueueUrl, replay: stamp });
    const waiting = () => this.#trail.waiting();
    this.#pace = new Pace({ rate: Number.POSITIVE_INFINITY, mostWaiting, waiting, signal });
  }

  /** Takes one input. Throws CliError naming the file, or the queue and the permissions. */
  async deliver(input: Input): Promise<void> {
    let kind: Kind;
    let bytes: Buffer;
    try {
      kind = await readKind(input);
      if (kind.kind === 'log' && !isTrailKey(input.key)) {
        this.others.push({ ...input, what: 'not-of-a-trail' });
        return;
      }
      bytes = await (kind.kind === 'log' ? readLog(input) : readInput(input));
    } catch (error) {
      this.problems.push(refusedSentence(refusedInput(input.file, error)));
      return;
    }
    if (kind.kind === 'digest') this.digests += 1;
    else if (kind.kind === 'log') await this.#store(input, bytes);
    else await this.#take(input, kind, bytes);
  }

  /** Sends what is left of what was taken. */
  async finish(): Promise<void> {
    await this.#announce();
    for (const sender of this.#messages.keys()) await this.#send(sender);
  }

  async #store(input: Input, Body: Buffer): Promise<void> {
    const { s3, outputs } = this.#deployment;
    const Bucket = outputs.TrailBucketName;
    const Key = replayedKey(this.#stamp, input.key);
    const stored = await s3.send(new PutObjectCommand({ Bucket, Key, Body })).catch(error => {
      const needed = 'this needs s3:PutObject, and kms:GenerateDataKey on its key';
      throw new CliError(
        `${input.file} could not be stored in ${Bucket} (${needed}): ${error.message}`,
        1,
        error,
      );
    });
    this.#stored.push({ what: storedFile(Key, Body, stored), input });
    this.files += 1;
    if (this.#stored.length >= sentTogether) await this.#announce();
  }

  /** Sends notices: the rule on the bucket takes none of a replay's files. */
  async #announce(): Promise<void> {
    const bucket = this.#deployment.outputs.TrailBucketName;
    const stored = this.#stored;
    this.#stored = [];
    if (stored.length === 0) return;
    await this.#pace.turn(stored.length);
    const files = stored.map(({ what }) => what);
    await this.#trail.send(noticesOf(bucket, files));
    for (const { what, input } of stored) this.awaited.addFile(bucket, what.key, input);
  }

  async #take(input: Input, kind: Kind, bytes: Buffer): Promise<void> {
    const partners = this.#partnersMessage(kind);
    const sender = partners === null ? this.#trail : this.#partners;
    const body = partners ?? bytes.toString('utf8');
    if (Buffer.byteLength(body) > largestMessage) {
      this.problems.push(tooLong(input));
      return;
    }
    this.sent.remember(body, input);
    const pending = this.#messages.get(sender) ?? [];
    this.#messages.set(sender, pending);
    pending.push({ what: body, input });
    if (pending.length >= sentTogether) await this.#send(sender);
  }

  /** A partner's event, from the topic that this deployment knows it by; null for every other message. Intake judges the topic. */
  #partnersMessage(kind: Kind): string | null {
    const { PartnerTopicName, StateMachineArn } = this.#deployment.outputs;
    if (kind.kind !== 'event' || kind.account === requiredArn(StateMachineArn).account) return null;
    if (kind.topicArn !== null && !isPartnerTopic(kind.topicArn)) return null;
    return fromTopic(topicArn(PartnerTopicName, kind.account, kind.region), kind.message);
  }

  async #send(sender: QueueSender): Promise<void> {
    const messages = this.#messages.get(sender) ?? [];
    this.#messages.set(sender, []);
    const ids = await sender.send(messages.map(({ what }) => what));
    for (const [index, { what, input }] of messages.entries())
      this.awaited.addMessage(ids[index] ?? '', what, input);
  }
}
