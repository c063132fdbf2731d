import { type Integrity, integrityOf } from '../../core/digests/told.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { compactMillis, hourMillis } from '../../core/records/times.ts';
import type { Evidence } from '../../steps/store/evidence-item.ts';
import type { IntegrityTable } from '../../steps/store/integrity-table.ts';
import type { LedgerTable } from '../../steps/store/ledger-table.ts';

export interface IntegrityTables {
  ledger: Pick<LedgerTable, 'ofFile'>;
  integrity: Pick<IntegrityTable, 'file' | 'digests'>;
}

/**
 * The verdict on the file a record came from, as a reader is told it: on the bytes its execution read, when the ledger
 * knows which. Three Queries at most.
 */
export async function evidenceIntegrity(
  { source, provenance, execution }: Pick<Evidence, 'source' | 'provenance' | 'execution'>,
  { ledger, integrity }: IntegrityTables,
  now: Date,
): Promise<Integrity> {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(source) ?? [];
  const nothing = { provenance, bucket, key, processed: [], verdicts: [], digests: [] };
  const named = logKeyParts(key);
  if (provenance === 'partner' || !named) return integrityOf(nothing, now.getTime());
  const processed: { etag: string; execution: string }[] = [];
  for await (const file of ledger.ofFile({ bucket, key })) processed.push(file);
  const own = processed.filter(file => file.execution === execution);
  const verdicts = await integrity.file(bucket, key);
  const at = compactMillis(named.time);
  const near = [at - hourMillis, at + 4 * hourMillis].map(time => new Date(time).toISOString()) as [
    string,
    string,
  ];
  const digests = verdicts.length > 0 ? [] : await integrity.digests(named.account, named.region, ...near);
  const etags = (own.length > 0 ? own : processed).map(({ etag }) => etag);
  return integrityOf({ ...nothing, processed: etags, verdicts, digests }, now.getTime());
}
