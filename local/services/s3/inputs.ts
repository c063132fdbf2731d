import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../../contract.ts';
import type { Exchange } from '../../gateway/gateway.ts';
import { notImplemented } from './model.ts';
import type { Store } from './store.ts';
import type { Bucket } from './store-catalogue.ts';

/** Where a request goes. No bucket: the service itself; no key: the bucket. */
export interface Address {
  bucket?: string;
  key?: string;
  query: URLSearchParams;
}

/**
 * Reads bucket and key from the raw request target: path style (`/bucket/key`), or virtual-host style when the host is
 * `bucket.localhost` or `bucket.s3.localhost`. The target is not read as a URL: that would resolve `..` in a key.
 */
export function readAddress(target: string, host: string): Address {
  const [path = '', ...rest] = target.split('?');
  const query = new URLSearchParams(rest.join('?'));
  const hostBucket = /^(.+?)(?:\.s3)?\.localhost(?::\d+)?$/.exec(host)?.[1];
  const bucketEnd = path.indexOf('/', 1);
  const bucket = hostBucket ?? decode(path.slice(1, bucketEnd < 0 ? undefined : bucketEnd));
  const key = decode(path.slice(hostBucket ? 1 : bucketEnd < 0 ? path.length : bucketEnd + 1));
  checkKey(key);
  return { query, ...(bucket && { bucket }), ...(key && { key }) };
}

/** Throws KeyTooLongError. */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024)
    throw new ServiceError('KeyTooLongError', 'Your key is too long: it has more than 1024 bytes.');
}

/** The source of a copy: `bucket/key`, `/bucket/key` or either with `?versionId=...`; the key is URL-encoded. */
export function readCopySource(source: string): { bucket: string; key: string; versionId?: string } {
  const [path = '', version] = source.split(/\?versionId=/);
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(path) ?? [];
  if (!bucket || !key)
    throw new ServiceError('InvalidArgument', `Copy Source must mention a bucket and a key: ${source}`);
  return { bucket: decode(bucket), key: decode(key), ...(version && { versionId: version }) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError(
      'InvalidURI',
      `Couldn't parse the specified URI: ${text} is not URL-encoded UTF-8.`,
    );
  }
}

/** Query parameters and headers with a meaning that an operation understands; every other one is refused. */
interface Shape {
  query: string[];
  headers: string[];
}

const body = [
  'x-amz-checksum-*',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-trailer',
  'x-amz-decoded-content-length',
];
const conditions = ['if-match', 'if-none-match'];

/** S3's operations: what the product calls, and what `aws s3 cp`, `sync`, `ls` and `rm` do. */
export const s3Operations = {
  ListBuckets: { query: [], headers: [] },
  ListObjectsV2: {
    query: [
      'list-type',
      'prefix',
      'delimiter',
      'start-after',
      'continuation-token',
      'max-keys',
      'encoding-type',
    ],
    headers: [],
  },
  PutObject: { query: [], headers: [...body, ...conditions, 'x-amz-meta-*'] },
  GetObject: { query: ['versionId'], headers: [...conditions, 'range', 'x-amz-checksum-mode'] },
  HeadObject: { query: ['versionId'], headers: [...conditions, 'range', 'x-amz-checksum-mode'] },
  DeleteObject: { query: ['versionId'], headers: ['if-match'] },
  CopyObject: {
    query: [],
    headers: ['x-amz-copy-source', 'x-amz-metadata-directive', 'x-amz-meta-*', ...conditions],
  },
  CreateMultipartUpload: {
    query: ['uploads'],
    headers: ['x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-meta-*'],
  },
  UploadPart: { query: ['uploadId', 'partNumber'], headers: body },
  CompleteMultipartUpload: {
    query: ['uploadId'],
    headers: [...body, ...conditions, 'x-amz-checksum-type', 'x-amz-mp-object-size'],
  },
  AbortMultipartUpload: { query: ['uploadId'], headers: [] },
} satisfies Record<string, Shape>;

export type OperationName = keyof typeof s3Operations;

const always = [
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'x-amz-user-agent',
  'x-amz-expected-bucket-owner',
];

/**
 * Which operation a request is, by method, address and query (S3 API reference). Throws NotImplemented, naming the
 * operation, parameter or header, for whatever is not supported.
 */
export function readOperation(method: string, address: Address, headers: IncomingHttpHeaders): OperationName {
  const name = choose(method, address, headers);
  const { query, headers: understood }: Shape = s3Operations[name];
  for (const parameter of address.query.keys()) {
    // x-id names the operation once more; the SDK adds it to tell requests apart in logs.
    if (parameter !== 'x-id' && !query.includes(parameter))
      throw notImplemented(`${name} with ?${parameter}`);
  }
  const names = [...understood, ...always];
  for (const header of Object.keys(headers)) {
    const meaningful = /^(x-amz-|if-|range$)/.test(header);
    const known = names.some(it => (it.endsWith('*') ? header.startsWith(it.slice(0, -1)) : header === it));
    if (meaningful && !known) throw notImplemented(`${name} with the header ${header}`);
  }
  return name;
}

function choose(
  method: string,
  { bucket, key, query }: Address,
  headers: IncomingHttpHeaders,
): OperationName {
  const unsupported = () => {
    const id = query.get('x-id') ?? `${method} of ${key ? 'an object' : bucket ? 'a bucket' : 'the service'}`;
    const parameters = [...query.keys()].filter(parameter => parameter !== 'x-id');
    return notImplemented(parameters.length > 0 ? `${id} with ?${parameters.join('&')}` : id);
  };
  const is = (...wanted: string[]) => wanted.every(parameter => query.has(parameter));
  if (!bucket) {
    if (method === 'GET') return 'ListBuckets';
  } else if (!key) {
    if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2';
  } else if (method === 'PUT') {
    const copy = headers['x-amz-copy-source'] !== undefined;
    if (is('uploadId', 'partNumber')) return 'UploadPart';
    return copy ? 'CopyObject' : 'PutObject';
  } else if (method === 'POST') {
    if (is('uploads')) return 'CreateMultipartUpload';
    if (is('uploadId')) return 'CompleteMultipartUpload';
  } else if (method === 'DELETE') {
    return is('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
  } else if (method === 'HEAD') return 'HeadObject';
  else if (method === 'GET') return 'GetObject';
  throw unsupported();
}

/** A request whose operation is known and allowed. `key` is empty where the operation is about a bucket. */
export interface S3Request extends Exchange {
  bucket: Bucket;
  key: string;
  query: URLSearchParams;
}

export type Operation = (store: Store, request: S3Request) => Promise<void>;

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
