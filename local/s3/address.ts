import { ServiceError } from '../contract.ts';

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
  if (Buffer.byteLength(key) > 1024) {
    throw new ServiceError('KeyTooLongError', 'Your key is too long: it has more than 1024 bytes.');
  }
  return { query, ...(bucket && { bucket }), ...(key && { key }) };
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
