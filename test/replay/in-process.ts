import type { Cloud } from '@roletrail/local';
import { execute } from '../../cli/execute.ts';
import type { Ran } from './roletrail.ts';

/**
 * Runs the command in this process, as cli/main.ts does: half a second less than a process of its own. `ended` ends it; of
 * `cloud` it is aborted when something was answered.
 */
export async function inProcess(words: readonly string[], ended = new AbortController()): Promise<Ran> {
  let [out, err] = ['', ''];
  const status = await execute(
    words,
    {
      write: text => {
        out += text;
        if (words[0] === 'cloud') ended.abort();
        return true;
      },
    },
    {
      write: text => {
        err += text;
        return true;
      },
    },
    ended.signal,
  );
  return { status, out, err };
}

/**
 * From here on `--target aws` reaches this cloud, as a user's profile and AWS_ENDPOINT_URL would. What it answers puts the environment
 * back, which the other test files of this process share.
 */
export function pointAwsAt({ endpoint, credentials }: Cloud): () => void {
  const before = process.env;
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: 'eu-central-1',
  };
  return () => {
    process.env = before;
  };
}
