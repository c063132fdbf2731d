import { mayPass, reasonOf } from './errors.ts';

const permanent: Record<string, string> = {
  NoSuchKey: 'ObjectNotFound',
  NotFound: 'ObjectNotFound',
  NoSuchVersion: 'ObjectNotFound',
  NoSuchBucket: 'BucketNotFound',
  PreconditionFailed: 'ObjectChanged',
  // Names and version IDs that no object can have.
  KeyTooLongError: 'ObjectNotFound',
  InvalidArgument: 'ObjectNotFound',
  InvalidURI: 'ObjectNotFound',
  InvalidObjectState: 'ObjectArchived',
};

/** Faults of the credentials a request was signed with: they are none of the object's. */
const ours =
  /^(ExpiredToken|InvalidToken|TokenRefreshRequired|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed|AuthorizationHeaderMalformed)/;

/** A request that reads a log file. `file`: `s3://bucket/key`. */
export interface Reading {
  action: 's3:GetObject' | 's3:GetObjectVersion';
  file: string;
}

/**
 * Why one log file is refused: also where S3 denies this one, or may not use its key. A policy or a key may concern this object
 * alone, so its neighbours are read; where it concerns all of them, each is refused by itself. Throws the error again when it
 * may pass, or is none of the object's.
 *
 * S3 answers HEAD without a body, so the SDK has no error name: the status decides.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function refusalOfFile(error: unknown, reading: Reading): { error: string; message: string } {
  if (!isAnswer(error) || mayPass(error) || ours.test(error.name) || Object.hasOwn(permanent, error.name))
    return refusalOf(error);
  const { httpStatusCode: status = 0 } = error.$metadata;
  if (status < 300 || status >= 500) throw error;
  const named = !/^Unknown/.test(error.name);
  const said = named ? error.message : `S3 answered HTTP ${status} and no reason`;
  const what = `${reading.action} of ${reading.file}`;
  if (status === 403) return { error: 'AccessDenied', message: `${what} was denied: ${said}` };
  return { error: named ? error.name : `Http${status}`, message: `${what} failed: ${said}` };
}

function isAnswer(error: unknown): error is Error & { $metadata: { httpStatusCode?: number } } {
  return error instanceof Error && '$metadata' in error;
}

/**
 * Why one source is refused. Throws the error again when it is not about the source: one that may pass, or a missing
 * missing permission or fault of the stack, which concerns the whole batch.
 */
export function refusalOf(error: unknown): { error: string; message: string } {
  if (!(error instanceof Error) || mayPass(error)) throw error;
  const renamed = Object.hasOwn(permanent, error.name) ? permanent[error.name] : undefined;
  if (renamed) return { error: renamed, message: sentences[renamed] ?? error.message };
  if ('$metadata' in error) throw error;
  return reasonOf(error);
}

const sentences: Record<string, string> = {
  ObjectNotFound: 'there is no such object',
  BucketNotFound: 'there is no such bucket',
  ObjectChanged: 'the object is not the one that was announced: it was replaced meanwhile',
  ObjectArchived: 'the object is in an archive tier and cannot be read',
};
