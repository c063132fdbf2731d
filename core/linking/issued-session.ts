import type { Caller, Issuance } from '../records/event.ts';
import { type CredentialFacts, isSessionCredential, issuanceName } from './facts.ts';
import { type Principal, samePrincipal } from './principal.ts';
import { grouped, sameIssuance } from './same-issuance.ts';
import { begunThen } from './shown-date.ts';

/** How a hop was joined to the one before it, and so how sure it is. */
export type JoinedBy =
  | 'exact-key'
  | 'shared-event'
  | 'principal-and-creation-date'
  | 'grant'
  | 'lake-formation'
  | 'claimed';

/** One issuance of credentials, whichever copies of it are known. */
export interface IssuedSession {
  /** best first: our own trail before a partner's word, a copy that names its caller before one that does not */
  copies: Issuance[];
  eventIDs: string[];
  best: Issuance;
  caller: Caller;
  issuedAt: string;
  /** when its session began: as calls made with its key show, else in the second of its issue */
  createdAt: string;
  /** as the record says of the key it shows */
  expiresAt: string;
  /** until when calls may belong to it: a session whose keys are renewed outlives the one that was issued */
  usableUntil: string;
  roleArn: string | null;
  arn: string | null;
  principalId: string | null;
  sessionName: string | null;
  sourceIdentity: string | null;
  /** as those say it who say best who asked: a partner's copy adds none to our own trail's */
  externalId: string | null;
  audited: boolean;
  joinedBy: JoinedBy;
  /** a partner lent the caller's name and key: what the key leads to rests on its word */
  lent: boolean;
  /** what partners say of it beside what they lent */
  claims: Claim[];
}

/** What a partner says of an issuance, and our own trail does not. */
export interface Claim {
  /** the partner's account */
  account: string;
  eventID: string;
  /** who asked, as it says: ARN or principal id */
  caller: string | null;
  /** our own trail says otherwise */
  contradicts: boolean;
}

export function claimOf({ recipientAccountId, eventID, caller }: Issuance, contradicts: boolean): Claim {
  return { account: recipientAccountId, eventID, caller: caller.arn ?? caller.principalId, contradicts };
}

/**
 * The records that hand out this credential. Under a key that only a service's own word hands out, that word; under a
 * session, what begins it, not what carries it on or speaks of it.
 */
export function issuancesIn({ credential, issuances }: CredentialFacts): Issuance[] {
  if (isSessionCredential(credential))
    return begunThen(credential, issuances).filter(({ part }) => part === 'issuance');
  const issued = issuances.filter(({ part }) => part !== 'grant');
  return issued.length > 0 ? issued : [...issuances];
}

/**
 * The issuances behind the known copies of one credential. A cross-account AssumeRole is logged in both accounts under
 * one sharedEventID with different eventIDs (IAM guide, cloudtrail-integration); older records have no sharedEventID
 * and are identified by principal, time and expiration.
 */
export function issuedSessions(copies: readonly Issuance[]): IssuedSession[] {
  const sorted = [...copies].sort(byName);
  const own = grouped(sorted.filter(copy => copy.provenance === 'trail'));
  // A partner's copy belongs to one issuance of ours or to none: it must not make one of two.
  const reported = new Map<Issuance[], Issuance[]>(own.map(group => [group, []]));
  const alone: Issuance[] = [];
  for (const copy of sorted.filter(each => each.provenance === 'partner')) {
    const [group, another] = own.filter(each => each.some(other => sameIssuance(copy, other)));
    if (group && !another) reported.get(group)?.push(copy);
    else alone.push(copy);
  }
  const bySender = Map.groupBy(alone, copy => copy.recipientAccountId);
  const claimed = [...bySender.values()].flatMap(grouped);
  return [...own.map(group => merge(group, reported.get(group))), ...claimed.map(group => merge(group))].sort(
    (a, b) => byName(a.best, b.best),
  );
}

