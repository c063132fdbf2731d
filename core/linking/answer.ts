import { shortHash } from '../hash.ts';
import { sessionCredential } from '../identities/identity.ts';
import type { Issuance } from '../records/event.ts';
import { boundedDrafts, mostSessions } from './bounds.ts';
import type { Hop } from './chain.ts';
import { withClaims } from './claimed.ts';
import { believed, ownAndClaimed } from './claims.ts';
import { isConsoleSession } from './console-session.ts';
import { type DateJoin, joinByDate, outliving } from './date-join.ts';
import { isDelegated } from './delivered.ts';
import { answerOfDraft, personOf, roleOf } from './drafted-answer.ts';
import { type Draft, draftSessions } from './drafts.ts';
import { type CredentialFacts, factNames, isSessionCredential, type LoadFacts, sessionOf } from './facts.ts';
import { candidatesText, followChain, haveOneOrigin } from './follow-chain.ts';
import { type IssuedSession, issuancesIn } from './issued-session.ts';
import type { Mechanism } from './mechanism.ts';
import { samePrincipal } from './principal.ts';
import { type CredentialAnswers, nameAmongOthers, type SessionAnswer } from './session-answer.ts';
import { isAccepted, ownUses, type Use } from './use.ts';

/**
 * Derives the answers of one credential from its facts and those of its ancestors. A function of the facts alone:
 * any order and duplication of their arrival gives the same answers, byte for byte.
 */
export async function answersOf(facts: CredentialFacts, load: LoadFacts): Promise<CredentialAnswers> {
  const basis = factNames(facts);
  const answers: SessionAnswer[] = [];
  const { facts: trusted, refuted } = await believed(facts, load, basis);
  const { own, claimed } = ownAndClaimed(trusted);
  const drafts = boundedDrafts(own, draftSessions(own, claimed));
  if (drafts === null) answers.push(crowdedAnswer(own));
  for (const draft of drafts ?? []) {
    const answered = await answerDraft(own, draft, load, basis);
    answers.push(await withClaims(answered, draft, refuted, load, basis));
  }
  nameApart(answers);
  answers.sort((a, b) => (a.session < b.session ? -1 : 1));
  // A use's times are not facts of their own; where they change an answer, the basis must tell it from the one before.
  return { answers, basis: [...new Set(basis)].sort().concat(outcomeName(answers)) };
}

/** No session is told apart, and nobody is named: the answer for a credential that a forged log shows under everybody's name. */
function crowdedAnswer({ credential, uses, issuances }: CredentialFacts): SessionAnswer {
  const nobody: Draft = {
    issued: null,
    uses: [],
    candidates: [],
    flags: new Set(['other-principal-under-key']),
    claimed: [],
  };
  const times = [...uses.map(use => use.firstSeen), ...issuances.map(({ eventTime }) => eventTime)];
  return {
    ...answerOfDraft(credential, nobody, {}),
    crowded: true,
    reason: `TooManySessions: more than ${mostSessions} sessions show this credential; they cannot be told apart`,
    // The first of them: so it is known to be in use, and alerts.
    uses: uses.map(use => use.hash).sort(),
    used: uses.some(isAccepted),
    began: times.sort()[0] ?? '',
  };
}

/** What begins the name of no fact, but of what came of them. */
export const outcomePrefix = 'outcome ';

function outcomeName(answers: SessionAnswer[]): string {
  return outcomePrefix + shortHash(answers.map(answer => ({ ...answer, chain: answer.chain.map(hopName) })));
}

// Of a long chain all hops but one are those of the session it was asked with.
function hopName(hop: Hop): string {
  const known = hopNames.get(hop) ?? shortHash(hop);
  hopNames.set(hop, known);
  return known;
}

const hopNames = new WeakMap<Hop, string>();

async function answerDraft(
  facts: CredentialFacts,
  draft: Draft,
  load: LoadFacts,
  basis: string[],
): Promise<SessionAnswer> {
  const { credential } = facts;
  if (isDelegated(draft.uses))
    return answerOfDraft(credential, { ...draft, issued: null, candidates: [] }, {});
  const console = isSessionCredential(credential) ? null : await consoleAnswer(facts, draft, load, basis);
  if (console) return console;
  if (draft.issued) {
    const chain = await followChain(draft.issued, load, {
      ...byDate(credential, draft),
      roleArn: roleOf(draft.uses),
      person: personOf(draft.uses),
    });
    basis.push(...chain.basis);
    return answerOfDraft(credential, draft, { chain });
  }
  if (draft.candidates.length > 0) {
    const join = { mechanism: markOf(draft.uses), candidates: draft.candidates, grants: [] };
    return joined(credential, draft, join, load, basis);
  }
  return unissued(facts, draft, load, basis);
}

/**
 * The console signs each request with a fresh key: a key without an issuance, and an issued key that was never used, may
 * be of a console session, which then has the answer for both. Null when it is not.
 */
