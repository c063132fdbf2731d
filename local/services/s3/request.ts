import type { ObjectCreated } from '../../contract.ts';
import { ServiceError } from '../../contract.ts';
import type { Exchange } from '../../gateway/gateway.ts';
import type { NeedInContext } from '../../iam/authorizer.ts';
import type { Bucket, Catalogue, Version } from './store.ts';
import type { Contents } from './store-contents.ts';
import type { Uploads } from './store-uploads.ts';

/** What the operations work on. */
export interface Store {
  catalogue: Catalogue;
  uploads: Uploads;
  contents: Contents;
  onObjectCreated: (object: ObjectCreated) => void;
}

/** A request whose operation is known and allowed. `key` is empty where the operation is about a bucket. */
export interface S3Request extends Exchange {
  bucket: Bucket;
  key: string;
  query: URLSearchParams;
}

export type Operation = (store: Store, request: S3Request) => Promise<void>;

export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

/** Why the caller may not do this, if so; asked where the answer only shapes an error or one entry of a list. */
export function denialOf({ authorizer, caller }: Exchange, need: NeedInContext): ServiceError | undefined {
  try {
    authorizer.authorize(caller, [need]);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

/** The object of a key as a reader sees it: no delete marker. */
export function currentObject({ catalogue }: Store, bucket: string, key: string): Version | undefined {
  const version = catalogue.latest(bucket, key);
  return version?.marker ? undefined : version;
}

/** Headers that S3 keeps with an object and gives back: content-type and its kin, and x-amz-meta-*. */
export function objectHeaders({ request: { headers } }: Exchange): Record<string, string> {
  const kept: Record<string, string> = {};
  const names = [
    'cache-control',
    'content-disposition',
    'content-encoding',
    'content-language',
    'content-type',
    'expires',
  ];
  for (const [name, value] of Object.entries(headers)) {
    if (names.includes(name) || name.startsWith('x-amz-meta-')) kept[name] = String(value);
  }
  // aws-chunked is the framing of the upload, which was taken off.
  const encoding = (kept['content-encoding'] ?? '')
    .split(/\s*,\s*/)
    .filter(part => part && part !== 'aws-chunked');
  delete kept['content-encoding'];
  if (encoding.length > 0) kept['content-encoding'] = encoding.join(',');

  const metadata = Object.entries(kept).filter(([name]) => name.startsWith('x-amz-meta-'));
  const bytes = metadata.reduce(
    (sum, [name, value]) => sum + name.length - 'x-amz-meta-'.length + Buffer.byteLength(value),
    0,
  );
  if (bytes > 2048) {
    throw new ServiceError(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size of 2048 bytes',
    );
  }
  return { 'content-type': 'binary/octet-stream', ...kept };
}
