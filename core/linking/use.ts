import { shortHash } from '../hash.ts';
import type { AuditEvent, Caller, Provenance } from '../records/event.ts';
import { isCredentialRefused } from '../records/refused-credential.ts';
import { takenFrom } from './request-time.ts';
import { isService, type Shown, shownBy } from './shown.ts';

/** What calls show of who makes them: one for all calls of a session that show the same, under one credential. */
export interface Use extends Shown {
  /** of all fields except the times */
  hash: string;
  provenance: Provenance;
  accountId: string | null;
  userName: string | null;
  /** AWS did not accept the credential: tried with it, and nothing was done */
  refused?: true;
  /** ends of the first and the last call */
  firstSeen: string;
  lastSeen: string;
  /** the earliest times at which AWS may have taken them; of all calls the first and the last such time */
  firstTaken: string;
  lastTaken: string;
}

/** What varies from call to call. */
export type UseTimes = Pick<Use, 'firstSeen' | 'lastSeen' | 'firstTaken' | 'lastTaken'>;

/** What of a call tells the use it makes of its credential. */
export type UsingCall = Pick<
  AuditEvent,
  | 'caller'
  | 'provenance'
  | 'sourceIPAddress'
  | 'errorCode'
  | 'eventTime'
  | 'eventSource'
  | 'eventName'
  | 'amends'
>;

/** The use a call makes of its credential. */
export function useOf(event: UsingCall): Use {
  const { eventTime } = event;
  const taken = takenFrom(eventTime, event);
  return {
    ...shownUse(event),
    firstSeen: eventTime,
    lastSeen: eventTime,
    firstTaken: taken,
    lastTaken: taken,
  };
}

type ShownUse = Omit<Use, keyof UseTimes>;

function shownUse({ caller, provenance, sourceIPAddress, errorCode }: UsingCall): ShownUse {
  const bySource = !caller.invokedBy && isService(sourceIPAddress);
  const refused = isCredentialRefused(errorCode);
  const known = knownUses[provenance][bySource ? 'bySource' : 'byCaller'][refused ? 'refused' : 'accepted'];
  const use = known.get(caller);
  if (use) return use;
  const { accountId, userName } = caller;
  const shown = {
    provenance,
    accountId,
    userName,
    ...(refused && { refused }),
    ...shownBy(caller, bySource ? sourceIPAddress : null),
  };
  const fresh = { hash: shortHash(shown), ...shown };
  known.set(caller, fresh);
  return fresh;
}

type Known = Record<'accepted' | 'refused', WeakMap<Caller, ShownUse>>;

const none = (): Known => ({ accepted: new WeakMap(), refused: new WeakMap() });

/** `bySource`: of calls whose source alone says that a service made them. */
const fresh = () => ({ byCaller: none(), bySource: none() });

/** Calls of one session share their caller (see steps/transport/travelling.ts): what it shows is hashed once. */
const knownUses: Record<Provenance, Record<'byCaller' | 'bySource', Known>> = {
  trail: fresh(),
  partner: fresh(),
};

/** Does one use widen nothing of another? */
export function isWithin(one: UseTimes, other: UseTimes): boolean {
  return (
    one.firstSeen >= other.firstSeen &&
    one.lastSeen <= other.lastSeen &&
    one.firstTaken >= other.firstTaken &&
    one.lastTaken <= other.lastTaken
  );
}

/** The same use, seen over both spans. */
export function widen(one: Use, other: Use): Use {
  return {
    ...one,
    firstSeen: earlier(one.firstSeen, other.firstSeen),
    lastSeen: later(one.lastSeen, other.lastSeen),
    firstTaken: earlier(one.firstTaken, other.firstTaken),
    lastTaken: later(one.lastTaken, other.lastTaken),
  };
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

/**
 * The uses that count: our own trail's. What a partner sends as made with a key is its word alone, and must not take the
 * place of what our trail shows; it counts only where our trail shows nothing. A call whose credential AWS did not accept is
 * no use; where there are only such, they say whose the credential is.
 */
export function ownUses(uses: readonly Use[]): readonly Use[] {
  const accepted = uses.filter(isAccepted);
  const own = accepted.filter(use => use.provenance === 'trail');
  if (own.length > 0) return own;
  return accepted.length > 0 ? accepted : uses;
}

/** Whether something was done with the credential. */
export function isAccepted(use: Use): boolean {
  return use.refused !== true;
}
