import { citedBy } from '../../steps/linking/chain.ts';
import type { SessionAnswer } from '../../steps/linking/session-answer.ts';

/** What partners say of a session's issuance, where an answer has it; and what readers are told by it. */
export type WithClaims = SessionAnswer & {
  claims?: { eventID: string }[];
  asClaimed?: Partial<SessionAnswer>;
};

/** The eventIDs that an answer names: of its issuances, its chain and the claims beside it. Their records are in its bundle. */
export function namedBy(answer: WithClaims): string[] {
  const claimed = answer.claims?.map(({ eventID }) => eventID) ?? [];
  return [...answer.issuerEventIDs, ...answer.chain.flatMap(citedBy), ...claimed];
}
