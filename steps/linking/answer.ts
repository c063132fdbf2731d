import type { Issuance } from '../cloudtrail/event.ts';
import { type Chain, followChain, type Hop, nearest, type Party, preferTrail } from './chain.ts';
import { issuanceName, shortHash, type Use } from './facts.ts';
import { type IssuedSession, issuedSessions } from './issued-session.ts';
import { samePrincipal } from './principal.ts';
import { against, timeAgainst } from './window.ts';

export type Status = 'linked' | 'unlinked' | 'ambiguous';

/** What is known of one session: who used the credential, who it was issued to, hop by hop. */
export interface SessionAnswer {
  session: string;
  credential: string;
  accessKeyId: string | null;
  status: Status;
  /** why it is not linked, or where a linked chain stays open; null when nothing is missing */
  reason: string | null;
  arn: string | null;
  principalId: string | null;
  roleArn: string | null;
  sessionName: string | null;
  sourceIdentity: string | null;
  issuedAt: string | null;
  expiresAt: string | null;
  issuerEventIDs: string[];
  chain: Hop[];
  origin: Party | null;
  /** what an investigator should look at, in words of {@link Flag} */
  flags: Flag[];
  /** the uses (hashes) this session covers */
  uses: string[];
  /** when it began, as far as is known: the time of issue, the creation date, or the first call */
  began: string;
}

export type Flag =
  | 'used-before-issuance'
  | 'used-after-expiry'
  | 'other-principal-under-key'
  | 'source-identity-differs'
  | 'claim-contradicts-trail';

/** All answers of one credential, and the facts they were derived from. */
export interface CredentialAnswers {
  answers: SessionAnswer[];
  basis: string[];
}

export interface CredentialFacts {
  credential: string;
  issuances: readonly Issuance[];
  uses: readonly Use[];
}

/** A session in the making: an issuance and its uses, uses nobody issued, or uses more than one issuance fits. */
interface Draft {
  issued: IssuedSession | null;
  uses: Use[];
  candidates: IssuedSession[];
  flags: Set<Flag>;
}

/**
 * Derives the answers of one credential from its facts and those of its ancestors. A function of the facts alone:
 * any order and duplication of their arrival gives the same answers, byte for byte.
 */
export async function answersOf(
  facts: CredentialFacts,
  issuancesOf: (credential: string) => Promise<readonly Issuance[]>,
): Promise<CredentialAnswers> {
  const basis = [...facts.issuances.map(issuanceName), ...facts.uses.map(use => use.hash)];
  const drafts = draftSessions(facts);
  const answers: SessionAnswer[] = [];
  for (const draft of drafts) {
    const chain = draft.issued && (await followChain(draft.issued, issuancesOf));
    if (chain) basis.push(...chain.basis);
    answers.push(answer(facts.credential, draft, chain));
  }
  nameApart(answers);
  answers.sort((a, b) => (a.session < b.session ? -1 : 1));
  return { answers, basis: [...new Set(basis)].sort() };
}

function draftSessions(facts: CredentialFacts): Draft[] {
  const issued = issuedSessions(facts.issuances);
  const drafts = new Map<string, Draft>();
  const uses = [...facts.uses].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  for (const use of uses) {
    const { sessions, overruled } = issuersOf(use, issued);
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
    if (session.audited && !drafts.has(nameOf(session))) drafts.set(nameOf(session), emptyDraft(session));
  }
  // A partner's word about our own credential must not cast doubt on it.
  const principals = new Set(
    uses.filter(use => use.provenance === 'trail').map(use => `${use.arn} ${use.principalId}`),
  );
  const all = [...drafts.values()];
  for (const draft of all) {
    if (principals.size > 1) draft.flags.add('other-principal-under-key');
  }
  return all;
}

/** The issuances that can be behind a use; more than one without a creation date: each call's time decides. */
function issuersOf(use: Use, issued: IssuedSession[]): { sessions: IssuedSession[]; overruled: boolean } {
  const same = issued.filter(session => samePrincipal(use, session));
  const valid = same.filter(session =>
    use.creationDate === null
      ? against(session, use.lastSeen) !== 'before' && against(session, use.firstSeen) !== 'after'
      : against(session, use.creationDate) === 'within',
  );
  const trusted = preferTrail(valid);
  return { sessions: nearest(trusted, use.creationDate), overruled: trusted.length < valid.length };
}

