import { sessionCredential } from '../identities/identity.ts';
import type { Issuance } from '../records/event.ts';
import { laterBy } from '../records/times.ts';
import {
  type BatchFacts,
  type CredentialFacts,
  centerName,
  factsOf,
  isSessionCredential,
  issuanceName,
  parentsOf,
} from './facts.ts';
import { samePrincipal } from './principal.ts';

/**
 * What the calls made with an issued key say of when its session began, where that is not the second of the issuance: facts
 * of the session of either second, so that other keys are joined by the date that is shown. Nearly always none: a creation
 * date was one second later than the issuance in 3 of 215 calls of six real sets, else in its second. Only our own trail counts.
 */
export function shownDates({ credential, issuances, uses }: CredentialFacts): BatchFacts['issuances'] {
  const found = new Map<string, Issuance[]>();
  if (isSessionCredential(credential)) return found;
  for (const issuance of issuances) {
    const { arn, accessKeyId, eventTime, part, provenance } = issuance;
    if (part !== 'issuance' || provenance !== 'trail' || !arn || accessKeyId !== credential) continue;
    const created = laterBy(1000, eventTime);
    const shown = uses.some(
      use => use.provenance === 'trail' && use.creationDate === created && samePrincipal(use, issuance),
    );
    if (!shown) continue;
    for (const second of [eventTime, created]) {
      const session = sessionCredential(arn, second);
      found.set(session, [...(found.get(session) ?? []), issuance, { ...issuance, created }]);
    }
  }
  return found;
}

/**
 * These facts of several credentials, to be written: an answer by the date that is shown depends on what is behind the
 * issuance as one by its own second does, and on what Identity Center says of that second.
 */
export function dated(all: readonly BatchFacts['issuances'][]): BatchFacts {
  const issuances = together(all);
  const children: BatchFacts['children'] = new Map();
  for (const [credential, found] of issuances) {
    for (const issuance of found) {
      const center = centerName(issuance.roleArn, issuance.eventTime);
      for (const parent of [...parentsOf(issuance), ...(center ? [center] : [])])
        if (parent !== credential) children.set(parent, (children.get(parent) ?? new Set()).add(credential));
    }
  }
  return { ...factsOf([]), issuances, children };
}

function together(all: readonly BatchFacts['issuances'][]): BatchFacts['issuances'] {
  const merged = new Map<string, Map<string, Issuance>>();
  for (const [credential, issuances] of all.flatMap(each => [...each])) {
    const known = merged.get(credential) ?? new Map<string, Issuance>();
    for (const issuance of issuances) known.set(issuanceName(issuance), issuance);
    merged.set(credential, known);
  }
  return new Map([...merged].map(([credential, issuances]) => [credential, [...issuances.values()]]));
}

/** Without the issuances of which it is known that their session began in another second than this one did. */
export function begunThen(credential: string, issuances: readonly Issuance[]): Issuance[] {
  const date = credential.slice(credential.lastIndexOf('@') + 1);
  const elsewhere = new Set(
    issuances.filter(({ created }) => created && created !== date).map(({ accessKeyId }) => accessKeyId),
  );
  return issuances.filter(({ accessKeyId }) => !elsewhere.has(accessKeyId));
}
