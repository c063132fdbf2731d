import { ServiceError } from '../contract.ts';
import type { Catalogue, Version } from './catalogue.ts';

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
