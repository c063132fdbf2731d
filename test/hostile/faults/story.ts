import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { publicKeysFile } from '@roletrail/local';
import { type Content, keysJson, type Objects, signingKey, Trail } from '../../core/digests/chain.ts';
import { account, callRecord, issuanceRecord } from '../../steps/watch-story.ts';
import type { Stack } from '../stack.ts';

const day = `AWSLogs/${account}/CloudTrail/us-east-1/2025/06/02`;
const keyOf = (unique: string) => `${day}/${account}_CloudTrail_us-east-1_20250602T1005Z_${unique}.json.gz`;
const log = (...records: object[]) => gzipSync(JSON.stringify({ Records: records }));
/** A function that fails is started again by the next schedule. */
const mostRuns = 5;

/**
 * The sample's incident, a call that nobody explains until its issuance comes late, and two hours of digests, of which a
 * log file was deleted: every function of the stack has something to do, and three things are to be told.
 */
export class Story {
  readonly #stack: Stack;
  readonly #folder: string;

  /** `folder`: the state of the stack's cloud */
  constructor(stack: Stack, folder: string) {
    this.#stack = stack;
    this.#folder = folder;
  }

  async tell(): Promise<void> {
    for (const [key, { bytes, metadata }] of this.#digests()) await this.#put(key, bytes, metadata);
    await this.#put(keyOf('call'), log(callRecord()));
    await this.#stack.deliver();
    await this.#watch();
    await this.#put(keyOf('issuance'), log(issuanceRecord()));
    await this.#stack.cloud.idle();
    await this.#watch();
  }

  /** Signed with a new key each time, so that CloudTrail is asked for it each time. */
  #digests(): Objects {
    const key = signingKey();
    writeFileSync(join(this.#folder, publicKeysFile), keysJson(key));
    const bucket = this.#stack.output('TrailBucketName');
    const here = (content: Content) => {
      content.digestS3Bucket = bucket;
      if (content.previousDigestS3Bucket) content.previousDigestS3Bucket = bucket;
      for (const file of content.logFiles) file.s3Bucket = bucket;
    };
    const texts = ['{"Records":[]}', '{"Records":[]}'];
    const { objects, logs } = new Trail(key)
      .hour('2025-06-02T12:00:00Z', texts, here)
      .hour('2025-06-02T13:00:00Z', texts, here);
    objects.delete(logs[1]?.[0] ?? '');
    return objects;
  }

  async #put(Key: string, Body: Buffer, Metadata: Record<string, string> = {}): Promise<void> {
    const Bucket = this.#stack.output('TrailBucketName');
    await this.#stack.deployment.s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata }));
  }

  async #watch(): Promise<void> {
    for (let run = 1; ; run += 1) {
      try {
        await this.#stack.cloud.tick();
        return;
      } catch (error) {
        if (run === mostRuns) throw error;
      }
    }
  }
}
