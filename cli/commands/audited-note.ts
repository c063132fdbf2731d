import type { AskedStore } from '../queries/store.ts';
import { clean } from '../views/text/clean.ts';

const mostNamed = 5;

/**
 * Beside an answer that found nothing: what was audited, where that is not every temporary credential. Calls under other roles were
 * not kept, so that nothing found says nothing about them.
 */
export function auditedNote(store: Pick<AskedStore, 'audited'>): string | null {
  const roles = store.audited();
  if (roles.includes('*')) return null;
  const more = roles.length > mostNamed ? ` and ${roles.length - mostNamed} more` : '';
  return `audited here: ${roles.slice(0, mostNamed).map(clean).join(', ')}${more}; calls under other roles were not kept`;
}
