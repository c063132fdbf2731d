import type { AuditEvent, Caller } from '../cloudtrail/event.ts';
import type { Provenance } from '../cloudtrail/provenance.ts';
import { shortHash } from './short-hash.ts';
import { isService, type Shown, shownBy } from './shown.ts';

/** What calls show of who makes them: one for all calls of a session that show the same, under one credential. */
export interface Use extends Shown {
  /** of all fields except the times */
  hash: string;
  provenance: Provenance;
  accountId: string | null;
  userName: string | null;
  firstSeen: string;
  lastSeen: string;
}

/** The use a call makes of its credential. */
export function useOf({ caller, provenance, eventTime, sourceIPAddress }: AuditEvent): Use {
  const bySource = !caller.invokedBy && isService(sourceIPAddress);
  const shownUses = bySource ? usesBySource : uses;
  const known = shownUses[provenance].get(caller);
  const shown = known ?? shownUse(caller, provenance, bySource ? sourceIPAddress : null);
  if (!known) shownUses[provenance].set(caller, shown);
  return { ...shown, firstSeen: eventTime, lastSeen: eventTime };
}

type ShownUse = Omit<Use, 'firstSeen' | 'lastSeen'>;

type Uses = Record<Provenance, WeakMap<Caller, ShownUse>>;

/** Calls of one session share their caller (see steps/travelling.ts): what it shows is hashed once. */
const uses: Uses = { trail: new WeakMap(), partner: new WeakMap() };
/** of calls whose source alone says that a service made them */
const usesBySource: Uses = { trail: new WeakMap(), partner: new WeakMap() };

function shownUse(caller: Caller, provenance: Provenance, source: string | null): ShownUse {
  const { accountId, userName } = caller;
  const shown = { provenance, accountId, userName, ...shownBy(caller, source) };
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

/**
 * The uses that count: our own trail's. What a partner sends as made with a key is its word alone, and must not take the
 * place of what our trail shows; it counts only where our trail shows nothing.
 */
export function ownUses(uses: readonly Use[]): readonly Use[] {
  const own = uses.filter(use => use.provenance === 'trail');
  return own.length > 0 ? own : uses;
}
