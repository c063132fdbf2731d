import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { checkWrite } from './model.ts';
import { currentObject, type Store } from './request.ts';
import type { Bucket, Checksum, Version } from './store.ts';

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
 * Makes content an object of a bucket, if the conditions of the request still hold, and tells of it. Check and commit
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

/** What every answer about a stored version says of it. */
export function versionHeaders(bucket: Bucket, { etag, versionId }: Version): Record<string, string> {
  return {
    etag: `"${etag}"`,
    ...(bucket.versioned && { 'x-amz-version-id': versionId }),
  };
}

/** None for an object that came without. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': checksum.type };
}
