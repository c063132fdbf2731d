import { ServiceError } from '../../contract.ts';
import { createHasher } from '../../hashes.ts';
import { openUpload } from './body.ts';
import { readCopySource } from './inputs.ts';
import { checkWrite } from './model.ts';
import { findVersion, readContent, readNeed } from './read.ts';
import { currentObject, type Operation, objectHeaders } from './request.ts';
import { checksumHeaders, storeObject, versionHeaders } from './store-object.ts';
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
