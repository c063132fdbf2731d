import { walkedTogether } from '../inputs/inputs.ts';
import { isS3Url } from '../inputs/s3-object.ts';
import { type Walked, walk } from '../inputs/walk.ts';
import { objectsInS3 } from './s3-objects.ts';

/** What paths lead to, on disk and in S3 (`s3://bucket/prefix`). Throws UsageError for wrong paths, CliError where S3 cannot be asked. */
export async function walkAll(paths: readonly string[], signal: AbortSignal): Promise<Walked> {
  const objects = objectsInS3();
  const walked: Walked[] = [];
  for (const path of paths) {
    if (isS3Url(path)) walked.push(await (await objects()).walk(path, signal));
    else walked.push(walk(path));
  }
  return walkedTogether(paths, walked);
}