/** `reported`: what partners say of it. It fills no field, and lends the caller's name at most. */
function merge(copies: Issuance[], reported: readonly Issuance[] = []): IssuedSession {
  const ranked = [...copies].sort((a, b) => rank(a) - rank(b) || byName(a, b));
  const best = ranked[0] as Issuance;
  const known = ownCaller(ranked, best);
  const { caller, lenders, claims } = lent(known.caller, reported);
  const { expiresAt } = ranked.find(copy => copy.expirationKnown) ?? best;
  const first = <K extends keyof Issuance>(field: K) =>
    ranked.map(copy => copy[field]).find(value => value !== null);
  const claimed = best.provenance === 'partner';
  return {
    copies: [...ranked, ...lenders],
    eventIDs: [...new Set([...ranked, ...lenders].map(copy => copy.eventID))].sort(),
    best,
    caller,
    issuedAt: best.eventTime,
    createdAt: ranked.find(({ created }) => created)?.created ?? best.eventTime,
    expiresAt,
    usableUntil: expiresAt,
    roleArn: first('roleArn') ?? null,
    arn: first('arn') ?? null,
    principalId: first('principalId') ?? null,
    sessionName: first('sessionName') ?? null,
    sourceIdentity: first('sourceIdentity') ?? null,
    externalId: first('externalId') ?? null,
    audited: ranked.some(copy => copy.audited),
    joinedBy: claimed
      ? 'claimed'
      : known.from === best && lenders.length === 0
        ? 'exact-key'
        : 'shared-event',
    lent: lenders.length > 0,
    claims: [...claims, ...known.others.map(copy => claimOf(copy, true))],
  };
}

/** Whether two records may speak of one caller: what both know is equal. */
function sameCaller(one: Caller, other: Caller): boolean {
  return (['principalId', 'accountId', 'arn'] as const).every(
    field => one[field] === null || other[field] === null || one[field] === other[field],
  );
}

/**
 * The owner's copy of a cross-account AssumeRole shows the caller's account and principal id, but no name; the caller's
 * account's copy in the same logs names it. `others`: copies that speak of somebody else.
 */
function ownCaller(ranked: readonly Issuance[], best: Issuance) {
  const known = best.caller;
  const others = ranked.filter(copy => !sameCaller(known, copy.caller));
  const named = ranked.find(copy => copy.caller.arn !== null && sameCaller(known, copy.caller));
  if (isNamed(known) || !named) return { caller: known, from: best, others };
  return {
    caller: { ...named.caller, principalId: named.caller.principalId ?? known.principalId },
    from: named,
    others,
  };
}

function isNamed({ arn, type }: Caller): boolean {
  return arn !== null || type !== 'AWSAccount';
}

/**
 * A name is lent by the caller's own account alone, to a caller that our own trail shows with the very principal id; an account
 * that says two names lends none. Whatever else partners say is a claim.
 */
function lent(known: Caller, reported: readonly Issuance[]) {
  const able = isNamed(known)
    ? []
    : reported.filter(
        ({ caller, recipientAccountId }) =>
          recipientAccountId === known.accountId &&
          caller.arn !== null &&
          caller.principalId !== null &&
          caller.principalId === known.principalId &&
          sameCaller(known, caller),
      );
  const names = new Set(able.map(({ caller }) => JSON.stringify([caller.arn, caller.accessKeyId])));
  const lenders = names.size === 1 ? able : [];
  const [first] = lenders;
  const claims = reported
    .filter(copy => !lenders.includes(copy))
    .map(copy => claimOf(copy, !sameCaller(known, copy.caller) || able.includes(copy)));
  return { caller: first ? first.caller : known, lenders, claims };
}

function rank(copy: Issuance): number {
  return (
    (copy.accessKeyId === null ? 2 : 0) +
    (copy.caller.arn === null && copy.caller.type === 'AWSAccount' ? 1 : 0) +
    (copy.eventSource === 'sts.amazonaws.com' ? 0 : 0.5)
  );
}

function byName(a: Issuance, b: Issuance): number {
  const [one, other] = [issuanceName(a), issuanceName(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * Was this credential issued to the principal that a call shows? Some services show the key and not the principal (Cognito,
 * S3 Access Grants): there the key decides, if our own trail says so.
 */
export function issuedTo(shown: Principal, { arn, principalId, best }: IssuedSession): boolean {
  const nameless = arn === null && principalId === null && best.provenance === 'trail';
  return nameless || samePrincipal(shown, { arn, principalId });
}

/** Whether only a partner reports it. */
export function isClaim({ best }: IssuedSession): boolean {
  return best.provenance === 'partner';
}

/** Those issued nearest to a session's creation date; all when it is not known. */
export function nearest(sessions: IssuedSession[], creationDate: string | null): IssuedSession[] {
  if (creationDate === null || sessions.length < 2) return sessions;
  const distance = (session: IssuedSession) =>
    Math.abs(Date.parse(session.createdAt) - Date.parse(creationDate));
  const least = Math.min(...sessions.map(distance));
  return sessions.filter(session => distance(session) === least);
}
