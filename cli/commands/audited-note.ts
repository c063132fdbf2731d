import type { AskedStore } from '../queries/store.ts';
import { auditedText } from '../views/text/audited.ts';

/** Beside an answer that found nothing: what was audited, whatever folder one stands in. */
export function auditedNote(store: Pick<AskedStore, 'audited'>): string {
  return `audited here: ${auditedText(store.audited())}`;
}
