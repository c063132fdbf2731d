import type { CallOptions, Resource } from '../../building/record.ts';
import { production } from './cast.ts';

/** What the incident's calls are made on: requests and resources in the shapes the services log. */

export const ledger = 'harbour-ledger';
export const exportsBucket = 'harbour-exports';

export function onBucket(bucket: string, request: Record<string, unknown> = {}): CallOptions {
  return {
    request: { bucketName: bucket, Host: `${bucket}.s3.amazonaws.com`, ...request },
    resources: [{ accountId: production, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` }],
    host: `${bucket}.s3.amazonaws.com`,
  };
}

/** A data event: of trails that log S3 objects too. */
export function onObject(bucket: string, key: string): CallOptions {
  const object: Resource = { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` };
  const { resources = [], ...options } = onBucket(bucket, { key });
  return { ...options, data: true, resources: [object, ...resources] };
}

export const ledgerKey = `arn:aws:kms:us-east-1:${production}:key/1b2c3d4e-5f60-4718-9a2b-examplekey01`;

export function decryptOf(object: string): CallOptions {
  return {
    request: {
      encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::${ledger}/${object}` },
      encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    },
    resources: [{ accountId: production, type: 'AWS::KMS::Key', ARN: ledgerKey }],
  };
}

/** IAM is global: its calls are logged in us-east-1 under one host. */
export function iam(
  request: Record<string, unknown> | null = null,
  response: Record<string, unknown> | null = null,
): CallOptions {
  return { request, response, host: 'iam.amazonaws.com' };
}

export function denied(options: CallOptions, code: string, message: string): CallOptions {
  return { ...options, response: null, error: [code, message] };
}
