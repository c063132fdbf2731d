import type { AuditEvent, Caller } from '../cloudtrail/event.ts';
import type { Provenance } from '../cloudtrail/provenance.ts';
import { shortHash } from './short-hash.ts';

/** What calls show of who makes them: one for all calls of a session, under one credential. */
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
  fromConsole: boolean;
  /** the Identity Center user behind the session */
  onBehalfOf: string | null;
  firstSeen: string;
  lastSeen: string;
}

/** The use a call makes of its credential. */
export function useOf({ caller, provenance, eventTime }: AuditEvent): Use {
  const known = shownUses[provenance].get(caller);
  const shown = known ?? shownUse(caller, provenance);
  if (!known) shownUses[provenance].set(caller, shown);
  return { ...shown, firstSeen: eventTime, lastSeen: eventTime };
}

type ShownUse = Omit<Use, 'firstSeen' | 'lastSeen'>;

/** Calls of one session share their caller (see steps/travelling.ts): what it shows is hashed once. */
const shownUses: Record<Provenance, WeakMap<Caller, ShownUse>> = {
  trail: new WeakMap(),
  partner: new WeakMap(),
};

function shownUse(caller: Caller, provenance: Provenance): ShownUse {
  const shown = {
    provenance,
    type: caller.type,
    arn: caller.arn,
    principalId: caller.principalId,
    accountId: caller.accountId,
    userName: caller.userName,
    creationDate: caller.session?.creationDate ?? null,
    issuerArn: caller.session?.issuer?.arn ?? null,
    sourceIdentity: caller.session?.sourceIdentity ?? null,
    fromConsole: caller.session?.fromConsole ?? false,
    onBehalfOf: caller.onBehalfOf?.userId ?? null,
  };
  return { hash: shortHash(shown), ...shown };
}

/** The same use, seen over both spans. */
export function widen(one: Use, other: Use): Use {
  return {
    ...one,
    firstSeen: one.firstSeen < other.firstSeen ? one.firstSeen : other.firstSeen,
    lastSeen: one.lastSeen > other.lastSeen ? one.lastSeen : other.lastSeen,
  };
}
