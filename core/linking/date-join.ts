import { isReservedRole } from '../identities/grants.ts';
import { accountInArn } from '../records/arn.ts';
import type { Issuance, Provenance, SessionTags } from '../records/event.ts';
import { hourMillis, laterBy, millis } from '../records/times.ts';
import { believed } from './claims.ts';
import { isConsoleSession } from './console-session.ts';
import {
  type CredentialFacts,
  clockSkew,
  factNames,
  issuanceName,
  type LoadFacts,
  secondBefore,
  sessionOf,
} from './facts.ts';
import { type IssuedSession, issuancesIn, issuedSessions } from './issued-session.ts';
import { accountAccess, type Mechanism } from './mechanism.ts';
import { samePrincipal } from './principal.ts';
import { hasMark, type Shown } from './shown.ts';
import { tagsContradict } from './tags.ts';

/** What a session may have come from whose key no record issued, by its principal and creation date. */
export interface DateJoin {
  /** what AWS wrote that says why no record issued the key; null: nothing does, and the candidates prove nothing */
  mechanism: Mechanism | null;
  /** issued keys of that very principal and second */
  candidates: IssuedSession[];
  /** eventIDs of sign-ins and tokens that say that somebody has such keys */
  grants: string[];
}

export interface JoinOptions {
  /** the key it was made with: what was issued to it cannot be behind it */
  key: string | null;
  /** when it was seen, ISO 8601 */
  seenAt: string;
  /** names of issuances that came after it */
  except: ReadonlySet<string>;
  /** tags of a session that was issued to it: what came down from it (IAM guide, chaining roles with session tags) */
  tags?: SessionTags;
}

/**
 * Looks for the issuances that handed out this very principal in the second of its creation date. A caller chooses the name
 * of its session, and can hit the second: so the candidates count only beside something that AWS wrote. Null where
 * the record tells no session, and for what a product provider did with delegated access, who has it from another hand.
 */
export async function joinByDate(
  shown: Shown,
  load: LoadFacts,
  basis: string[],
  { key, seenAt, except, tags }: JoinOptions,
): Promise<DateJoin | null> {
  const name = sessionOf(shown);
  if (!name || shown.delegate) return null;
  const read = async (credential: string): Promise<CredentialFacts> => {
    const facts = await load(credential);
    basis.push(...factNames(facts));
    return (await believed(facts, load, basis)).facts;
  };
  const fits = (candidate: IssuedSession) =>
    !candidate.copies.some(
      copy => except.has(issuanceName(copy)) || (key !== null && copy.caller.accessKeyId === key),
    ) &&
    isOfOwnTrail(candidate) &&
    millis(candidate.issuedAt) <= millis(seenAt) + clockSkew * 1000 &&
    agrees(shown, candidate) &&
    !(tags && tagsContradict(tags, candidate.best.tags));
  const session = await read(name);
  const own = ofOwnTrail(session);
  const grants = own.issuances.filter(each => each.part !== 'issuance' && samePrincipal(shown, each));
  let candidates = issuedSessions(issuancesIn(session)).filter(fits);
  const earlier = candidates.length === 0 && hasMark(shown) ? secondBefore(shown) : null;
  if (earlier) {
    const found = issuedSessions(issuancesIn(await read(earlier))).filter(fits);
    const ofThatSecond = found.filter(({ issuedAt }) => earlier.endsWith(`@${issuedAt}`));
    if (ofThatSecond.length === 1) candidates = ofThatSecond;
  }
  return {
    mechanism: reasonFor(shown, candidates, grants, isConsoleSession(own, shown)),
    candidates,
    grants: [...new Set(grants.map(({ eventID }) => eventID))].sort(),
  };
}

/**
 * What AWS wrote that tells how keys came about which no record shows: a mark in the call, a role that only Identity Center
 * can assume, a service that asked for the session, or a sign-in of that session on record.
 */
function reasonFor(
  shown: Shown,
  candidates: readonly IssuedSession[],
  grants: readonly Issuance[],
  atConsole: boolean,
): Mechanism | null {
  if (shown.byService) return 'forward-access';
  if (shown.fromConsole || atConsole) return 'console';
  if (shown.signInSessionArn || grants.some(({ eventName }) => eventName === 'CreateOAuth2Token'))
    return 'sign-in';
  if (isReservedRole(shown.issuerArn)) return 'identity-center';
  if (grants.length > 0) return 'console';
  const askedByAccess = candidates.filter(({ caller }) => caller.invokedBy === accountAccess);
  return candidates.length > 0 && askedByAccess.length === candidates.length ? 'account-access' : null;
}

/** What a partner says of a sign-in, or of a call's mark, is not a word of AWS's. */
function ofOwnTrail({ credential, issuances, uses }: CredentialFacts): CredentialFacts {
  const isOwn = ({ provenance }: { provenance: Provenance }) => provenance === 'trail';
  return { credential, issuances: issuances.filter(isOwn), uses: uses.filter(isOwn) };
}

/** Only the trail of the account whose principal it is counts: a copy elsewhere, or a partner's, proves nothing by date. */
function isOfOwnTrail({ arn, copies }: IssuedSession): boolean {
  const account = accountInArn(arn);
  return copies.some(copy => copy.provenance === 'trail' && copy.recipientAccountId === account);
}

/** What both sides know must be equal. */
export function agrees(shown: Shown, { caller, sourceIdentity, best, ...issued }: IssuedSession): boolean {
  if (!samePrincipal(shown, issued)) return false;
  // A service that acts for the caller loses the source identity (IAM guide, temporary credentials monitoring).
  const bothNamed = shown.sourceIdentity !== null && sourceIdentity !== null && !shown.byService;
  if (bothNamed && shown.sourceIdentity !== sourceIdentity) return false;
  const person = caller.onBehalfOf?.userId ?? null;
  if (shown.onBehalfOf !== null && person !== null && shown.onBehalfOf !== person) return false;
  if (mfaDiffers(shown, best)) return false;
  if (shown.webIdentity !== null && !shown.webIdentity.endsWith(` ${caller.userName}`)) return false;
  // The keys of a function or an instance are issued to its service.
  return shown.inScopeOf === null || shown.byService || caller.type === 'AWSService';
}

/** Of a service that acts for the caller no page says whether it shows the caller's MFA. */
function mfaDiffers({ mfa, byService }: Shown, issued: Issuance): boolean {
  return mfa !== null && issued.mfa !== undefined && !byService && mfa !== issued.mfa;
}

/** How long a session lives that keys can be had for again and again: at the console 12 hours, a federated user's 36 (IAM guide). */
const longestHours = 12;
const longestFederatedHours = 36;

/** A session joined by date may outlive the key that its issuance shows. */
export function outliving(issued: IssuedSession): IssuedSession {
  const hours = issued.best.eventName === 'GetFederationToken' ? longestFederatedHours : longestHours;
  const longest = laterBy(hours * hourMillis, issued.issuedAt);
  return longest > issued.usableUntil ? { ...issued, usableUntil: longest } : issued;
}
