import type { Objects } from '../s3/objects.ts';

/** What asks S3: loaded, and signed in, where the first object is asked for. AWS's SDK takes its time. */
export function objectsInS3(): () => Promise<Objects> {
  let objects: Promise<Objects> | null = null;
  return () => {
    objects ??= import('../s3/objects.ts').then(({ Objects }) => new Objects());
    return objects;
  };
}
