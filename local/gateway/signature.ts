import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { ServiceError } from '../contract.ts';
import { Sha256 } from '../hashes.ts';

/** A Signature Version 4 as a request's Authorization header gives it. */
export interface Signature {
  accessKeyId: string;
  /** yyyymmdd */
  date: string;
  region: string;
  /** the service's signing name: `s3`, `dynamodb`, `states`, `sqs`, `events` */
  service: string;
  /** names in lower case, in the order of the header */
  signedHeaders: string[];
  /** 64 hexadecimal digits */
  value: string;
}

/**
 * Reads an Authorization header, `AWS4-HMAC-SHA256 Credential=AKID/date/region/service/aws4_request, SignedHeaders=a;b,
 * Signature=hex` (IAM guide, "Elements of an AWS API request signature"). Nothing is verified here.
 *
 * Undefined when there is no header. Throws IncompleteSignatureException for a header of any other kind (SigV4A, SigV2), or
 * one that lacks a part.
 */
export function readSignature(authorization: string | undefined): Signature | undefined {
  if (authorization === undefined) return undefined;
  const part = (name: string) =>
    new RegExp(`^AWS4-HMAC-SHA256\\s(?:.*?[\\s,])?${name}=([^,\\s]+)`).exec(authorization)?.[1];
  // An access key id of one's own choice may hold slashes; the four parts behind it may not.
  const [, accessKeyId, date, region, service] =
    /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(part('Credential') ?? '') ?? [];
  const signedHeaders = part('SignedHeaders')?.toLowerCase().split(';');
  const value = part('Signature');
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !value) {
    // Of a header that was signed otherwise, only its kind is named: what follows may be a secret.
    throw new ServiceError(
      'IncompleteSignatureException',
      `the Authorization header is not an AWS4-HMAC-SHA256 signature with Credential, SignedHeaders and Signature: ${authorization.slice(0, 20)}`,
      403,
    );
  }
  return { accessKeyId, date, region, service, signedHeaders, value };
}

/** What the requests of a caller are signed with. */
export interface SigningKey {
  accessKeyId: string;
  secretAccessKey: string;
  /** of credentials that a role has */
  sessionToken?: string;
}

/** What of a request is signed. */
export interface Signed {
  method: string;
  /** path and query, as they came */
  url: string;
  headers: IncomingHttpHeaders;
  /** SHA-256 of the body in hexadecimal, or the word that S3 takes in its place (`UNSIGNED-PAYLOAD`, `STREAMING-...`) */
  payload: string;
}

/** How far a request's time may be from ours, in milliseconds: 15 minutes (S3 API reference, "RequestTimeTooSkewed"). */
const skew = 15 * 60_000;

/**
 * Checks a request against its Signature Version 4: computed again with the key's secret by AWS's own library, and compared in
 * constant time. `now`: milliseconds since 1970. Resolves when the signature is the key owner's.
 *
 * Throws ServiceError, named as the service names it: the time is off by more than 15 minutes, a header that must be
 * signed is not, the session token is another, or the signature is not that of this request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function verifySignature(
  { method, url, headers, payload }: Signed,
  signature: Signature,
  key: SigningKey,
  now = Date.now(),
): Promise<void> {
  const { service, region, signedHeaders } = signature;
  const time = requestTime(headers, signature, now);
  const unsigned = Object.keys(headers).filter(name => mustBeSigned(name) && !signedHeaders.includes(name));
  if (unsigned.length > 0) throw mismatch(service, `headers that are not signed: ${unsigned.join(', ')}`);
  const absent = signedHeaders.filter(name => headers[name] === undefined);
  if (absent.length > 0) throw mismatch(service, `signed headers that are not there: ${absent.join(', ')}`);
  // Signed or not, another token is another session: the library would put the right one in its place.
  if (!same(text(headers, 'x-amz-security-token'), key.sessionToken ?? '')) throw wrongToken(service);

  const signer = new SignatureV4({
    ...{ credentials: key, region, service, sha256: Sha256, applyChecksum: false },
    // S3 takes a path as it is; for all others what is encoded is encoded once more (IAM guide, canonical URI).
    uriEscapePath: service !== 's3',
  });
  const { path, query } = addressOf(url);
  const covered = Object.fromEntries(signedHeaders.map(name => [name, text(headers, name)]));
  const signed = await signer.sign(
    {
      ...{ method, path, query, protocol: 'http:', hostname: '' },
      // The library takes the body's hash from here, whatever the request's own header says.
      headers: { ...covered, 'x-amz-content-sha256': payload },
    },
    {
      signingDate: new Date(time),
      // Signed are these and no others, also those that the library leaves to proxies.
      signableHeaders: new Set(signedHeaders),
      unsignableHeaders: new Set(
        signedHeaders.includes('x-amz-content-sha256') ? [] : ['x-amz-content-sha256'],
      ),
    },
  );
  const expected = /Signature=([0-9a-f]{64})$/.exec(signed.headers.authorization ?? '')?.[1];
  if (!expected) throw new Error('the library gave no signature');
  if (!same(signature.value, expected)) {
    throw mismatch(
      service,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
}

/** `host`, and all of AWS's own headers, must be signed (S3 API reference, "Authenticating requests"). */
function mustBeSigned(name: string): boolean {
  return name === 'host' || name.startsWith('x-amz-');
}

