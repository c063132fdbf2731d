import { type Integrity, integrityOf } from '../../core/digests/file-integrity.ts';
import type { Evidence } from '../../core/records/evidence.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { compactMillis, hourMillis } from '../../core/records/times.ts';
import type { Store } from './store.ts';

/**
 * The verdict on the file a record came from, as reports show it: on the bytes its execution read, when the ledger
 * knows which. Three requests at most.
 */
export async function evidenceIntegrity(
  { source, provenance, execution }: Pick<Evidence, 'source' | 'provenance' | 'execution'>,
  { ledger, integrity }: Pick<Store, 'ledger' | 'integrity'>,
  now: Date,
): Promise<Integrity> {
  const { bucket, key } = fileOf(source) ?? { bucket: '', key: '' };
  const nothing = { provenance, bucket, key, processed: [], verdicts: [], digests: [] };
  const named = logKeyParts(key);
  if (provenance === 'partner' || !named) return integrityOf(nothing, now.getTime());
  const processed = await Array.fromAsync(ledger.ofFile({ bucket, key }));
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

/** Bucket and key of `s3://bucket/key`; null for another source. */
export function fileOf(source: string): { bucket: string; key: string } | null {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(source) ?? [];
  return bucket && key ? { bucket, key } : null;
}
