import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { sha256 } from '../../core/hash.ts';
import { AuditError } from '../runtime/errors.ts';
import { workPrefix } from '../store/tables.ts';
import { BlockWriter, readBlocks } from './blocks.ts';
import { giveBack } from './give-back.ts';
import type { DataRef } from './payloads.ts';

/** Larger data goes to the work bucket; a payload holds up to four such references and stays below 262,144 bytes. */
const mostInline = 40 * 1024;

/** Data between two steps: blocks (see steps/transport/blocks.ts), inline or as one object of the work bucket. */
export class WorkData {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #name: string;

  /** `name`: the execution and the step, unique within the bucket's one-day life */
  constructor(s3: S3Client, bucket: string, name: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#name = name;
  }

  /** Starts data. It needs the memory of the compressed blocks. `part` distinguishes several outputs of one step. */
  writer(part: string): WorkWriter {
    return new WorkWriter(blocks => this.#keep(part, blocks));
  }

  /** The content of a reference, block by block. Throws AuditError `WorkDataChanged` when it is not what was written. */
  async *read(ref: DataRef): AsyncGenerator<Buffer> {
    const blocks =
      'inline' in ref ? Buffer.from(ref.inline, 'base64') : await this.#fetch(ref.bucket, ref.key);
    if (sha256(blocks) !== ref.sha256) {
      throw new AuditError('WorkDataChanged', 'the data between two steps is not what was written');
    }
    yield* readBlocks(blocks);
    giveBack(blocks);
  }

  async #fetch(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!Body) throw new AuditError('WorkDataMissing', `s3://${bucket}/${key} has no body`);
    const { buffer, byteOffset, byteLength } = await Body.transformToByteArray();
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  async #keep(part: string, blocks: Buffer): Promise<DataRef> {
    const ref = { bytes: blocks.length, sha256: sha256(blocks) };
    if (blocks.length <= mostInline) return { inline: blocks.toString('base64'), ...ref };
    const key = `${workPrefix}${this.#name}/${part}.zst`;
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: blocks }));
    return { bucket: this.#bucket, key, ...ref };
  }
}

/** Takes pieces as they come. `finish` keeps the whole; `append` takes blocks made apart, which follow all pieces. */
export class WorkWriter {
  readonly #own = new BlockWriter();
  readonly #apart: Buffer[] = [];
  readonly #keep: (blocks: Buffer) => Promise<DataRef>;

  constructor(keep: (blocks: Buffer) => Promise<DataRef>) {
    this.#keep = keep;
  }

  write(text: string): void {
    this.#own.write(text);
  }

  writeFrame(number: number, bytes: Uint8Array | string): void {
    this.#own.writeFrame(number, bytes);
  }

  append(blocks: readonly Buffer[]): void {
    this.#apart.push(...blocks);
  }

  async finish(): Promise<DataRef> {
    return this.#keep(Buffer.concat([...this.#own.finish(), ...this.#apart]));
  }
}