/** Milliseconds since 1970, of the X-Amz-Date header. The day of the credential scope must be the same. */
function requestTime(headers: IncomingHttpHeaders, { service, date }: Signature, now: number): number {
  const given = text(headers, 'x-amz-date');
  const [, day, hours, minutes, seconds] = /^(\d{8})T(\d\d)(\d\d)(\d\d)Z$/.exec(given) ?? [];
  if (!day) {
    throw new ServiceError(
      'IncompleteSignatureException',
      'the request is signed, and has no X-Amz-Date of the form yyyymmddThhmmssZ',
      403,
    );
  }
  const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${hours}:${minutes}:${seconds}Z`;
  const time = Date.parse(iso);
  // A time that no clock shows (hour 25) is off by more than any.
  if (!(Math.abs(now - time) <= skew)) {
    if (service === 's3') {
      throw new ServiceError(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
      );
    }
    const server = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    throw mismatch(
      service,
      `Signature expired or not yet current: ${given} is not within 15 minutes of ${server}`,
    );
  }
  if (day !== date) {
    throw mismatch(
      service,
      `Date in Credential scope does not match YYYYMMDD from X-Amz-Date: '${date}' != '${day}'.`,
    );
  }
  return time;
}

function addressOf(url: string): { path: string; query: Record<string, string | string[]> } {
  const [path = '/', ...rest] = url.split('?');
  // Without a prototype: no name of a parameter is that of a property.
  const query: Record<string, string | string[]> = Object.create(null);
  for (const pair of rest.join('?').split('&').filter(Boolean)) {
    const [name = '', ...value] = pair.split('=');
    const key = decoded(name);
    query[key] = [...[query[key] ?? []].flat(), decoded(value.join('='))];
  }
  return { path, query };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError('InvalidURI', `${text.slice(0, 60)} is not URL-encoded UTF-8`);
  }
}

function text(headers: IncomingHttpHeaders, name: string): string {
  return headers[name]?.toString() ?? '';
}

// Digests are equally long, and comparing them tells nothing of where two texts differ.
function same(one: string, other: string): boolean {
  const hash = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(one), hash(other));
}

/** As S3 and the query protocol name it (S3 API reference, error responses), and the JSON protocols (DynamoDB guide, error handling). */
function mismatch(service: string, message: string): ServiceError {
  const named = service === 's3' || service === 'sns';
  return new ServiceError(named ? 'SignatureDoesNotMatch' : 'InvalidSignatureException', message, 403);
}

function wrongToken(service: string): ServiceError {
  if (service === 's3')
    return new ServiceError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 403);
  const code = service === 'sns' ? 'InvalidClientTokenId' : 'UnrecognizedClientException';
  return new ServiceError(code, 'The security token included in the request is invalid.', 403);
}
