import { PutObjectCommand } from '@aws-sdk/client-s3';
import { retriedPrefix } from '../../steps/store/tables.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type Entry, entriesIn } from '../queries/quarantine-entries.ts';
import { send } from './queues.ts';
import { messagesFor } from './retry.ts';

/** Sends entries through the front door again, and notes it for each. Returns the entries whose content was not kept. */
export async function sendAgain(entries: readonly Entry[], deployment: Deployment): Promise<Entry[]> {
  const unsent: Entry[] = [];
  for (const entry of entries) {
    const messages = await messagesFor(entry, deployment);
    for (const message of messages ?? []) await send(deployment, message);
    if (messages) await markRetried(deployment, entry);
    else unsent.push(entry);
  }
  return unsent;
}

/** Sends every entry of an object of the quarantine again. Returns how many could not be: nothing of them was kept. */
export async function sendObjectAgain(key: string, deployment: Deployment): Promise<number> {
  return (await sendAgain(await entriesIn(deployment, key), deployment)).length;
}

/** Notes that an entry was sent again. Twice is once. */
async function markRetried({ s3, outputs }: Deployment, { id }: Entry): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: outputs.WorkBucketName,
      Key: `${retriedPrefix}${id}`,
      Body: new Date().toISOString(),
    }),
  );
}
