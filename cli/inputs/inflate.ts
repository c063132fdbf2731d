import { gunzipSync } from 'node:zlib';

const most = 64 * 1024 * 1024;

/** What a subscription's `awslogs.data` holds; null: no gzip, or more than a function is given (6 MB, Lambda quotas). */
export function inflate(base64: string): string | null {
  try {
    return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: most }).toString('utf8');
  } catch {
    return null;
  }
}
