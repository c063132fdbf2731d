import { sha256 } from '../../core/hash.ts';
import { inParallel } from '../../core/parallel.ts';
import type { Batch } from '../../steps/transport/payloads.ts';
import { itemsOf } from './page.ts';
import type { Store } from './store.ts';

/** One thing in quarantine: a refused source, record or message, or a batch whose state failed. */
export interface Entry {
  /** 12 hex digits that derive from where it is kept; a beginning that only one has will do */
  id: string;
  key: string;
  at: string;
  execution: string;
  step: string;
  error: string;
  message: string;
  source: string;
  record: number | null;
  raw: string | null;
  /** the partner's account that sent it; null where our own trail brought it */
  sender: string | null;
  /** the failed state's input, for a whole batch */
  batch: Batch | null;
  /** whether its log files were sent again at once, one by one */
  sentAgain: boolean;
  /** how many sources it holds: a whole batch counts its own */
  count: number;
}

export interface Wanted {
  error?: string;
  /** ISO 8601: only entries that came at or after it */
  since?: string;
}

/** Objects read in parallel. */
const readsAtOnce = 16;

/** What is in quarantine, oldest first. Reads the days from `since` on. */
export async function entriesOf(
  store: Pick<Store, 'quarantine'>,
  { error, since }: Wanted,
): Promise<Entry[]> {
  const objects = await Array.fromAsync(itemsOf(store.quarantine.list({ since: since?.slice(0, 10) })));
  const entries = (await inParallel(objects, readsAtOnce, ({ key }) => entriesIn(store, key))).flat();
  return entries
    .filter(entry => (!error || entry.error === error) && (!since || entry.at >= since))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** What one object of the quarantine holds. */
export async function entriesIn({ quarantine }: Pick<Store, 'quarantine'>, key: string): Promise<Entry[]> {
  const { header, refusals } = await quarantine.read(key);
  const common = { key, at: header.at, execution: header.execution };
  const entries: Entry[] = refusals.map(({ step, error, message, source, record, raw, sender }, index) => ({
    ...common,
    id: idOf(key, index),
    ...{ step, error, message, source, batch: null, sentAgain: false, count: 1 },
    record: record ?? null,
    raw: raw ?? null,
    sender: sender ?? null,
  }));
  if (header.failure && header.input) {
    const { counts, step } = header.input;
    entries.push({
      ...common,
      ...header.failure,
      id: idOf(key, -1),
      step: `after ${step}`,
      source: `execution ${header.execution}`,
      record: null,
      raw: null,
      sender: null,
      batch: header.input,
      sentAgain: (header.alone ?? 0) > 0,
      count: Math.max(1, counts.sources - counts.refused),
    });
  }
  return entries;
}

function idOf(key: string, index: number): string {
  return sha256(`${key}#${index}`).slice(0, 12);
}
