import type { Undelivered } from '@roletrail/local';
import { plural } from '../views/text/format.ts';

/** One sentence for each way on which messages were lost or became dead letters, with AWS's reason. */
export function undeliveredSentences(undelivered: readonly Undelivered[]): string[] {
  const ways = new Map<string, { first: Undelivered; count: number }>();
  for (const message of undelivered) {
    const way = JSON.stringify([message.from, message.to, message.reason, message.deadLetters]);
    const known = ways.get(way);
    if (known) known.count += 1;
    else ways.set(way, { first: message, count: 1 });
  }
  return [...ways.values()].map(({ first: { from, to, reason, deadLetters }, count }) => {
    const where = deadLetters
      ? `now dead letters in ${deadLetters}`
      : 'AWS would have lost them; undelivered.ndjson of the state folder has them';
    return `${plural(count, 'message')} not delivered from ${from} to ${to}: ${reason} (${where})`;
  });
}
