import { createHash } from 'node:crypto';
import type { AuditEvent, Issuance } from '../cloudtrail/event.ts';
import { isTemporaryKey } from '../cloudtrail/roles.ts';
import type { Provenance } from '../contract.ts';

/**
 * Facts are what records say, one by one: they are written once (a use's times only widen), in any order, any number
 * of times, with the same outcome. Answers are derived from them.
 */
export interface Use {
  /** of the fields below except the times: equal for all calls of one session */
  hash: string;
  provenance: Provenance;
  type: string;
  arn: string | null;
  principalId: string | null;
  accountId: string | null;
  userName: string | null;
  creationDate: string | null;
  issuerArn: string | null;
  sourceIdentity: string | null;
  firstSeen: string;
  lastSeen: string;
}

/** All facts of a batch, by the credential whose partition they belong to. */
export interface BatchFacts {
  issuances: Map<string, Issuance[]>;
  uses: Map<string, Use[]>;
  /** parent credential -> credentials issued to it */
  children: Map<string, Set<string>>;
}

/** The facts of a batch of events; duplicates within the batch fall together. */
export function factsOf(events: Iterable<AuditEvent>): BatchFacts {
  const issuances = new Map<string, Map<string, Issuance>>();
  const uses = new Map<string, Map<string, Use>>();
  const children = new Map<string, Set<string>>();
  for (const event of events) {
    const { issuance, credential } = event;
    if (issuance) {
      const copies = within(issuances, issuance.accessKeyId);
      const name = issuanceName(issuance);
      if (!copies.has(name)) copies.set(name, issuance);
      const parent = event.caller.accessKeyId;
      if (isTemporaryKey(parent)) {
        const known = children.get(parent) ?? new Set();
        children.set(parent, known.add(issuance.accessKeyId));
      }
    }
    if (credential) {
      const ofCredential = within(uses, credential);
      const use = useOf(event);
      const known = ofCredential.get(use.hash);
      ofCredential.set(use.hash, known ? widen(known, use) : use);
    }
  }
  return { issuances: flatten(issuances), uses: flatten(uses), children };
}

/** What names an issuance's copy among all of its credential; sorts by time. */
export function issuanceName(issuance: Issuance): string {
  return `${issuance.eventTime}#${issuance.eventID}#${issuance.recipientAccountId}#${issuance.provenance}`;
}

/** The use a call makes of its credential. */
export function useOf(event: AuditEvent): Use {
  const { caller } = event;
  const shown = {
    provenance: event.provenance,
    type: caller.type,
    arn: caller.arn,
    principalId: caller.principalId,
    accountId: caller.accountId,
    userName: caller.userName,
    creationDate: caller.session?.creationDate ?? null,
    issuerArn: caller.session?.issuer?.arn ?? null,
    sourceIdentity: caller.session?.sourceIdentity ?? null,
  };
  return { hash: shortHash(shown), ...shown, firstSeen: event.eventTime, lastSeen: event.eventTime };
}

/** The same use, seen over both spans. */
export function widen(one: Use, other: Use): Use {
  return {
    ...one,
    firstSeen: one.firstSeen < other.firstSeen ? one.firstSeen : other.firstSeen,
    lastSeen: one.lastSeen > other.lastSeen ? one.lastSeen : other.lastSeen,
  };
}

/** 16 hex digits of the SHA-256 of a value's JSON: names things, proves nothing. */
export function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function within<V>(maps: Map<string, Map<string, V>>, name: string): Map<string, V> {
  const known = maps.get(name);
  if (known) return known;
  const fresh = new Map<string, V>();
  maps.set(name, fresh);
  return fresh;
}

function flatten<V>(maps: Map<string, Map<string, V>>): Map<string, V[]> {
  return new Map([...maps].map(([name, values]) => [name, [...values.values()]]));
}
