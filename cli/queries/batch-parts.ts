import { isObject } from '../../core/records/read.ts';
import type { Entry } from './quarantine-entries.ts';
import type { Store } from './store.ts';

/** What a batch that failed held: log files, or records that came as messages. Neither, where nothing of it is known any more. */
export interface BatchParts {
  files: { bucket: string; key: string }[];
  arrived: { source: string; text: string }[];
}

/**
 * The log files of a batch as its execution was started with them, which Step Functions keeps for 90 days, or the records
 * that were kept of it.
 */
export async function partsOf(
  { key, execution }: Entry,
  store: Pick<Store, 'quarantine' | 'executions'>,
): Promise<BatchParts> {
  const { arrived } = await store.quarantine.read(key);
  if (arrived.length > 0) return { files: [], arrived };
  const ran = await store.executions.describe(execution);
  const started: unknown = JSON.parse(ran?.input ?? 'null');
  const sources = isObject(started) && Array.isArray(started.sources) ? started.sources : [];
  const files = sources
    .filter(isObject)
    .map(({ bucket, key: name }) => ({ bucket: String(bucket), key: String(name) }));
  return { files, arrived: [] };
}
