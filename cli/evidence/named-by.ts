import { citedBy } from '../../core/linking/chain.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';

/** The eventIDs that an answer names: of its issuances, its chain and the claims beside it. Their records are in its bundle. */
export function namedBy(answer: SessionAnswer): string[] {
  const claimed = answer.claims?.map(({ eventID }) => eventID) ?? [];
  return [...answer.issuerEventIDs, ...answer.chain.flatMap(citedBy), ...claimed];
}
