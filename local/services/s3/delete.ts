import { ServiceError } from '../../contract.ts';
import type { NeedInContext } from '../../iam/authorizer.ts';
import { openUpload } from './body.ts';
import { checkWrite } from './model.ts';
import { currentObject, denialOf, type Operation, objectArn, type Store } from './request.ts';
import type { Bucket } from './store.ts';
import { newVersionId } from './store-object.ts';
import {
  answerXml,
  childrenOf,
  type Element,
  malformed,
  onlyElements,
  parseDocument,
  textOf,
} from './xml.ts';

/** What was deleted: a version for good, or, in a versioned bucket, the object under a new delete marker. */
interface Deleted {
  versionId?: string;
  deleteMarker?: true;
}

export function deleteNeed(bucket: string, key: string, versionId: string | undefined): NeedInContext {
  const resource = objectArn(bucket, key);
  return versionId === undefined
    ? { action: 's3:DeleteObject', resource }
    : { action: 's3:DeleteObjectVersion', resource, context: { 's3:versionid': versionId } };
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

export const deleteObject: Operation = async (store, { request, response, bucket, key, query }) => {
  if (request.headers['if-match'] !== undefined)
    checkWrite(request.headers, currentObject(store, bucket.name, key));
  const { versionId, deleteMarker } = await remove(store, bucket, key, query.get('versionId') ?? undefined);
  if (versionId !== undefined) response.setHeader('x-amz-version-id', versionId);
  if (deleteMarker) response.setHeader('x-amz-delete-marker', 'true');
  response.writeHead(204).end();
};

/** DeleteObjects: up to 1,000 keys, each allowed or denied by itself. */
export const deleteObjects: Operation = async (store, exchange) => {
  const { request, response, bucket } = exchange;
  const upload = openUpload(request);
  const pieces: Buffer[] = [];
  for await (const chunk of upload.chunks) pieces.push(chunk);
  const body = Buffer.concat(pieces).toString('utf8');
  // S3 wants a checksum of this body: half of it would still be a list of objects to delete.
  if (request.headers['content-md5'] === undefined && !upload.received().checksum) {
    throw new ServiceError(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  }
  const document = parseDocument(body, 'Delete');
  onlyElements(document, ['Object', 'Quiet']);
  const quiet = textOf(document, 'Quiet') === 'true';
  const objects = childrenOf(document, 'Object').map(object => {
    onlyElements(object, ['Key', 'VersionId']);
    const key = textOf(object, 'Key');
    if (!key) throw malformed();
    return { key, versionId: textOf(object, 'VersionId') };
  });
  if (objects.length === 0 || objects.length > 1000) throw malformed();

  const results: Element[] = [];
  for (const { key, versionId } of objects) {
    const named: Element[] = [
      ['Key', key],
      ...(versionId ? [['VersionId', versionId] satisfies Element] : []),
    ];
    const denied = denialOf(exchange, deleteNeed(bucket.name, key, versionId));
    if (denied) {
      results.push(['Error', [...named, ['Code', denied.code], ['Message', denied.message]]]);
      continue;
    }
    const deleted = await remove(store, bucket, key, versionId);
    if (quiet) continue;
    if (deleted.deleteMarker && deleted.versionId) {
      named.push(['DeleteMarker', true], ['DeleteMarkerVersionId', deleted.versionId]);
    }
    results.push(['Deleted', named]);
  }
  answerXml(response, 'DeleteResult', results);
};
