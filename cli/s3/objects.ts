import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  type _Object as Listed,
  ListObjectsV2Command,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import type { StoredObject } from '../../core/digests/verify-digest.ts';
import { bounded } from '../../steps/runtime/clients.ts';
import { UsageError } from '../failure.ts';
import type { Bytes } from '../inputs/bytes.ts';
import { ObjectError, type S3Object } from '../inputs/s3-object.ts';
import type { Walked, WalkedFile } from '../inputs/walk.ts';
import { AccessRefused } from '../queries/store.ts';
import { listFailure, readFailure } from './failures.ts';

/**
 * Objects in S3, as files. Credentials, Region, profile and endpoint come from the environment as for every AWS SDK (AWS SDKs
 * reference guide). Nothing is written, there or here.
 */
export class Objects {
  readonly #s3: S3Client;

  constructor(environment: NodeJS.ProcessEnv = process.env) {
    // A bucket's name as host name does not resolve at an emulator's address.
    const forcePathStyle = Boolean(environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL);
    this.#s3 = new S3Client({ ...bounded, forcePathStyle });
  }

  /**
   * The object of this address, or all below it as below a folder. Throws UsageError for an address that is none, a bucket that is not there
   * or may not be listed; CliError where there are no credentials, and what else S3 says.
   */
  async walk(url: string, signal: AbortSignal): Promise<Walked> {
    const { bucket, key: prefix } = placeOf(url);
    try {
      return { files: await this.#list(bucket, prefix, signal), others: [] };
    } catch (error) {
      throw signal.aborted ? error : listFailure(error, url, bucket);
    }
  }

  /** Each reading fetches it again, if it is still the same. Throws ObjectError, and CliError for what concerns others too. */
  bytes(object: S3Object): Bytes {
    const get = (range?: string) => this.#get(object, range);
    async function* stream(range?: string): AsyncGenerator<Buffer> {
      yield* bodyOf(await get(range), object);
    }
    const head = async (most: number) => Buffer.concat(await Array.fromAsync(stream(`bytes=0-${most - 1}`)));
    return {
      size: object.size,
      // S3 has no range of nothing.
      head: async most => (object.size === 0 ? Buffer.alloc(0) : head(most)),
      stream: () => stream(),
    };
  }

  /** The object with its metadata, as a trail bucket gives it; null: it is not there any more. Throws AccessRefused, and as `bytes`. */
  async open(object: S3Object): Promise<StoredObject | null> {
    try {
      const found = await this.#get(object);
      const { signature = null, 'backfill-generation-timestamp': generated = null } = found.Metadata ?? {};
      return { etag: object.etag, head: { signature, generated }, body: bodyOf(found, object) };
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
      if (error.name === 'ObjectNotFound' || error.name === 'ObjectChanged') return null;
      throw new AccessRefused(error.message, { cause: error });
    }
  }

  async #get({ url, etag }: S3Object, Range?: string): Promise<GetObjectCommandOutput> {
    const { bucket: Bucket, key: Key } = placeOf(url);
    try {
      return await this.#s3.send(new GetObjectCommand({ Bucket, Key, IfMatch: `"${etag}"`, Range }));
    } catch (error) {
      throw readFailure(error, url);
    }
  }

  async #list(bucket: string, prefix: string, signal: AbortSignal): Promise<WalkedFile[]> {
    const abort = { abortSignal: signal };
    if (prefix !== '' && !prefix.endsWith('/')) {
      const asked = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 });
      const [first] = (await this.#s3.send(asked, abort)).Contents ?? [];
      if (first?.Key === prefix) return [this.#fileOf(bucket, first, prefix.lastIndexOf('/') + 1)];
    }
    // As of a folder: `logs` leads to nothing in `logs-old/`.
    const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    const files: WalkedFile[] = [];
    const pages = paginateListObjectsV2({ client: this.#s3 }, { Bucket: bucket, Prefix: folder }, abort);
    // What S3's console makes for a folder.
    for await (const { Contents = [] } of pages)
      for (const listed of Contents)
        if (!listed.Key?.endsWith('/') || listed.Size)
          files.push(this.#fileOf(bucket, listed, folder.length));
    return files;
  }

  /** `from`: where its place below what was named begins in its key. */
  #fileOf(bucket: string, { Key = '', Size = 0, ETag = '' }: Listed, from: number): WalkedFile {
    const url = `s3://${bucket}/${Key}`;
    const object = { url, etag: ETag.replaceAll('"', ''), size: Size };
    return { file: url, key: Key.slice(from), size: Size, object, bytes: this.bytes(object) };
  }
}

async function* bodyOf({ Body }: GetObjectCommandOutput, { url }: S3Object): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of Body as Readable) yield chunk as Buffer;
  } catch (error) {
    throw readFailure(error, url);
  }
}

/** A bucket's name has no slash; a key may have any character. */
function placeOf(url: string): { bucket: string; key: string } {
  const [, bucket, key = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/s.exec(url) ?? [];
  if (bucket === undefined) throw new UsageError(`${url} is no address in S3: s3://BUCKET/PREFIX`);
  return { bucket, key };
}
