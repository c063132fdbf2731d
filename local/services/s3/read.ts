import { closeSync, createReadStream, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../../contract.ts';
import type { Exchange } from '../../gateway/gateway.ts';
import type { Operation } from './inputs.ts';
import { type ByteRange, checkRead, checksumHeaders, readRange, versionHeaders } from './model.ts';
import { bucketArn, denialOf, type Wanted } from './needs.ts';
import type { Store } from './store.ts';
import type { Bucket, Version } from './store-catalogue.ts';

/**
 * The version a reader asks for. Throws NoSuchBucket, NoSuchVersion, MethodNotAllowed (a delete marker by its id) or
 * NoSuchKey, which a caller who may not list the bucket sees as AccessDenied (GetObject, "Permissions").
 */
export function findVersion(
  store: Store,
  exchange: Exchange,
  wanted: Wanted,
): { bucket: Bucket; version: Version } {
  const { catalogue } = store;
  const bucket = findBucket(store, wanted.bucket);
  const { key, versionId } = wanted;
  const version =
    versionId === undefined
      ? catalogue.latest(bucket.name, key)
      : catalogue.version(bucket.name, key, versionId);
  if (version && !version.marker) return { bucket, version };

  const denied = denialOf(exchange, { action: 's3:ListBucket', resource: bucketArn(bucket.name) });
  if (denied) throw denied;
  if (version) exchange.response.setHeader('x-amz-delete-marker', 'true');
  if (versionId === undefined)
    throw new ServiceError('NoSuchKey', `The specified key does not exist: ${key}`, 404);
  if (!version) throw new ServiceError('NoSuchVersion', 'The specified version does not exist.', 404);
  throw new ServiceError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    405,
  );
}

export function findBucket({ catalogue }: Store, name: string): Bucket {
  const bucket = catalogue.bucket(name);
  if (!bucket) throw new ServiceError('NoSuchBucket', `The specified bucket does not exist: ${name}`, 404);
  return bucket;
}

/** The bytes of a version. The file is opened at once, so that deleting the version does not cut its readers short. */
export function readContent({ contents }: Store, { content, size }: Version, range?: ByteRange) {
  if (content === null) throw new Error('a delete marker has no content');
  const { start, end } = range ?? { start: 0, end: Math.max(0, size - 1) };
  return createReadStream('', { fd: contents.open(content), start, end, highWaterMark: 256 * 1024 });
}

/** Bytes that are read in one piece: a stream takes longer than the reading. */
const atOnce = 256 * 1024;

function contentAtOnce({ contents }: Store, { content }: Version, start: number, length: number): Buffer {
  if (content === null) throw new Error('a delete marker has no content');
  const opened = contents.open(content);
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(opened, bytes, 0, length, start));
  } finally {
    closeSync(opened);
  }
}

/** GetObject and HeadObject. */
export const getObject: Operation = async (store, exchange) => {
  const { request, response, bucket, key, query } = exchange;
  const versionId = query.get('versionId');
  const { version } = findVersion(store, exchange, {
    bucket: bucket.name,
    key,
    ...(versionId !== null && { versionId }),
  });
  if (checkRead(request.headers, version) === 'not modified') {
    response.writeHead(304, { etag: `"${version.etag}"` }).end();
    return;
  }
  const range = readRange(request.headers.range, version.size);
  const length = range ? range.end - range.start + 1 : version.size;
  response.writeHead(range ? 206 : 200, {
    ...version.headers,
    ...versionHeaders(bucket, version),
    'last-modified': new Date(version.modified).toUTCString(),
    'accept-ranges': 'bytes',
    'content-length': length,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${version.size}` }),
    // The checksum of the whole does not fit a part, and the SDK would hold it against it.
    ...(request.headers['x-amz-checksum-mode'] && !range && checksumHeaders(version.checksum)),
  });
  if (request.method === 'HEAD' || length === 0) {
    response.end();
    return;
  }
  // A client that went away in between needs no content, and a file opened for it would stay open.
  if (response.destroyed) return;
  if (length <= atOnce) {
    response.end(contentAtOnce(store, version, range?.start ?? 0, length));
    store.served.add(bucket.name, length);
    return;
  }
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      store.served.add(bucket.name, chunk.length);
      yield chunk;
    }
  };
  await pipeline(readContent(store, version, range), counted, response);
};
