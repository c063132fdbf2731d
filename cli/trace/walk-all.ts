import { walkedTogether } from '../inputs/inputs.ts';
import { isS3Url } from '../inputs/s3-object.ts';
import { type Walked, walk } from '../inputs/walk.ts';

/**
 * What paths lead to, on disk and in S3 (`s3://bucket/prefix`). What asks S3 is loaded where there is such a path: AWS's SDK takes its time.
 * Throws UsageError for wrong paths, CliError where S3 cannot be asked.
 */
export async function walkAll(paths: readonly string[], signal: AbortSignal): Promise<Walked> {
  const walked: Walked[] = [];
  for (const path of paths) {
    if (!isS3Url(path)) walked.push(walk(path));
    else {
      const { Objects } = await import('../s3/objects.ts');
      walked.push(await new Objects().walk(path, signal));
    }
  }
  return walkedTogether(paths, walked);
}
