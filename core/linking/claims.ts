import type { Issuance } from '../records/event.ts';
import { type CredentialFacts, factNames, type LoadFacts, sharedEvent } from './facts.ts';
import {
  type Claim,
  claimOf,
  type IssuedSession,
  isClaim,
  issuancesIn,
  issuedSessions,
} from './issued-session.ts';

/** A credential's facts without the claims our own trail refutes, and these. */
export interface Believed {
  facts: CredentialFacts;
  refuted: Claim[];
}

/**
 * Takes out what a partner claims of an event that our own trail has under another key: one event issues one key, and
 * our trail is the authority on it. Adds what it read to `basis`.
 */
export async function believed(facts: CredentialFacts, load: LoadFacts, basis: string[]): Promise<Believed> {
  const issuances: Issuance[] = [];
  const refuted: Claim[] = [];
  for (const issuance of facts.issuances) {
    if (await refutes(issuance, load, basis)) refuted.push(claimOf(issuance, true));
    else issuances.push(issuance);
  }
  return { facts: refuted.length > 0 ? { ...facts, issuances } : facts, refuted };
}

async function refutes(issuance: Issuance, load: LoadFacts, basis: string[]): Promise<boolean> {
  const shared = issuance.provenance === 'partner' ? sharedEvent(issuance) : null;
  if (!shared) return false;
  const own = await load(shared);
  basis.push(...factNames(own));
  return own.issuances.some(
    ({ accessKeyId }) =>
      accessKeyId !== null && issuance.accessKeyId !== null && accessKeyId !== issuance.accessKeyId,
  );
}

/** What our own trail has of a credential, and the issuances that only partners report. */
export interface Apart {
  own: CredentialFacts;
  claimed: IssuedSession[];
}

/** A claim takes no part in who a session is of: it stands beside what our own trail says. */
export function ownAndClaimed(facts: CredentialFacts): Apart {
  if (!facts.issuances.some(({ provenance }) => provenance === 'partner')) return { own: facts, claimed: [] };
  const claimed = issuedSessions(issuancesIn(facts)).filter(isClaim);
  const copies = new Set(claimed.flatMap(session => session.copies));
  const issuances = facts.issuances.filter(issuance => !copies.has(issuance));
  return { own: { ...facts, issuances }, claimed };
}
