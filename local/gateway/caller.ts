import type { IncomingMessage } from 'node:http';
import { type Caller, ServiceError } from '../contract.ts';
import { sha256 } from '../hashes.ts';
import { readBody, withBody } from './json.ts';
import { readSignature, type SigningKey, verifySignature } from './signature.ts';

/** Whose an access key is, and what requests that show it are signed with. */
export interface KeyOwner {
  caller: Caller;
  key: SigningKey;
}

export interface Authenticated {
  /** the service's signing name */
  service: string;
  caller: Caller;
  /** to be read in place of the one that came */
  request: IncomingMessage;
}

/**
 * Who made a request, for which service, as its signature shows. A body is read whole and checked against the signature, except for
 * S3, which checks the bytes of a body against the signed hash as they come. Throws ServiceError: not signed, signed with a
 * key that nobody was given, or not by its owner.
 */
export async function authenticated(
  request: IncomingMessage,
  owners: (accessKeyId: string) => KeyOwner | undefined,
): Promise<Authenticated> {
  const signature = readSignature(request.headers.authorization);
  if (!signature) {
    throw new ServiceError(
      'MissingAuthenticationToken',
      'the request is not signed: it has no Authorization header (a signature in the address is not supported)',
      403,
    );
  }
  const { service } = signature;
  const owner = owners(signature.accessKeyId);
  if (!owner) throw unknownKey(service);
  const { method = '', url = '', headers } = request;
  const announced = headers['x-amz-content-sha256']?.toString();
  const verify = (payload: string) =>
    verifySignature({ method, url, headers, payload }, signature, owner.key);
  if (service === 's3') {
    if (announced === undefined) throw noPayloadHash();
    await verify(announced);
    return { service, caller: owner.caller, request };
  }
  const body = await readBody(request);
  await verify(sha256(body));
  return { service, caller: owner.caller, request: withBody(request, body) };
}

/** S3 API reference, "Authenticating requests: common request headers". */
function noPayloadHash(): ServiceError {
  const message = 'Missing required header for this request: x-amz-content-sha256';
  return new ServiceError('InvalidRequest', message);
}

/** Each protocol has a name of its own for an access key nobody was given. */
function unknownKey(service: string): ServiceError {
  if (service === 's3') {
    return new ServiceError(
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      403,
    );
  }
  const code =
    service === 'dynamodb' || service === 'states' ? 'UnrecognizedClientException' : 'InvalidClientTokenId';
  return new ServiceError(code, 'The security token included in the request is invalid.', 403);
}
