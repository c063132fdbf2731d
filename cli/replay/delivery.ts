import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Cloud, ServiceError } from '@roletrail/local';
import type { DigestHead } from '../../core/digests/signature.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { logFileCreated } from '../../infra/trail-pattern.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';
import { noticesOf } from '../front-door/messages.ts';
import { decodedLogs } from '../inputs/decoded.ts';
import { type Input, readInput, readKind, readLog } from '../inputs/inputs.ts';
import type { Kind } from '../inputs/kind.ts';
import { nameOfKey } from '../inputs/name-of-key.ts';
import { type RefusedInput, refusedInput } from '../inputs/refused.ts';
import { topicOf } from './config.ts';
import { SentMessages, tooLong } from './sent.ts';

/** Keys the deployed rule takes from S3's own announcements. */
const announced = wildcard(logFileCreated('any').detail.object.key[0]?.wildcard ?? '');

/** Delivers inputs through the embedded cloud's front door, one by one. */
export class Delivery {
  /** log files stored */
  files = 0;
  /** bytes of them, as they are stored */
  bytes = 0;
  /** digests stored, as `s3://bucket/key` */
  readonly digests: string[] = [];
  readonly sent = new SentMessages();
  /** sentences about what could not be delivered, or not to its end: the rest is delivered all the same */
  readonly problems: string[] = [];
  /** sentences about what was left out, and held no calls */
  readonly notes: string[] = [];
  /** what could not be read when it was its turn */
  readonly refused: RefusedInput[] = [];
  readonly #cloud: Cloud;
  readonly #deployment: Deployment;
  readonly #config: RoletrailConfig;
  readonly #queue: string;
  /** of digests, by key: files have no metadata */
  readonly #heads: ReadonlyMap<string, DigestHead>;
  /** of what is delivered, without folders */
  readonly #names: ReadonlySet<string>;

  constructor(
    cloud: Cloud,
    deployment: Deployment,
    config: RoletrailConfig,
    queue: string,
    { deliver, heads }: { deliver: readonly Input[]; heads: ReadonlyMap<string, DigestHead> },
  ) {
    this.#cloud = cloud;
    this.#deployment = deployment;
    this.#config = config;
    this.#queue = queue;
    this.#heads = heads;
    this.#names = new Set(deliver.map(({ key }) => nameOfKey(key)));
  }

  /** Delivers one input. Throws CliError naming the file. */
  async deliver(input: Input): Promise<void> {
    try {
      if (input.export) await this.#storeExport(input);
      else await this.#deliver(input, await readKind(input));
    } catch (error) {
      if (isTooLong(error)) {
        this.problems.push(tooLong(input));
        return;
      }
      throw new CliError(`${input.file} could not be delivered: ${(error as Error).message}`, 1, error);
    }
  }

  async #deliver(input: Input, kind: Kind): Promise<void> {
    let bytes: Buffer;
    try {
      bytes = await (kind.kind === 'log' ? readLog(input) : readInput(input));
    } catch (error) {
      this.refused.push(refusedInput(input.file, error));
      return;
    }
    if (kind.kind === 'log') await this.#store(input.key, bytes);
    else if (kind.kind === 'digest') await this.#storeDigest(input.key, bytes);
    else if (kind.kind === 'event') await this.#announce(input, kind, bytes);
    else await this.#send(bytes.toString('utf8'), input);
  }

  async #announce(input: Input, event: Kind & { kind: 'event' }, bytes: Buffer): Promise<void> {
    const topic = topicOf(this.#config, event);
    // Intake says why.
    if (topic === null) {
      return this.#send(bytes.toString('utf8'), input);
    }
    this.sent.remember(event.message, input);
    await this.#cloud.publish(topic, event.message);
  }

  async #send(body: string, input: Input): Promise<void> {
    this.sent.remember(body, input);
    await this.#cloud.send(this.#queue, body);
  }

  /** With its signature, as CloudTrail stores it; S3 announces it, and the deployed rule takes it. */
  async #storeDigest(Key: string, Body: Buffer): Promise<void> {
    const Bucket = this.#deployment.outputs.TrailBucketName;
    const { signature = null, generated = null } = this.#heads.get(Key) ?? {};
    const Metadata: Record<string, string> = {
      ...(signature ? { signature, 'signature-algorithm': 'SHA256withRSA' } : {}),
      ...(generated ? { 'backfill-generation-timestamp': generated } : {}),
    };
    await this.#deployment.s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata }));
    this.digests.push(`s3://${Bucket}/${Key}`);
  }

  /** Each record as it was written, in log files that are named after the export. */
  async #storeExport(input: Input): Promise<void> {
    const tell = (sentence: string, amiss: boolean) => (amiss ? this.problems : this.notes).push(sentence);
    for await (const { key, body } of decodedLogs(input, { tell, isHere: ({ key }) => this.#isHere(key) }))
      await this.#store(key, body);
  }

  #isHere(key: string): boolean {
    return this.#names.has(nameOfKey(key));
  }

  async #store(key: string, Body: Buffer): Promise<void> {
    const bucket = this.#deployment.outputs.TrailBucketName;
    const stored = await this.#cloud.store({ bucket, key, body: Body });
    this.files += 1;
    this.bytes += Body.length;
    // S3 announces what CloudTrail could have written; anything else has to be announced by hand.
    if (announced.test(key)) return;
    for (const notice of noticesOf(bucket, [{ key, size: Body.length, ...stored }]))
      await this.#cloud.send(this.#queue, notice);
  }
}

/** What SQS and SNS say of a message whose length they do not take. */
function isTooLong(error: unknown): boolean {
  return error instanceof ServiceError && /^InvalidParameter(?:Value)?$/.test(error.code);
}

/** An EventBridge wildcard as a regular expression: `*` is any text, all else stands for itself. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
