import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DataRef } from '../contract.ts';
import { AuditError } from '../errors.ts';
import { workPrefix } from '../tables.ts';

/** Larger gzip goes to the work bucket; a payload holds up to four such references and stays below 262,144 bytes. */
const mostInline = 40 * 1024;
// Node's default of 16 KB costs about 2.7 times the time.
const chunkSize = 256 * 1024;

/** Data between two steps: written as text, kept gzipped, inline or as one object of the work bucket. */
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

  /** Starts a piece of data. Its memory is that of the gzip, not of the text. `part` tells pieces of one step apart. */
  writer(part: string): WorkWriter {
    return new WorkWriter(bytes => this.#keep(part, bytes));
  }

  /** The text of a reference, in chunks. Throws AuditError `WorkDataChanged` when it is not what was written. */
  async *read(ref: DataRef): AsyncGenerator<Buffer> {
    const gzip = 'inline' in ref ? Buffer.from(ref.inline, 'base64') : await this.#fetch(ref.bucket, ref.key);
    if (sha256(gzip) !== ref.sha256) {
      throw new AuditError('WorkDataChanged', 'the data between two steps is not what was written');
    }
    yield* Readable.from([gzip]).pipe(createGunzip({ chunkSize })) as AsyncIterable<Buffer>;
  }

  async #fetch(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!Body) throw new AuditError('WorkDataMissing', `s3://${bucket}/${key} has no body`);
    return Buffer.from(await Body.transformToByteArray());
  }

  async #keep(part: string, gzip: Buffer): Promise<DataRef> {
    const ref = { bytes: gzip.length, sha256: sha256(gzip) };
    if (gzip.length <= mostInline) return { inline: gzip.toString('base64'), ...ref };
    const key = `${workPrefix}${this.#name}/${part}.gz`;
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: gzip }));
    return { bucket: this.#bucket, key, ...ref };
  }
}

/** Gzips text as it comes. `finish` keeps the whole; `members` are gzips made apart that go before what is pending. */
export class WorkWriter {
  readonly #gzip = new GzipText();
  readonly #members: Buffer[] = [];
  readonly #keep: (gzip: Buffer) => Promise<DataRef>;

  constructor(keep: (gzip: Buffer) => Promise<DataRef>) {
    this.#keep = keep;
  }

  /** Takes text; resolves when it may take more. */
  write(text: string): Promise<void> {
    return this.#gzip.write(text);
  }

  /** Takes a finished gzip whose text follows all text written: members of one gzip file may follow each other. */
  append(member: Buffer): void {
    this.#members.push(member);
  }

  async finish(): Promise<DataRef> {
    return this.#keep(Buffer.concat([await this.#gzip.finish(), ...this.#members]));
  }
}

/** Text in, gzip out; memory is that of the gzip. */
export class GzipText {
  readonly #gzip = createGzip({ level: 3, chunkSize });
  readonly #chunks: Buffer[] = [];
  readonly #done: Promise<void>;
  #pending = '';

  constructor() {
    this.#done = new Promise((resolve, reject) => {
      this.#gzip.on('data', chunk => this.#chunks.push(chunk)).on('end', resolve);
      this.#gzip.on('error', reject);
    });
  }

  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= chunkSize) await this.#flush();
  }

  async finish(): Promise<Buffer> {
    await this.#flush();
    this.#gzip.end();
    await this.#done;
    return Buffer.concat(this.#chunks);
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text && !this.#gzip.write(text)) await new Promise(resolve => this.#gzip.once('drain', resolve));
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
