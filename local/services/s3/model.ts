import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../../contract.ts';
import type { Bucket, Catalogue, Checksum, Version } from './store-catalogue.ts';

export interface ListRequest {
  bucket: string;
  prefix: string;
  delimiter: string;
  /** where the listing begins: a continuation token goes before `startAfter` */
  startAfter?: string;
  continuationToken?: string;
  /** at most 1,000 */
  maxKeys: number;
}

/** A page: objects and common prefixes in the order of their UTF-8 bytes, together at most `maxKeys`. */
export interface Listing {
  objects: Version[];
  commonPrefixes: string[];
  nextContinuationToken?: string;
}

/** One page of ListObjectsV2 (S3 API reference). Reads one row per answer, whatever lies under a common prefix. */
export function listObjects(catalogue: Catalogue, request: ListRequest): Listing {
  const prefix = Buffer.from(request.prefix);
  const end = prefix.length > 0 ? afterPrefix(prefix) : Buffer.from([0xff]);
  const listing: Listing = { objects: [], commonPrefixes: [] };
  if (request.maxKeys === 0) return listing;

  let from = startOf(request, prefix);
  for (let count = 0; ; count += 1) {
    const version = catalogue.next(request.bucket, from, end);
    if (!version) return listing;
    if (count === request.maxKeys) return { ...listing, nextContinuationToken: from.toString('base64url') };
    const common = commonPrefix(version.key, request);
    if (common === undefined) listing.objects.push(version);
    else listing.commonPrefixes.push(common);
    from = common === undefined ? afterKey(version.key) : afterPrefix(Buffer.from(common));
  }
}

function startOf({ startAfter, continuationToken }: ListRequest, prefix: Buffer): Buffer {
  if (continuationToken !== undefined && !/^[\w-]+$/.test(continuationToken)) {
    throw new ServiceError('InvalidArgument', 'The continuation token provided is incorrect');
  }
  const start =
    continuationToken !== undefined
      ? Buffer.from(continuationToken, 'base64url')
      : afterKey(startAfter ?? '');
  // Neither a token of another listing nor a start-after in front of the prefix may widen the listing.
  return (startAfter === undefined && continuationToken === undefined) || Buffer.compare(start, prefix) < 0
    ? prefix
    : start;
}

function commonPrefix(key: string, { prefix, delimiter }: ListRequest): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** The first byte string behind a key. */
const afterKey = (key: string) => Buffer.concat([Buffer.from(key), Buffer.from([0])]);

/** The first byte string behind all that begin with a prefix; UTF-8 has no byte 0xff that could overflow. */
function afterPrefix(prefix: Buffer): Buffer {
  const next = Buffer.from(prefix);
  next[next.length - 1] = (next.at(-1) ?? 0) + 1;
  return next;
}

const failed = (condition: string) =>
  new ServiceError(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
    412,
  );

/** Whether one of a list of quoted entity tags, or `*`, is that of the object. */
function matches(header: string, { etag }: Version): boolean {
  return header.split(',').some(tag => {
    const value = tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return value === '*' || value === etag;
  });
}

/**
 * Conditional writes (S3 guide, "Conditional writes"): If-None-Match: * wants that there is no object, If-Match that
 * there is exactly this one. `existing`: the latest version, no delete marker. Must be asked in the same tick the
 * version is stored in. Throws PreconditionFailed, NoSuchKey or NotImplemented.
 */
export function checkWrite(headers: IncomingHttpHeaders, existing: Version | undefined): void {
  const none = headers['if-none-match'];
  const match = headers['if-match'];
  if (none !== undefined && none !== '*') {
    throw new ServiceError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented: If-None-Match of a write takes * only',
      501,
    );
  }
  if (none !== undefined && existing) throw failed('If-None-Match');
  if (match === undefined) return;
  if (!existing) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
  if (!matches(match, existing)) throw failed('If-Match');
}

/** Conditional reads (RFC 9110, section 13). `not modified` is to be answered with 304. Throws PreconditionFailed. */
export function checkRead(headers: IncomingHttpHeaders, version: Version): 'read' | 'not modified' {
  const none = headers['if-none-match'];
  const match = headers['if-match'];
  if (match !== undefined && !matches(match, version)) throw failed('If-Match');
  return none !== undefined && matches(none, version) ? 'not modified' : 'read';
}

/** First and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * One range of a Range header, of an object of `size` bytes: `bytes=0-9`, `bytes=10-` or `bytes=-5` (RFC 9110, section
 * 14.1.2). Undefined without header. Throws InvalidRange (416) when no byte lies in it, NotImplemented for several.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) {
    throw notImplemented(`the range ${header}`);
  }
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { start, end };
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

/** What S3 has and the embedded one has not. */
export function notImplemented(what: string): ServiceError {
  return new ServiceError('NotImplemented', `${what} is not implemented by the embedded S3`, 501);
}
