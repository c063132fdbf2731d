import type { S3Client } from '@aws-sdk/client-s3';
import type { Refusal } from '../transport/payloads.ts';
import { quarantineObject } from './quarantine-store.ts';
import { mostAnHour, type SendersTable } from './senders-table.ts';

export interface WithholdDependencies {
  s3: S3Client;
  bucket: string;
  senders: Pick<SendersTable, 'allot'>;
}

/** `kept`: what goes into quarantine; `withheld`: how many of these refusals do not; `key`: where they are counted. */
export interface Bounded {
  kept: Refusal[];
  withheld: number;
  key: string | null;
}

/**
 * Lets no sender fill the quarantine: of each, a hundred entries an hour, of which the last counts the rest. What our own
 * trail brings is bounded by its files. `whose`: the execution or invocation, which is given the same when it asks again.
 */
export async function boundRefusals(
  refusals: readonly Refusal[],
  whose: string,
  at: Date,
  { s3, bucket, senders }: WithholdDependencies,
): Promise<Bounded> {
  const bySender = Map.groupBy(refusals, ({ sender }) => sender ?? null);
  const room = new Map<string, number>();
  const bounded: Bounded = { kept: [], withheld: 0, key: null };
  for (const [sender, sent] of bySender) {
    if (sender === null) continue;
    const { kept, withheld } = await senders.allot(sender, at, whose, sent.length);
    room.set(sender, kept);
    if (kept === sent.length) continue;
    bounded.withheld += sent.length - kept;
    bounded.key = await quarantineObject(s3, bucket, ...countedRest(sender, at, withheld, sent));
  }
  for (const refusal of refusals) {
    const { sender } = refusal;
    if (sender !== undefined) {
      const left = room.get(sender) ?? 0;
      if (left === 0) continue;
      room.set(sender, left - 1);
    }
    bounded.kept.push(refusal);
  }
  return bounded;
}

// One object for each sender and hour, written again as the count grows.
function countedRest(sender: string, at: Date, withheld: number, [first]: readonly Refusal[]) {
  const hour = at.toISOString().slice(0, 13);
  const header = {
    execution: `withheld-${sender}-${hour}`,
    at: at.toISOString(),
    count: 1,
    failure: null,
    input: null,
  };
  const refusal: Refusal = {
    step: 'Quarantine',
    error: 'TooManyRefusals',
    message: `${withheld} more that account ${sender} sent in the hour of ${hour}:00Z were refused and are counted only: ${mostAnHour} entries an hour are kept`,
    source: first?.source ?? `account ${sender}`,
    sender,
  };
  return [header, [refusal]] as const;
}
