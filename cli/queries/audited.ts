import type { Store } from './store.ts';

/** What a state holds logs of: from when to when files were delivered. Times ISO 8601. */
export interface AuditedLogs {
  account: string;
  first: string;
  last: string;
}

/** The log files of the audited account; null where none was read. One Query, and one for each region of the last day. */
export async function auditedLogs({
  ledger,
  trail,
}: Pick<Store, 'ledger' | 'trail'>): Promise<AuditedLogs | null> {
  const { account } = trail;
  const hour = await ledger.lastHour(account);
  if (hour === null) return null;
  const day = `${hour.slice(0, 4)}-${hour.slice(4, 6)}-${hour.slice(6, 8)}`;
  const delivered = await ledger.coverage(account, `${day}T00:00:00Z`, `${day}T23:59:59Z`);
  const regions = [...new Set(delivered.map(({ region }) => region))];
  const firsts = await Promise.all(regions.map(region => ledger.first(account, region)));
  const [first] = firsts.flatMap(file => file?.earliest ?? file?.time ?? []).sort();
  const last = `${day}T${hour.slice(8)}:00:00Z`;
  return { account, first: first ?? last, last };
}
