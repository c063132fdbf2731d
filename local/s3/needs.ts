import type { NeedInContext } from '../iam/authorizer.ts';
import type { Address } from './address.ts';
import { deleteNeed } from './delete.ts';
import type { OperationName } from './operation.ts';
import { readNeed } from './read.ts';
import { bucketArn, objectArn } from './requests.ts';

/**
 * The permissions an operation needs before anything is done (S3 guide, "Required permissions for Amazon S3 API
 * operations"). The source of a copy and the single keys of DeleteObjects are asked where they are known.
 */
export function needsOf(operation: OperationName, address: Address, ifMatch: boolean): NeedInContext[] {
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
    case 'HeadObject':
      return [readNeed({ bucket, key, ...(versionId !== undefined && { versionId }) })];
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
      return ifMatch ? [object('PutObject'), object('GetObject')] : [object('PutObject')];
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
