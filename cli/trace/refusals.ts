import { readFileSync } from 'node:fs';
import { md5 } from '../../core/hash.ts';
import { TrailAccounts } from '../../core/reading/accounts.ts';
import { checkKeyLength, checkObjectSize } from '../../core/reading/log-object.ts';
import { RecordError } from '../../core/records/read.ts';
import type { Refusal, TrailObject } from '../../steps/transport/payloads.ts';
import { isS3Url } from '../inputs/s3-object.ts';
import type { Told } from './inputs.ts';
import { nameOfLog } from './reading/read-log.ts';
import type { State } from './state/state.ts';

/** What a source counts for in a report. */
export interface Counted {
  records: number;
  kept: number;
  normalized: number;
  refusals: Refusal[];
}

/** Refusals of one sender that are kept, of which the last counts the rest (steps/store/withheld.ts). */
const mostOfSender = 100;

/** Everything that was refused: files, records, messages, and log files that messages announce again. */
export function refusalsIn(state: State): Refusal[] {
  const ofSources = state
    .all<{ refusals: string }>("SELECT refusals FROM sources WHERE refusals <> '[]' ORDER BY source")
    .flatMap(({ refusals }) => JSON.parse(refusals) as Refusal[]);
  const told = toldIn(state);
  const again = announcedAgain(state, told).flatMap(({ refusals }) => refusals);
  return bounded([...ofSources, ...told.flatMap(({ refusals }) => refusals), ...again]);
}

export function toldIn(state: State): Told[] {
  const rows = state.all<{ told: string }>('SELECT told FROM inputs ORDER BY input');
  return rows.map(({ told }) => JSON.parse(told) as Told);
}

/**
 * What the log files come to that messages announce: those that are here are read again, as a pipeline that is told of a file again does;
 * others are refused by name.
 */
export function announcedAgain(state: State, told: readonly Told[]): Counted[] {
  const { bucket = '', accounts = '[]' } = Object.fromEntries(state.about);
  const of = new TrailAccounts(JSON.parse(accounts) as string[]);
  return told.flatMap(({ announced }) =>
    announced.map(object => announcedOnce(object, { state, bucket, of })),
  );
}

function announcedOnce(
  { bucket, key, size, etag, versionId }: TrailObject,
  where: { state: State; bucket: string; of: TrailAccounts },
): Counted {
  const source = nameOfLog(bucket, key);
  const refused = (step: string, { name, message }: Error): Counted => {
    const refusals = [{ step, error: name, message, source }];
    return { records: 0, kept: 0, normalized: 0, refusals };
  };
  try {
    if (bucket !== where.bucket)
      throw new RecordError('BucketNotConfigured', `bucket ${bucket} is no trail bucket of this stack`);
    where.of.checkFile(key);
    checkKeyLength(key);
    if (size !== undefined) checkObjectSize(key, size);
  } catch (error) {
    return refused('Fetch', error as Error);
  }
  const found = where.state.get<Omit<Counted, 'refusals'> & { refusals: string; path: string; hash: string }>(
    'SELECT records, kept, normalized, refusals, path, hash FROM sources JOIN inputs USING (input) WHERE name = ?',
    source,
  );
  const pinned = etag !== undefined && size !== undefined;
  // A folder keeps no versions.
  if (!found || versionId !== undefined)
    return refused(
      pinned ? 'Decompress' : 'Fetch',
      new RecordError('ObjectNotFound', 'there is no such object'),
    );
  const etagNow = () => (isS3Url(found.path) ? found.hash : md5(readFileSync(found.path)));
  if (pinned && etagNow() !== etag)
    return refused(
      'Decompress',
      new RecordError(
        'ObjectChanged',
        'the object is not the one that was announced: it was replaced meanwhile',
      ),
    );
  const { records, kept, normalized } = found;
  return { records, kept, normalized, refusals: JSON.parse(found.refusals) as Refusal[] };
}

/** Lets no sender fill the list: what our own trail brings is bounded by its files. */
function bounded(refusals: readonly Refusal[]): Refusal[] {
  const counts = new Map<string, number>();
  const kept: Refusal[] = [];
  for (const refusal of refusals) {
    const { sender } = refusal;
    if (sender === undefined) kept.push(refusal);
    else {
      const count = (counts.get(sender) ?? 0) + 1;
      counts.set(sender, count);
      if (count < mostOfSender) kept.push(refusal);
    }
  }
  for (const [sender, count] of counts) {
    const rest = count - (mostOfSender - 1);
    if (rest <= 0) continue;
    const message = `${rest} more that account ${sender} sent were refused and are counted only`;
    kept.push({
      step: 'Quarantine',
      error: 'TooManyRefusals',
      message,
      source: `account ${sender}`,
      sender,
    });
  }
  return kept;
}
