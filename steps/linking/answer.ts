import { parseRoleArn } from '../cloudtrail/arn.ts';
import { sessionCredential } from '../cloudtrail/identity.ts';
import { type Chain, followChain, type Party, roleOfSession } from './chain.ts';
import { believed } from './claims.ts';
import { isConsoleSession, isSessionCredential } from './console-session.ts';
import { type Draft, draftSessions } from './drafts.ts';
import { type CredentialFacts, factNames, type LoadFacts, sessionOf } from './facts.ts';
import type { JoinedBy } from './issued-session.ts';
import { samePrincipal } from './principal.ts';
import type { CredentialAnswers, SessionAnswer } from './session-answer.ts';
import { shortHash } from './short-hash.ts';
import type { Use } from './use.ts';
import { flagsOf, originOf, verdict } from './verdict.ts';

/**
 * Derives the answers of one credential from its facts and those of its ancestors. A function of the facts alone:
 * any order and duplication of their arrival gives the same answers, byte for byte.
 */
export async function answersOf(facts: CredentialFacts, load: LoadFacts): Promise<CredentialAnswers> {
  const basis = factNames(facts);
  const answers: SessionAnswer[] = [];
  const { facts: trusted, refuted } = await believed(facts, load, basis);
  for (const draft of draftSessions(trusted)) {
    if (refuted) draft.flags.add('claim-contradicts-trail');
    const stitched = isSessionCredential(facts.credential) ? null : await consoleAnswer(draft, load, basis);
    answers.push(stitched ?? (await answerDraft(facts.credential, draft, load, basis)));
  }
  nameApart(answers);
  answers.sort((a, b) => (a.session < b.session ? -1 : 1));
  // A use's times are no fact of their own; where they change an answer, the basis must tell it from the one before.
  return { answers, basis: [...new Set(basis)].sort().concat(outcomeName(answers)) };
}

function outcomeName(answers: SessionAnswer[]): string {
  return `outcome ${shortHash(answers)}`;
}

/**
 * The console signs each request with a fresh key: a key without an issuance, and an issued key that was never used, may
 * be of a console session, which then has the answer for both. Null when it is not.
 */
async function consoleAnswer(draft: Draft, load: LoadFacts, basis: string[]): Promise<SessionAnswer | null> {
  const principal = draft.uses[0] ?? draft.issued;
  if (!principal || (draft.issued && draft.uses.length > 0) || draft.candidates.length > 0) return null;
  const name = draft.issued ? issuedSession(draft) : sessionOf(draft.uses[0] as Use);
  if (!name) return null;
  const session = await load(name);
  basis.push(...factNames(session));
  if (!isConsoleSession(session, principal)) return null;
  const found = await answersOf(session, load);
  basis.push(...found.basis);
  const same = found.answers.find(answer => samePrincipal(answer, principal));
  return same ? { ...same, uses: draft.uses.map(use => use.hash) } : null;
}

function issuedSession({ issued }: Draft): string | null {
  return issued?.arn ? sessionCredential(issued.arn, issued.issuedAt) : null;
}

async function answerDraft(
  credential: string,
  draft: Draft,
  load: LoadFacts,
  basis: string[],
): Promise<SessionAnswer> {
  const chain =
    draft.issued &&
    (await followChain(draft.issued, load, {
      joinedBy: sessionRule(credential, draft),
      roleArn: roleOf(draft.uses),
    }));
  if (chain) basis.push(...chain.basis);
  const answered = answer(credential, draft, chain);
  return draft.candidates.length > 0
    ? { ...answered, ...(await commonOrigin(draft, load, basis)) }
    : answered;
}

// The console's mark, or a sign-in, says that keys are fresh; otherwise a service left its key out of the record.
function sessionRule(credential: string, { issued, uses }: Draft): JoinedBy | undefined {
  if (!isSessionCredential(credential)) return undefined;
  const console = uses.some(use => use.fromConsole) || issued?.copies.some(copy => copy.accessKeyId === null);
  return console ? 'console-creation-date' : 'creation-date';
}

/** Several issuances fit: which one it was is not known, but where all lead to one origin, that is. */
async function commonOrigin(
  { candidates }: Draft,
  load: LoadFacts,
  basis: string[],
): Promise<Pick<SessionAnswer, 'origin' | 'reason'>> {
  const origins = new Map<string, Party>();
  for (const candidate of candidates) {
    const { origin, basis: read } = await followChain(candidate, load);
    basis.push(...read);
    origins.set(JSON.stringify(origin), origin);
  }
  const [origin = null] = origins.values();
  const fit = `${candidates.length} issuances fit this session equally well`;
  return origins.size === 1 ? { origin, reason: `${fit}, all of one origin` } : { origin: null, reason: fit };
}

function answer(credential: string, draft: Draft, chain: Chain | null): SessionAnswer {
  const { issued, uses } = draft;
  const use = uses[0] ?? null;
  const arn = issued?.arn ?? use?.arn ?? null;
  return {
    session: isSessionCredential(credential) ? credential : `${credential}.${shortHash(arn).slice(0, 8)}`,
    credential,
    accessKeyId: isSessionCredential(credential) ? null : credential,
    ...verdict(draft, chain),
    arn,
    principalId: issued?.principalId ?? use?.principalId ?? null,
    roleArn: issued ? roleOfSession(issued, roleOf(uses)) : roleOf(uses),
    sessionName: issued?.sessionName ?? (use?.arn?.includes(':assumed-role/') ? lastPart(use.arn) : null),
    sourceIdentity: issued?.sourceIdentity ?? use?.sourceIdentity ?? null,
    issuedAt: issued?.issuedAt ?? null,
    expiresAt: issued?.expiresAt ?? null,
    issuerEventIDs: issued ? issued.eventIDs : draft.candidates.flatMap(each => each.eventIDs).sort(),
    chain: chain?.hops ?? [],
    origin: originOf(chain, uses),
    flags: flagsOf(draft, chain),
    uses: uses.map(each => each.hash),
    began: issued?.issuedAt ?? use?.creationDate ?? earliest(uses),
  };
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

/** The longer name a session has when another would share its own. */
export function nameAmongOthers({ session, principalId, began, issuerEventIDs }: SessionAnswer): string {
  return `${session}.${shortHash([principalId, began, issuerEventIDs]).slice(0, 8)}`;
}

// A federated user's session was issued by a user, not by a role.
function roleOf(uses: readonly Use[]): string | null {
  const shown = uses.map(use => use.issuerArn).filter(arn => arn !== null && parseRoleArn(arn));
  return shown[0] ?? null;
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function earliest(uses: Use[]): string {
  return uses.map(use => use.firstSeen).sort()[0] ?? '';
}
