import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Cloud, ServiceError } from '@roletrail/local';
import type { DigestHead } from '../../core/digests/signature.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { logFileCreated } from '../../infra/trail-pattern.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';
import { noticesOf, storedFile } from '../front-door/messages.ts';
import { topicOf } from './config.ts';
import { decodedLogs } from './decoded.ts';
import { type Input, readInput, readKind } from './inputs.ts';
import type { Kind } from './kind.ts';
import { SentMessages, tooLong } from './sent.ts';

/** Keys the deployed rule takes from S3's own announcements. */
const announced = wildcard(logFileCreated('any').detail.object.key[0]?.wildcard ?? '');

/** Delivers inputs through the embedded cloud's front door, one by one. */
export class Delivery {
  /** log files stored */
  files = 0;
  /** digests stored, as `s3://bucket/key` */
  readonly digests: string[] = [];
  readonly sent = new SentMessages();
  /** sentences about what could not be delivered, or not to its end: the rest is delivered all the same */
  readonly problems: string[] = [];
  readonly #cloud: Cloud;
  readonly #deployment: Deployment;
  readonly #config: RoletrailConfig;
  readonly #queue: string;
  /** of digests, by key: files have no metadata */
  readonly #heads: ReadonlyMap<string, DigestHead>;

  constructor(
    cloud: Cloud,
    deployment: Deployment,
    config: RoletrailConfig,
    queue: string,
    heads: ReadonlyMap<string, DigestHead> = new Map(),
  ) {
    this.#cloud = cloud;
    this.#deployment = deployment;
    this.#config = config;
    this.#queue = queue;
    this.#heads = heads;
  }

  /** Delivers one input. Throws CliError naming the file. */
  async deliver(input: Input): Promise<void> {
    try {
      const kind = readKind(input);
      if (input.isExport) await this.#storeExport(input);
      else if (kind.kind === 'log') await this.#store(input.key, readInput(input));
      else if (kind.kind === 'digest') await this.#storeDigest(input);
      else if (kind.kind === 'event') await this.#announce(input, kind);
      else await this.#send(readInput(input).toString('utf8'), input);
    } catch (error) {
      if (isTooLong(error)) {
        this.problems.push(tooLong(input));
        return;
      }
      if (error instanceof CliError) throw error;
      throw new CliError(`${input.file} could not be delivered: ${(error as Error).message}`, 1, error);
    }
  }

  async #announce(input: Input, event: Kind & { kind: 'event' }): Promise<void> {
    const topic = topicOf(this.#config, event);
    // Intake says why.
    if (topic === null) {
      return this.#send(readInput(input).toString('utf8'), input);
    }
    this.sent.remember(event.message, input);
    await this.#cloud.publish(topic, event.message);
  }

  async #send(body: string, input: Input): Promise<void> {
    this.sent.remember(body, input);
    await this.#cloud.send(this.#queue, body);
  }

  /** With its signature, as CloudTrail stores it; S3 announces it, and the deployed rule takes it. */
  async #storeDigest(input: Input): Promise<void> {
    const Bucket = this.#deployment.outputs.TrailBucketName;
    const { signature = null, generated = null } = this.#heads.get(input.key) ?? {};
    const Metadata: Record<string, string> = {
      ...(signature ? { signature, 'signature-algorithm': 'SHA256withRSA' } : {}),
      ...(generated ? { 'backfill-generation-timestamp': generated } : {}),
    };
    const object = { Bucket, Key: input.key, Body: readInput(input), Metadata };
    await this.#deployment.s3.send(new PutObjectCommand(object));
    this.digests.push(`s3://${Bucket}/${input.key}`);
  }

  /** Each record as it was written, in log files that are named after the export. */
  async #storeExport(input: Input): Promise<void> {
    for await (const { key, body } of decodedLogs(input, sentence => this.problems.push(sentence)))
      await this.#store(key, body);
  }

  async #store(key: string, Body: Buffer): Promise<void> {
    const bucket = this.#deployment.outputs.TrailBucketName;
    const stored = await this.#deployment.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    this.files += 1;
    // S3 announces what CloudTrail could have written; anything else has to be announced by hand.
    if (announced.test(key)) return;
    for (const notice of noticesOf(bucket, [storedFile(key, Body, stored)]))
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
