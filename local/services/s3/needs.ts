import type { IncomingHttpHeaders } from 'node:http';
import { type Need, ServiceError, toStore } from '../../contract.ts';
import type { Exchange } from '../../gateway/gateway.ts';
import type { Address, OperationName } from './inputs.ts';

/**
 * The permissions an operation needs before anything is done, on what is addressed and on its key (S3 guide, "Required
 * permissions for Amazon S3 API operations"). The source of a copy is asked where it is known.
 */
export function needsOf(operation: OperationName, address: Address, headers: IncomingHttpHeaders): Need[] {
  const { bucket = '', key = '', query } = address;
  const versionId = query.get('versionId') ?? undefined;
  const object = (action: string) => ({ action: `s3:${action}`, resource: objectArn(bucket, key) });
  switch (operation) {
    case 'ListBuckets':
      return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
    case 'ListObjectsV2':
      return [{ action: 's3:ListBucket', resource: bucketArn(bucket), context: listContext(query) }];
    case 'GetObject':
      return [readNeed({ bucket, key, ...(versionId !== undefined && { versionId }) })];
    case 'HeadObject': {
      const { key: toRead, ...need } = readNeed({
        bucket,
        key,
        ...(versionId !== undefined && { versionId }),
      });
      // Only a checksum is kept encrypted with the object (S3 API, HeadObject).
      return [{ ...need, ...(headers['x-amz-checksum-mode'] !== undefined && toRead && { key: toRead }) }];
    }
    case 'DeleteObject':
      return [deleteNeed(bucket, key, versionId)];
    case 'AbortMultipartUpload':
      return [object('AbortMultipartUpload')];
    case 'PutObject':
    case 'CopyObject':
    case 'CreateMultipartUpload':
    case 'UploadPart':
    case 'CompleteMultipartUpload':
      // With a bucket key, and for parts, S3 reads a key that was made before (S3 API, PutObject).
      // A write on condition of an ETag tells what is stored, so it needs the right to read, too.
      return headers['if-match'] === undefined
        ? [{ ...object('PutObject'), key: toStore }]
        : [{ ...object('PutObject'), key: toStore }, object('GetObject')];
  }
}

function listContext(query: URLSearchParams): Record<string, string> {
  const context: Record<string, string> = {};
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(name);
    if (value !== null) context[`s3:${name}`] = value;
  }
  return context;
}

export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

export interface Wanted {
  bucket: string;
  key: string;
  versionId?: string;
}

/** What reading an object needs (S3 guide, "Required permissions for Amazon S3 API operations"). */
export function readNeed({ bucket, key, versionId }: Wanted): Need {
  const object = { resource: objectArn(bucket, key), key: ['kms:Decrypt'] as const };
  return versionId === undefined
    ? { action: 's3:GetObject', ...object }
    : { action: 's3:GetObjectVersion', ...object, context: { 's3:versionid': versionId } };
}

/** What deleting an object takes, or one of its versions for good. */
export function deleteNeed(bucket: string, key: string, versionId: string | undefined): Need {
  const resource = objectArn(bucket, key);
  return versionId === undefined
    ? { action: 's3:DeleteObject', resource }
    : { action: 's3:DeleteObjectVersion', resource, context: { 's3:versionid': versionId } };
}

/** Why the caller may not do this, if so; asked where the answer only shapes an error or one entry of a list. */
export function denialOf({ authorizer, caller }: Exchange, need: Need): ServiceError | undefined {
  try {
    authorizer.authorize(caller, [need]);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}
