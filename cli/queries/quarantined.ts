import { lastPart } from '../../core/records/arn.ts';
import { itemsOf } from './page.ts';
import type { Quarantined } from './quarantine-store.ts';
import type { Store } from './store.ts';

/**
 * What was quarantined since `began` by this replay, as `mine` says: executions by name, intake's as
 * `intake-...`. Reads the days from then on only, however much older quarantine there is.
 */
export async function quarantinedSince(
  { quarantine }: Pick<Store, 'quarantine'>,
  began: Date,
  mine: (execution: string) => boolean,
): Promise<Quarantined[]> {
  const since = began.toISOString();
  const found: Quarantined[] = [];
  for await (const { key } of itemsOf(quarantine.list({ since: since.slice(0, 10) }))) {
    if (!mine(executionIn(key))) continue;
    const object = await quarantine.read(key);
    if (object.header.at >= since) found.push(object);
  }
  return found;
}

/** Sources, records and messages that were refused one by one, and batches that failed whole. */
export function countOf(quarantined: readonly Quarantined[]): number {
  return quarantined.reduce(
    (sum, { header, refusals }) => sum + refusals.length + (header.failure ? 1 : 0),
    0,
  );
}

function executionIn(key: string): string {
  return lastPart(key).replace(/(?:-batch)?\.ndjson$/, '');
}
