import type { Issuance } from '../cloudtrail/event.ts';

import { type CredentialFacts, factNames, type LoadFacts, sharedEvent } from './facts.ts';

/** A credential's facts without the claims our own trail refutes, and whether there were any. */
export interface Believed {
  facts: CredentialFacts;
  refuted: boolean;
}

/**
 * Takes out what a partner claims of an event that our own trail has under another key: one event issues one key, and
 * our trail is the authority on it. Adds what it read to `basis`.
 */
export async function believed(facts: CredentialFacts, load: LoadFacts, basis: string[]): Promise<Believed> {
  const issuances: Issuance[] = [];
  for (const issuance of facts.issuances) {
    if (!(await refutes(issuance, load, basis))) issuances.push(issuance);
  }
  const refuted = issuances.length < facts.issuances.length;
  return { facts: refuted ? { ...facts, issuances } : facts, refuted };
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
