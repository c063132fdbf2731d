import type { Flag } from './chain.ts';
import { agrees, outliving } from './date-join.ts';
import { type CredentialFacts, isSessionCredential, issuanceName } from './facts.ts';
import { type IssuedSession, issuancesIn, issuedSessions, issuedTo, nearest } from './issued-session.ts';
import { isAccepted, type Use } from './use.ts';
import { against } from './window.ts';

/** A session in the making: an issuance and its uses, uses nobody issued, or uses more than one issuance fits. */
export interface Draft {
  issued: IssuedSession | null;
  uses: Use[];
  candidates: IssuedSession[];
  flags: Set<Flag>;
  /** issuances of it that only partners report */
  claimed: IssuedSession[];
}

/**
 * Brings a credential's issuances and uses together, by principal and window. `facts`: of our own trail, with what partners lend to
 * it; `claimed`: what only partners report.
 */
export function draftSessions(facts: CredentialFacts, claimed: readonly IssuedSession[] = []): Draft[] {
  const byDate = isSessionCredential(facts.credential);
  const all = issuedSessions(issuancesIn(facts));
  const issued = byDate ? all.map(outliving) : all;
  const drafts = new Map<string, Draft>();
  const uses = [...facts.uses].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  for (const use of uses) {
    const fitting = byDate ? issued.filter(session => agrees(use, session)) : issued;
    const sessions = nearest(issuersOf(use, fitting), use.creationDate);
    const ambiguous = sessions.length > 1 && use.creationDate !== null;
    const names = ambiguous || sessions.length === 0 ? [unissuedName(use)] : sessions.map(nameOf);
    for (const [index, name] of names.entries()) {
      const draft = drafts.get(name) ?? emptyDraft(ambiguous ? null : (sessions[index] ?? null));
      draft.uses.push(use);
      if (ambiguous)
        draft.candidates.push(...sessions.filter(session => !draft.candidates.includes(session)));
      drafts.set(name, draft);
    }
  }
  for (const session of issued) {
    const keyed = session.best.accessKeyId === facts.credential;
    if (keyed && session.audited && !drafts.has(nameOf(session)))
      drafts.set(nameOf(session), emptyDraft(session));
  }
  for (const claim of claimed) attach(claim, drafts, facts.credential);
  const found = [...drafts.values()];
  // A partner's word about our own credential must not cast doubt on it.
  const principals = new Set(
    uses
      .filter(use => use.provenance === 'trail' && isAccepted(use))
      .map(use => `${use.arn} ${use.principalId}`),
  );
  if (principals.size > 1) for (const draft of found) draft.flags.add('other-principal-under-key');
  return found;
}

/**
 * Sets a claim beside the session that it speaks of: one whose issuance our own trail has at that time (a key is issued once at a
 * time), or whose calls show its principal. One that nothing of ours speaks of is a session of its own, of an audited role.
 */
function attach(claim: IssuedSession, drafts: Map<string, Draft>, credential: string): void {
  const spoken = [...drafts.values()].filter(({ issued, uses }) =>
    issued ? overlap(issued, claim) : uses.some(use => issuersOf(use, [claim]).length > 0),
  );
  for (const draft of spoken) draft.claimed.push(claim);
  const ofKey = claim.best.accessKeyId === credential && claim.audited;
  if (spoken.length === 0 && ofKey) drafts.set(nameOf(claim), { ...emptyDraft(null), claimed: [claim] });
}

function overlap(one: IssuedSession, other: IssuedSession): boolean {
  return against(one, other.issuedAt) === 'within' || against(other, one.issuedAt) === 'within';
}

/** The issuances that can be behind a use; more than one without a creation date: each call's time decides. */
function issuersOf(use: Use, issued: readonly IssuedSession[]): IssuedSession[] {
  const same = issued.filter(session => issuedTo(use, session));
  return same.filter(session => {
    // A sign-in token carries a session on: the calls made with it keep that session's creation date.
    const carriedOn = session.best.part === 'continuation';
    return use.creationDate === null || carriedOn
      ? against(session, use.lastSeen) !== 'before' &&
          (!isAccepted(use) || against(session, use.firstSeen, use.firstTaken) !== 'after')
      : against(session, use.creationDate) === 'within';
  });
}

function emptyDraft(issued: IssuedSession | null): Draft {
  return { issued, uses: [], candidates: [], flags: new Set(), claimed: [] };
}

function nameOf(session: IssuedSession): string {
  return `issued ${issuanceName(session.best)}`;
}

function unissuedName(use: Use): string {
  return `unissued ${use.arn} ${use.principalId} ${use.creationDate}`;
}
