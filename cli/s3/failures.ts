import { refusalOfFile } from '../../steps/runtime/s3-errors.ts';
import { CliError, exitCode, UsageError } from '../failure.ts';
import { ObjectError } from '../inputs/s3-object.ts';

/** What the SDK throws: an answer of S3's, or what kept it from asking. */
interface Fault extends Error {
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string> };
  /** of AuthorizationHeaderMalformed: where the bucket is */
  Region?: string;
}

/** Why a bucket cannot be listed. */
export function listFailure(thrown: unknown, url: string, bucket: string): CliError {
  const error = thrown as Fault;
  const own = ownFault(error, url);
  if (own) return own;
  const status = error.$metadata?.httpStatusCode;
  if (error.name === 'NoSuchBucket') return new UsageError(`${url}: there is no bucket ${bucket}`, error);
  if (status === 403)
    return new UsageError(
      `cannot list ${url}: s3:ListBucket of ${bucket} was denied: ${error.message}`,
      error,
    );
  return failure(error, `cannot list ${url}`);
}

/** Why an object cannot be read: ObjectError for what concerns it alone, CliError for what ends the work. */
export function readFailure(thrown: unknown, url: string): Error {
  const error = thrown as Fault;
  const own = ownFault(error, url);
  if (own) return own;
  if (error.$metadata?.httpStatusCode === undefined) return failure(error, `cannot read ${url}`);
  try {
    const { error: name, message } = refusalOfFile(error, { action: 's3:GetObject', file: url });
    if (name === 'ObjectChanged') return new ObjectError(name, 'it has changed since it was listed', error);
    return new ObjectError(name, message, error);
  } catch {
    return failure(error, `cannot read ${url}`);
  }
}

const expired = /^(?:ExpiredToken|TokenRefreshRequired|ExpiredTokenException)$/;
const unknown = /^(?:InvalidToken|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed)$/;

/**
 * What is none of the object's, but of who asks and where (S3 API reference, "Error responses"). A bucket elsewhere is told with 301, or with
 * 400 and its Region (https://github.com/aws/aws-sdk-js-v3/pull/6572).
 */
function ownFault(error: Fault, url: string): CliError | null {
  const { name, message } = error;
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError')
    return new CliError(
      `${url}: no AWS credentials: name a profile in AWS_PROFILE, or sign in: ${message}`,
      exitCode.failed,
      error,
    );
  if (/^Region is missing/.test(message)) return new UsageError(`${url}: no Region: set AWS_REGION`, error);
  if (expired.test(name))
    return new CliError(`${url}: your AWS credentials have expired: sign in again`, exitCode.failed, error);
  if (unknown.test(name))
    return new CliError(`${url}: S3 rejects your AWS credentials: ${message}`, exitCode.failed, error);
  const region = error.$response?.headers?.['x-amz-bucket-region'] ?? error.Region;
  const elsewhere =
    error.$metadata?.httpStatusCode === 301 ||
    /^(?:PermanentRedirect|AuthorizationHeaderMalformed)$/.test(name);
  if (!elsewhere) return null;
  const where =
    region === undefined ? 'another Region: set AWS_REGION to it' : `${region}: set AWS_REGION=${region}`;
  return new UsageError(`${url} is in ${where}`, error);
}

function failure(error: Fault, what: string): CliError {
  const { name, message } = error;
  return new CliError(
    `${what}: ${name === 'Error' ? message : `${name}: ${message}`}`,
    exitCode.failed,
    error,
  );
}
