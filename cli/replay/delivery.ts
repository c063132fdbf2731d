import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Cloud, ServiceError } from '@roletrail/local';
import type { DigestHead } from '../../core/digests/signature.ts';
import { sha256 } from '../../core/hash.ts';
import { isObject } from '../../core/records/read.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { logFileCreated } from '../../infra/trail-pattern.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { CliError } from '../failure.ts';
import { topicOf } from './config.ts';
import { decodedLogs } from './decoded.ts';
import { type Input, readInput, readKind } from './inputs.ts';
import type { Kind } from './kind.ts';

/** Keys the deployed rule takes from S3's own announcements. */
const announced = wildcard(logFileCreated('any').detail.object.key[0]?.wildcard ?? '');

/** Delivers inputs through the embedded cloud's front door, one by one. */
export class Delivery {
  /** log files stored */
  files = 0;
  /** digests stored, as `s3://bucket/key` */
  readonly digests: string[] = [];
  /** messages published or put on the queue */
  messages = 0;
  /** sentences about what could not be delivered, or not to its end: the rest is delivered all the same */
  readonly problems: string[] = [];
  readonly #cloud: Cloud;
  readonly #deployment: Deployment;
  readonly #config: RoletrailConfig;
  readonly #queue: string;
  /** of digests, by key: files have no metadata */
  readonly #heads: ReadonlyMap<string, DigestHead>;
  /** digests of messages, so that what is refused can be named by its file */
  readonly #files = new Map<string, string>();

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
        this.problems.push(
          `${input.file}: not delivered: it is not a log file, and is too long for a message (${input.size} bytes)`,
        );
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
    this.#remember(event.message, input);
    await this.#cloud.publish(topic, event.message);
    this.messages += 1;
  }

  async #send(body: string, input: Input): Promise<void> {
    this.#remember(body, input);
    await this.#cloud.send(this.#queue, body);
    this.messages += 1;
  }

  /** The file a refused message came from; null for a message of somebody else's. */
  fileOf(message: string): string | null {
    return this.#files.get(nameOf(message)) ?? this.#files.get(nameOf(unwrapped(message))) ?? null;
  }

  #remember(message: string, input: Input): void {
    this.#files.set(nameOf(message), input.file);
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
    const object = {
      key,
      size: Body.length,
      etag: stored.ETag?.replaceAll('"', ''),
      ...(stored.VersionId ? { 'version-id': stored.VersionId } : {}),
    };
    await this.#cloud.send(this.#queue, JSON.stringify(objectCreated(this.#cloud, bucket, object)));
  }
}

/** S3's event as EventBridge puts it on the queue (S3 guide, EventBridge event message structure). */
function objectCreated(cloud: Cloud, bucket: string, object: Record<string, unknown>) {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: cloud.account,
    time: new Date().toISOString(),
    region: cloud.region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: { version: '0', bucket: { name: bucket }, object, requester: cloud.account, reason: 'PutObject' },
  };
}

/** What SQS and SNS say of a message whose length they do not take. */
function isTooLong(error: unknown): boolean {
  return error instanceof ServiceError && /^InvalidParameter(?:Value)?$/.test(error.code);
}

function nameOf(message: string): string {
  return sha256(message, 'base64');
}

/** What a topic put its envelope around; a message without one as it is. */
function unwrapped(message: string): string {
  try {
    const value: unknown = JSON.parse(message);
    return isObject(value) && typeof value.Message === 'string' ? value.Message : message;
  } catch {
    return message;
  }
}

/** An EventBridge wildcard as a regular expression: `*` is any text, all else stands for itself. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
