import type { Deployment } from '../deployment/deployment.ts';
import type { Entry } from '../queries/quarantine-entries.ts';
import { markRetried } from './marks.ts';
import { send } from './queues.ts';
import { messagesFor } from './retry.ts';

/** Sends entries through the front door again, and notes it of each. Returns those of which nothing was kept to send. */
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
