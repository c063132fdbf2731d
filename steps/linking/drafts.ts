import { agrees, outliving } from './date-join.ts';
import { type CredentialFacts, isSessionCredential, issuanceName } from './facts.ts';
import type { Flag } from './flags.ts';
import {
  type IssuedSession,
  issuancesIn,
  issuedSessions,
  issuedTo,
  nearest,
  preferTrail,
} from './issued-session.ts';
import { isAccepted, type Use } from './use.ts';
import { against } from './window.ts';

/** A session in the making: an issuance and its uses, uses nobody issued, or uses more than one issuance fits. */
export interface Draft {
  issued: IssuedSession | null;
  uses: Use[];
  candidates: IssuedSession[];
  flags: Set<Flag>;
}

/** Brings a credential's issuances and uses together, by principal and window. */
export function draftSessions(facts: CredentialFacts): Draft[] {
  const byDate = isSessionCredential(facts.credential);
  const all = issuedSessions(issuancesIn(facts));
  const issued = byDate ? all.map(outliving) : all;
  const drafts = new Map<string, Draft>();
  const uses = [...facts.uses].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  for (const use of uses) {
    const fitting = byDate ? issued.filter(session => agrees(use, session)) : issued;
    const { sessions, overruled } = issuersOf(use, fitting);
    const ambiguous = sessions.length > 1 && use.creationDate !== null;
    const names = ambiguous || sessions.length === 0 ? [unissuedName(use)] : sessions.map(nameOf);
    for (const [index, name] of names.entries()) {
      const draft = drafts.get(name) ?? emptyDraft(ambiguous ? null : (sessions[index] ?? null));
      draft.uses.push(use);
      if (ambiguous)
        draft.candidates.push(...sessions.filter(session => !draft.candidates.includes(session)));
      if (overruled) draft.flags.add('claim-contradicts-trail');
      drafts.set(name, draft);
    }
  }
  for (const session of issued) {
    const keyed = session.best.accessKeyId === facts.credential;
    if (keyed && session.audited && !drafts.has(nameOf(session)))
      drafts.set(nameOf(session), emptyDraft(session));
  }
  const found = [...drafts.values()];
  flagClaims(found, issued);
  // A partner's word about our own credential must not cast doubt on it.
  const principals = new Set(
    uses
      .filter(use => use.provenance === 'trail' && isAccepted(use))
      .map(use => `${use.arn} ${use.principalId}`),
  );
  if (principals.size > 1) for (const draft of found) draft.flags.add('other-principal-under-key');
  return found;
}

/** A key is issued once at a time: a partner's claim of another issuance while ours is valid contradicts our trail. */
function flagClaims(drafts: Draft[], issued: IssuedSession[]): void {
  const overlap = (one: IssuedSession, other: IssuedSession) =>
    against(one, other.issuedAt) === 'within' || against(other, one.issuedAt) === 'within';
  const claimed = issued.filter(session => session.best.provenance === 'partner');
  for (const own of issued.filter(session => session.best.provenance === 'trail')) {
    for (const claim of claimed.filter(each => overlap(own, each))) {
      for (const draft of drafts) {
        if (draft.issued === own || draft.issued === claim) draft.flags.add('claim-contradicts-trail');
      }
    }
  }
}

/** The issuances that can be behind a use; more than one without a creation date: each call's time decides. */
function issuersOf(use: Use, issued: IssuedSession[]): { sessions: IssuedSession[]; overruled: boolean } {
  const same = issued.filter(session => issuedTo(use, session));
  const valid = same.filter(session => {
    // A sign-in token carries a session on: the calls made with it keep that session's creation date.
    const carriedOn = session.best.part === 'continuation';
    return use.creationDate === null || carriedOn
      ? against(session, use.lastSeen) !== 'before' &&
          (!isAccepted(use) || against(session, use.firstSeen, use.firstTaken) !== 'after')
      : against(session, use.creationDate) === 'within';
  });
  const trusted = preferTrail(valid);
  return { sessions: nearest(trusted, use.creationDate), overruled: trusted.length < valid.length };
}

function emptyDraft(issued: IssuedSession | null): Draft {
  return { issued, uses: [], candidates: [], flags: new Set() };
}

function nameOf(session: IssuedSession): string {
  return `issued ${issuanceName(session.best)}`;
}

function unissuedName(use: Use): string {
  return `unissued ${use.arn} ${use.principalId} ${use.creationDate}`;
}
