import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { ServiceError } from '../../contract.ts';
import { createHasher } from '../../hashes.ts';
import { openUpload } from './body.ts';
import { checkKey, type Operation, objectHeaders, readCopySource } from './inputs.ts';
import { checksumHeaders, checkWrite, versionHeaders } from './model.ts';
import { readNeed } from './needs.ts';
import { findBucket, findVersion, readContent } from './read.ts';
import { currentObject, type Store } from './store.ts';
import type { Bucket, Checksum, Version } from './store-catalogue.ts';
import { answerXml } from './xml.ts';

/** PutObject. The answer is sent once the object can be read. */
export const putObject: Operation = async (store, exchange) => {
  const { request, response, bucket, key } = exchange;
  const headers = objectHeaders(exchange);
  const upload = openUpload(request);
  // Asked again when the object is stored; asked first, so that a lost race is not paid for with a whole upload.
  checkWrite(request.headers, currentObject(store, bucket.name, key));
  const content = await store.contents.write(upload.chunks);
  const { size, md5, checksum } = upload.received();
  const version = await storeObject(
    store,
    bucket,
    {
      key,
      content,
      size,
      etag: md5,
      headers,
      ...(checksum && { checksum: { ...checksum, type: 'FULL_OBJECT' } }),
    },
    request.headers,
  );
  const answer = {
    ...versionHeaders(bucket, version),
    ...checksumHeaders(version.checksum),
    'content-length': 0,
  };
  response.writeHead(200, answer).end();
};

/** An object that this process stores itself: whoever holds the cloud is its operator, and signs nothing to itself. */
export interface OwnObject {
  bucket: string;
  key: string;
  body: Buffer;
}

/** What PutObject answers of it; `etag` without quotes. */
export interface StoredObject {
  etag: string;
  versionId?: string;
}

/** PutObject without a request: stored and announced like any other. Throws ServiceError `NoSuchBucket`, `KeyTooLongError`. */
export async function storeOwn(store: Store, { bucket: name, key, body }: OwnObject): Promise<StoredObject> {
  checkKey(key);
  const bucket = findBucket(store, name);
  const content = await store.contents.write(Readable.from([body], { objectMode: true }));
  const etag = createHash('md5').update(body).digest('hex');
  const headers = { 'content-type': 'binary/octet-stream' };
  const version = await storeObject(store, bucket, { key, content, size: body.length, etag, headers }, {});
  return { etag, ...(bucket.versioned && { versionId: version.versionId }) };
}

/** CopyObject within the store. The caller's right to read the source is asked here, to write was asked before. */
export const copyObject: Operation = async (store, target) => {
  const { request, response, bucket, key, authorizer, caller } = target;
  const source = readCopySource(String(request.headers['x-amz-copy-source']));
  const directive = request.headers['x-amz-metadata-directive'] ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new ServiceError('InvalidArgument', `Unknown metadata directive: ${directive}`);
  }
  authorizer.authorize(caller, [readNeed(source)]);
  const { bucket: from, version } = findVersion(store, target, source);
  if (directive === 'COPY' && from.name === bucket.name && source.key === key && !source.versionId) {
    throw new ServiceError(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing its metadata.',
    );
  }
  const md5 = createHasher('md5');
  const content = await store.contents.write(
    (async function* () {
      for await (const chunk of readContent(store, version)) {
        md5.update(chunk);
        yield chunk;
      }
    })(),
  );
  const etag = (await md5.digest()).toString('hex');
  const headers = directive === 'COPY' ? version.headers : objectHeaders(target);
  const { size, checksum } = version;
  // A checksum of parts says nothing about the copy, which is one piece.
  const whole = checksum?.type === 'FULL_OBJECT' ? { checksum } : {};
  const copy = await storeObject(
    store,
    bucket,
    { key, content, size, etag, headers, ...whole },
    request.headers,
  );
  if (from.versioned) response.setHeader('x-amz-copy-source-version-id', version.versionId);
  if (bucket.versioned) response.setHeader('x-amz-version-id', copy.versionId);
  answerXml(response, 'CopyObjectResult', [
    ['ETag', `"${etag}"`],
    ['LastModified', new Date(copy.modified).toISOString()],
  ]);
};

export interface NewObject {
  key: string;
  content: string;
  size: number;
  etag: string;
  headers: Record<string, string>;
  checksum?: Checksum;
}

/** As long as S3's own, and as opaque. */
export const newVersionId = () => randomBytes(24).toString('base64url');

/**
 * Makes content an object of a bucket, if the conditions of the request still hold, and announces it. Check and commit
 * happen in one tick: of many conditional writes at once exactly one wins. On a failure the content is removed.
 */
export async function storeObject(
  store: Store,
  bucket: Bucket,
  object: NewObject,
  conditions: IncomingHttpHeaders,
): Promise<Version> {
  const { catalogue, contents, onObjectCreated } = store;
  const version: Version = {
    ...object,
    bucket: bucket.name,
    versionId: bucket.versioned ? newVersionId() : 'null',
    marker: false,
    modified: Date.now(),
  };
  let replaced: string | null;
  try {
    checkWrite(conditions, currentObject(store, bucket.name, object.key));
    replaced = catalogue.put(version);
  } catch (error) {
    await contents.remove(object.content);
    throw error;
  }
  if (replaced) await contents.remove(replaced);
  onObjectCreated({
    bucket: bucket.name,
    key: object.key,
    size: object.size,
    etag: object.etag,
    ...(bucket.versioned && { versionId: version.versionId }),
    time: new Date(version.modified).toISOString(),
  });
  return version;
}

/** What was deleted: a version for good, or, in a versioned bucket, the object under a new delete marker. */
interface Deleted {
  versionId?: string;
  deleteMarker?: true;
}

/** What is not there counts as deleted, as in S3. */
async function remove(store: Store, bucket: Bucket, key: string, versionId?: string): Promise<Deleted> {
  const { catalogue, contents } = store;
  if (bucket.versioned && versionId === undefined) {
    const marker = { bucket: bucket.name, key, versionId: newVersionId(), marker: true, content: null };
    catalogue.put({ ...marker, size: 0, etag: '', modified: Date.now(), headers: {} });
    return { versionId: marker.versionId, deleteMarker: true };
  }
  const version = catalogue.version(bucket.name, key, versionId ?? 'null');
  if (version) {
    catalogue.remove(version);
    if (version.content) await contents.remove(version.content);
  }
  return { ...(versionId !== undefined && { versionId }), ...(version?.marker && { deleteMarker: true }) };
}

/** DeleteObject. */
export const deleteObject: Operation = async (store, { request, response, bucket, key, query }) => {
  if (request.headers['if-match'] !== undefined)
    checkWrite(request.headers, currentObject(store, bucket.name, key));
  const { versionId, deleteMarker } = await remove(store, bucket, key, query.get('versionId') ?? undefined);
  if (versionId !== undefined) response.setHeader('x-amz-version-id', versionId);
  if (deleteMarker) response.setHeader('x-amz-delete-marker', 'true');
  response.writeHead(204).end();
};
