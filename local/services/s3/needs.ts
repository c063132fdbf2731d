import type { IncomingHttpHeaders } from 'node:http';
import type { KeyAction } from '../../contract.ts';
import type { NeedInContext } from '../../iam/authorizer.ts';
import { deleteNeed } from './delete.ts';
import type { Address, OperationName } from './inputs.ts';
import { readNeed } from './read.ts';
import { bucketArn, objectArn } from './request.ts';

/** With a bucket key, and for the parts of a multipart upload, S3 reads a key that was made before (S3 API, PutObject). */
const toWrite: readonly KeyAction[] = ['kms:GenerateDataKey', 'kms:Decrypt'];

/**
 * The permissions an operation needs before anything is done, on what is addressed and on its key (S3 guide, "Required
 * permissions for Amazon S3 API operations"). The source of a copy and the single keys of DeleteObjects are asked where
 * they are known.
 */
export function needsOf(
  operation: OperationName,
  address: Address,
  headers: IncomingHttpHeaders,
): NeedInContext[] {
  const { bucket = '', key = '', query } = address;
  const versionId = query.get('versionId') ?? undefined;
  const object = (action: string) => ({ action: `s3:${action}`, resource: objectArn(bucket, key) });
  switch (operation) {
    case 'ListBuckets':
      return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
    case 'HeadBucket':
      return [{ action: 's3:ListBucket', resource: bucketArn(bucket) }];
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
    case 'DeleteObjects':
      return [];
    case 'AbortMultipartUpload':
      return [object('AbortMultipartUpload')];
    case 'PutObject':
    case 'CopyObject':
    case 'CreateMultipartUpload':
    case 'UploadPart':
    case 'CompleteMultipartUpload':
      // A write on condition of an ETag tells what is stored, so it needs the right to read, too.
      return headers['if-match'] === undefined
        ? [{ ...object('PutObject'), key: toWrite }]
        : [{ ...object('PutObject'), key: toWrite }, object('GetObject')];
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