function answer(credential: string, draft: Draft, chain: Chain | null): SessionAnswer {
  const { issued, uses } = draft;
  const use = uses[0] ?? null;
  const arn = issued?.arn ?? use?.arn ?? null;
  const first = earliest(uses.map(each => each.firstSeen));
  return {
    session: `${sessionPrefix(credential)}.${shortHash(arn).slice(0, 8)}`,
    credential,
    accessKeyId: credential.includes('@') ? null : credential,
    status: issued ? 'linked' : draft.candidates.length > 0 ? 'ambiguous' : 'unlinked',
    reason: chain ? chain.open : whyNot(draft),
    arn,
    principalId: issued?.principalId ?? use?.principalId ?? null,
    roleArn: issued?.roleArn ?? use?.issuerArn ?? null,
    sessionName:
      issued?.sessionName ?? (use?.arn?.includes(':assumed-role/') ? sessionNameIn(use.arn) : null),
    sourceIdentity: issued?.sourceIdentity ?? use?.sourceIdentity ?? null,
    issuedAt: issued?.issuedAt ?? null,
    expiresAt: issued?.expiresAt ?? null,
    issuerEventIDs: issued ? issued.eventIDs : draft.candidates.flatMap(each => each.eventIDs).sort(),
    chain: chain?.hops ?? [],
    origin: chain?.origin ?? selfNamed(use),
    flags: flagsOf(draft, chain),
    uses: uses.map(each => each.hash),
    began: issued?.issuedAt ?? use?.creationDate ?? first ?? '',
  };
}

function flagsOf(draft: Draft, chain: Chain | null): Flag[] {
  const { issued, uses } = draft;
  const flags = new Set(draft.flags);
  if (chain?.contradicted) flags.add('claim-contradicts-trail');
  if (issued) {
    if (uses.some(use => against(issued, use.firstSeen) === 'before')) flags.add('used-before-issuance');
    if (uses.some(use => against(issued, use.lastSeen) === 'after')) flags.add('used-after-expiry');
  }
  const identities = new Set(
    [issued?.sourceIdentity, ...uses.map(use => use.sourceIdentity)].filter(identity => identity),
  );
  if (identities.size > 1) flags.add('source-identity-differs');
  return [...flags].sort();
}

function whyNot(draft: Draft): string {
  const use = draft.uses[0] as Use;
  if (draft.candidates.length > 0)
    return `${draft.candidates.length} issuances fit this session equally well`;
  if (use.arn === null && use.principalId === null) return 'the record shows no principal';
  return 'no issuance of this credential to this principal was seen';
}

// A record of an IAM user or of root names the caller by itself, even when the session's issuance was not seen.
function selfNamed(use: Use | null): Party | null {
  if (!use || !['IAMUser', 'Root'].includes(use.type)) return null;
  const { type, arn, principalId, accountId, userName } = use;
  return { type, arn, principalId, accountId, userName, invokedBy: null, identityProvider: null };
}

/** Sessions that would share a name (a key issued again to the same ARN, a forged principal id) get longer ones. */
function nameApart(answers: SessionAnswer[]): void {
  const counts = new Map<string, number>();
  for (const { session } of answers) counts.set(session, (counts.get(session) ?? 0) + 1);
  for (const each of answers) {
    if ((counts.get(each.session) ?? 0) < 2) continue;
    each.session = `${each.session}.${shortHash([each.principalId, each.began, each.issuerEventIDs]).slice(0, 8)}`;
  }
}

export interface CallAnswer {
  status: Status;
  /** why it is not linked, or where the chain stays open */
  reason: string | null;
  /** the session it shows, proven or not */
  session: string | null;
  /** what proves it: null unless the session covers the call at its own time */
  answer: SessionAnswer | null;
}

/**
 * Which session a call belongs to and whether it holds for the call's own time: a linked session proves nothing about
 * a call made before its issuance or after its expiry.
 */
export function answerCall(
  call: { eventTime: string; use: string },
  answers: readonly SessionAnswer[],
): CallAnswer {
  const covering = answers.filter(each => each.uses.includes(call.use));
  const inTime = covering.filter(each => sideOf(each, call.eventTime) === 'within');
  // A key issued twice to one principal: the later issuance that the call's time allows is the one in use.
  const found = inTime.sort((a, b) => (a.began < b.began ? 1 : -1))[0];
  if (found) return { status: found.status, reason: found.reason, session: found.session, answer: found };
  const near = covering[0];
  if (!near) {
    return {
      status: 'unlinked',
      reason: 'the call has not been correlated yet',
      session: null,
      answer: null,
    };
  }
  const early = sideOf(near, call.eventTime) === 'before';
  const reason = early ? 'made before the credential was issued' : 'made after the credential had expired';
  return { status: 'unlinked', reason, session: near.session, answer: null };
}

function sideOf({ issuedAt, expiresAt }: SessionAnswer, time: string): 'before' | 'within' | 'after' {
  return issuedAt === null || expiresAt === null ? 'within' : timeAgainst(issuedAt, expiresAt, time);
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

function sessionPrefix(credential: string): string {
  return credential.includes('@') ? 'keyless' : credential;
}

function sessionNameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function earliest(times: string[]): string | null {
  return times.sort()[0] ?? null;
}
