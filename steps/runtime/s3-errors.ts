import { mayPass, reasonOf } from './errors.ts';

const permanent: Record<string, string> = {
  NoSuchKey: 'ObjectNotFound',
  NotFound: 'ObjectNotFound',
  NoSuchVersion: 'ObjectNotFound',
  NoSuchBucket: 'BucketNotFound',
  PreconditionFailed: 'ObjectChanged',
  // What no object can be named or numbered.
  KeyTooLongError: 'ObjectNotFound',
  InvalidArgument: 'ObjectNotFound',
  InvalidURI: 'ObjectNotFound',
  InvalidObjectState: 'ObjectArchived',
};

/**
 * Why one source is refused. Throws the error again when it is not about the source: one that may pass, or a missing
 * permission or fault of ours, which concerns the whole batch.
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