async function consoleAnswer(
  facts: CredentialFacts,
  draft: Draft,
  load: LoadFacts,
  basis: string[],
): Promise<SessionAnswer | null> {
  const principal = draft.uses[0] ?? draft.issued;
  if (!principal || (draft.issued && draft.uses.length > 0) || draft.candidates.length > 0) return null;
  if (!draft.issued && issuancesIn(facts).length > 0) return null;
  const name = draft.issued ? issuedSession(draft.issued) : sessionOf(draft.uses[0] as Use);
  if (!name) return null;
  const session = await load(name);
  basis.push(...factNames(session));
  if (!isConsoleSession(session, principal)) return null;
  const found = await answersOf(session, load);
  basis.push(...found.basis);
  const same = found.answers.find(answer => samePrincipal(answer, principal));
  return same ? { ...same, uses: draft.uses.map(use => use.hash) } : null;
}

function issuedSession({ arn, issuedAt }: IssuedSession): string | null {
  return arn ? sessionCredential(arn, issuedAt) : null;
}

// A session without a key is found by principal and creation date, whatever began it.
function byDate(credential: string, { uses }: Draft) {
  if (!isSessionCredential(credential)) return {};
  return { joinedBy: 'principal-and-creation-date' as const, mechanism: markOf(uses) ?? undefined };
}

function markOf(uses: readonly Use[]): Mechanism | null {
  const own = ownUses(uses);
  if (own.some(use => use.fromConsole)) return 'console';
  return own.length > 0 && own.every(use => use.byService) ? 'forward-access' : null;
}

/** What an issuance of the key says that is not this session's: it was for another principal, or at another time. */
function issuedElse(issuances: readonly Issuance[], uses: readonly Use[]): string {
  const sameTo = issuances.filter(issuance => uses.some(use => samePrincipal(use, issuance)));
  if (sameTo.length > 0) {
    const times = [...new Set(sameTo.map(({ eventTime }) => eventTime))].sort();
    return `the credential was issued to this principal at ${times.join(', ')}, which is not when this session was created`;
  }
  const others = new Set(
    issuances.map(({ arn, principalId }) => `${arn ?? 'a principal'} (${principalId ?? 'no id'})`),
  );
  return `the credential was issued to ${[...others].sort().join(', ')}, not to this principal`;
}

/** A key, or a session, that no record issued: what its principal and creation date, or the calls themselves, show. */
async function unissued(
  facts: CredentialFacts,
  draft: Draft,
  load: LoadFacts,
  basis: string[],
): Promise<SessionAnswer> {
  const { credential } = facts;
  const issuedToOthers = isSessionCredential(credential) ? [] : issuancesIn(facts);
  if (issuedToOthers.length > 0) {
    return answerOfDraft(credential, draft, { missing: issuedElse(issuedToOthers, draft.uses) });
  }
  const joins: (DateJoin | null)[] = [];
  for (const use of ownUses(draft.uses)) {
    const key = isSessionCredential(credential) ? null : credential;
    joins.push(await joinByDate(use, load, basis, { key, seenAt: use.firstSeen, except: new Set() }));
  }
  const [join] = joins;
  if (!join || join.candidates.length === 0) return answerOfDraft(credential, draft, {});
  // One call without a reason may have been made by anybody who got hold of the key.
  if (joins.some(each => each?.mechanism == null)) {
    return answerOfDraft(credential, draft, { missing: candidatesText(join.candidates) });
  }
  return joined(credential, draft, join, load, basis);
}

/** Linked where all candidates lead to one origin; ambiguous, and nobody named, where they lead to several. */
async function joined(
  credential: string,
  draft: Draft,
  { mechanism, candidates, grants }: DateJoin,
  load: LoadFacts,
  basis: string[],
): Promise<SessionAnswer> {
  const [first] = candidates;
  if (!first) return answerOfDraft(credential, draft, {});
  if (candidates.length > 1 && !(await haveOneOrigin(candidates, load, basis)))
    return answerOfDraft(credential, { ...draft, candidates: [...candidates] }, {});
  const issued = outliving(first);
  const chain = await followChain(issued, load, {
    joinedBy: 'principal-and-creation-date',
    mechanism: mechanism ?? undefined,
    roleArn: roleOf(draft.uses),
    person: personOf(draft.uses),
    grants,
    among: candidates,
  });
  basis.push(...chain.basis);
  return answerOfDraft(credential, { ...draft, issued, candidates: [] }, { chain });
}

/** Sessions that would share a name (a key issued again to the same ARN, a forged principal id) get longer ones. */
function nameApart(answers: SessionAnswer[]): void {
  const counts = new Map<string, number>();
  for (const { session } of answers) counts.set(session, (counts.get(session) ?? 0) + 1);
  for (const each of answers) {
    if ((counts.get(each.session) ?? 0) < 2) continue;
    each.session = nameAmongOthers(each);
  }
}
