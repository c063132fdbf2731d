import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Deployment } from '../deployment.ts';
import type { Entry } from './entries.ts';

/** Beside the quarantine, not in it: an entry is never changed. */
const prefix = 'quarantine-retried/';

/** `open`: never retried; `retried`: sent again; `failed again`: and refused anew, as an entry of its own. */
export type State = 'open' | 'retried' | 'failed again';

/** Notes that an entry was sent again. Twice is once. */
export async function markRetried({ s3, outputs }: Deployment, { id }: Entry): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: outputs.WorkBucketName,
      Key: `${prefix}${id}`,
      Body: new Date().toISOString(),
    }),
  );
}

/** The state of each entry, by its id. */
export async function statesOf(
  { s3, outputs }: Deployment,
  entries: readonly Entry[],
): Promise<Map<string, State>> {
  const retried = new Set<string>();
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: outputs.WorkBucketName,
        Prefix: prefix,
        ...(token ? { ContinuationToken: token } : {}),
      }),
    );
    for (const { Key } of page.Contents ?? []) if (Key) retried.add(Key.slice(prefix.length));
    token = page.NextContinuationToken;
  } while (token);
  const newest = new Map(entries.map(entry => [subjectOf(entry), entry.at]));
  return new Map(
    entries.map(entry => {
      const again = (newest.get(subjectOf(entry)) ?? '') > entry.at;
      return [entry.id, retried.has(entry.id) ? (again ? 'failed again' : 'retried') : 'open'];
    }),
  );
}

// A message has another id each time, and a record another number in another batch: the text tells it.
function subjectOf({ source, raw, step }: Entry): string {
  return JSON.stringify(step === 'Intake' ? raw : [source, raw]);
}
