import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ServiceError } from '../../contract.ts';
import { createHasher } from '../../hashes.ts';
import { decodeChunked } from './chunked.ts';
import { notImplemented } from './model.ts';

/** What is known of a body once all of it came and every checksum sent with it was found right. */
export interface Received {
  size: number;
  /** hex */
  md5: string;
  /** the x-amz-checksum-* sent with it: lower-case algorithm, base64 */
  checksum?: { algorithm: string; value: string };
}

export interface Upload {
  /** The bytes; ends by throwing (BadDigest, IncompleteBody) when they are not those that were announced. */
  chunks: AsyncGenerator<Buffer>;
  /** after the last chunk */
  received(): Received;
}

/** The largest object of a single upload, and the largest part (S3 guide, "Multipart upload limits"). */
const maxUploadBytes = 5 * 1024 ** 3;

const streamings = [
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
];

/**
 * Takes an upload apart as it streams by: plain or `aws-chunked`, with and without trailing checksum. Holds its length,
 * Content-MD5, x-amz-content-sha256 and x-amz-checksum-* (crc32, crc32c, crc64nvme, sha1, sha256) against the bytes.
 * Throws MissingContentLength, InvalidRequest, InvalidDigest, EntityTooLarge or NotImplemented before any byte is read.
 */
export function openUpload(request: IncomingMessage): Upload {
  const { headers } = request;
  const payload = text(headers, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  const streaming = payload.startsWith('STREAMING-');
  if (streaming && !streamings.includes(payload)) {
    throw notImplemented(`an upload with ${payload}`);
  }
  const length = readLength(text(headers, streaming ? 'x-amz-decoded-content-length' : 'content-length'));
  const announced = readAnnounced(headers);
  const md5Wanted = readMd5(text(headers, 'content-md5'));
  const trailers = new Map<string, string>();
  const md5 = createHasher('md5');
  const checksum = announced && createHasher(announced.algorithm);
  const sha256 = /^[0-9a-f]{64}$/.test(payload) ? createHasher('sha256') : undefined;
  let received: Received | undefined;

  async function* chunks(): AsyncGenerator<Buffer> {
    // A plain iteration would destroy the request when something throws, and with it the way of the answer.
    const source = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    let size = 0;
    for await (const chunk of streaming ? decodeChunked(source, trailers) : source) {
      size += chunk.length;
      if (size > length) break;
      md5.update(chunk);
      checksum?.update(chunk);
      sha256?.update(chunk);
      yield chunk;
    }
    if (size !== length) {
      throw new ServiceError(
        'IncompleteBody',
        `The body is not of the ${length} bytes that its headers say.`,
      );
    }
    const hash = await md5.digest();
    if (md5Wanted && !hash.equals(md5Wanted)) throw badDigest('Content-MD5');
    if (sha256 && (await sha256.digest()).toString('hex') !== payload) throw otherContent();
    received = { size, md5: hash.toString('hex') };
    if (announced && checksum) {
      const value = (await checksum.digest()).toString('base64');
      const wanted = announced.value ?? trailers.get(`x-amz-checksum-${announced.algorithm}`);
      if (wanted === undefined) {
        throw new ServiceError(
          'MalformedTrailerError',
          `the trailing header x-amz-checksum-${announced.algorithm} was announced and did not come`,
        );
      }
      if (wanted !== value) throw badDigest(announced.algorithm.toUpperCase());
      received.checksum = { algorithm: announced.algorithm, value };
    }
  }

  return {
    chunks: chunks(),
    received() {
      if (!received) throw new Error('the upload has not been read to its end');
      return received;
    },
  };
}

const text = (headers: IncomingHttpHeaders, name: string): string | undefined => headers[name]?.toString();

function readLength(value: string | undefined): number {
  // S3 takes no upload of unknown length, and a default of zero would store nothing of it.
  if (value === undefined) {
    throw new ServiceError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  const length = Number(value);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new ServiceError('InvalidArgument', `${value} is not a length`);
  }
  if (length > maxUploadBytes) {
    throw new ServiceError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.');
  }
  return length;
}

/** The one checksum of the headers or announced as trailer. */
function readAnnounced(headers: IncomingHttpHeaders): { algorithm: string; value?: string } | undefined {
  const prefix = 'x-amz-checksum-';
  const inHeaders = Object.keys(headers)
    .filter(name => name.startsWith(prefix) && name !== `${prefix}type`)
    .map(name => ({ algorithm: name.slice(prefix.length), value: String(headers[name]) }));
  const trailing = (text(headers, 'x-amz-trailer') ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
    .filter(Boolean);
  const inTrailer = trailing.map(name => {
    if (!name.startsWith(prefix)) throw notImplemented(`the trailing header ${name}`);
    return { algorithm: name.slice(prefix.length) };
  });
  const all = [...inHeaders, ...inTrailer];
  if (all.length > 1) {
    throw new ServiceError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const named = text(headers, 'x-amz-sdk-checksum-algorithm')?.toLowerCase();
  if (named && all[0] && all[0].algorithm !== named) {
    throw new ServiceError('InvalidRequest', 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  return all[0];
}

function readMd5(value: string | undefined): Buffer | undefined {
  if (value === undefined) return undefined;
  const hash = Buffer.from(value, 'base64');
  if (hash.length !== 16)
    throw new ServiceError('InvalidDigest', 'The Content-MD5 you specified is not valid.');
  return hash;
}

/** The body is not the one whose hash is signed. */
export function otherContent(): ServiceError {
  return new ServiceError(
    'XAmzContentSHA256Mismatch',
    'The provided x-amz-content-sha256 header does not match what was computed.',
  );
}

function badDigest(name: string): ServiceError {
  return new ServiceError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}
