import { shortHash } from '../hash.ts';
import { isSessionArn, lastPart, parseRoleArn } from '../records/arn.ts';
import { type Chain, roleOfSession } from './chain.ts';
import { ciRunOf } from './ci-run.ts';
import { claimsBeside } from './claimed.ts';
import { deliveredTo } from './delivered.ts';
import type { Draft } from './drafts.ts';
import { isSessionCredential } from './facts.ts';
import { kindOf } from './kind.ts';
import { isMasked } from './principal.ts';
import type { SessionAnswer } from './session-answer.ts';
import { isAccepted, ownUses, type Use } from './use.ts';
import { flagsOf, namedBy, originOf, type Verdict, verdict } from './verdict.ts';

/** The answer of one session, of what its records show and the chain behind it. `missing`: why there is none. */
export function answerOfDraft(
  credential: string,
  draft: Draft,
  { chain = null, missing }: { chain?: Chain | null; missing?: string },
): SessionAnswer {
  const { issued, uses } = draft;
  const use = uses[0] ?? null;
  const arn = issued?.arn ?? use?.arn ?? null;
  const delivered = chain || draft.candidates.length > 0 ? null : deliveredTo(uses);
  const said: Verdict = delivered ?? verdict(draft, chain, missing);
  const origin = delivered ? delivered.origin : originOf(chain, uses);
  const ci = ciRunOf(origin);
  const mechanism = chain?.hops[0]?.mechanism ?? delivered?.mechanism ?? null;
  const signInSessions = signInsOf(uses);
  return {
    session: isSessionCredential(credential) ? credential : `${credential}.${shortHash(arn).slice(0, 8)}`,
    credential,
    accessKeyId: isSessionCredential(credential) ? null : credential,
    status: said.status,
    reason: said.reason,
    arn,
    principalId: issued?.principalId ?? use?.principalId ?? null,
    roleArn: issued ? roleOfSession(issued, roleOf(uses)) : roleOf(uses),
    sessionName: issued?.sessionName ?? (use?.arn && isSessionArn(use.arn) ? lastPart(use.arn) : null),
    sourceIdentity: issued?.sourceIdentity ?? use?.sourceIdentity ?? null,
    ...(signInSessions.length > 0 && { signInSessions }),
    issuedAt: issued?.issuedAt ?? null,
    expiresAt: issued?.expiresAt ?? null,
    ...(issued && issued.usableUntil !== issued.expiresAt && { usableUntil: issued.usableUntil }),
    issuerEventIDs: chain?.hops[0]?.eventIDs ?? draft.candidates.flatMap(each => each.eventIDs).sort(),
    chain: chain?.hops ?? [],
    origin,
    mechanism,
    kind: kindOf(
      mechanism,
      origin,
      ownUses(uses).some(each => each.agent !== null),
    ),
    ...(ci && { ci }),
    ...(delivered?.approver && { approver: delivered.approver }),
    named: delivered?.named ?? namedBy(chain),
    masked: [issued?.principalId, ...uses.map(each => each.principalId)].some(
      id => id != null && isMasked(id),
    ),
    flags: flagsOf(draft, chain),
    ...claimsBeside(chain?.claims ?? []),
    uses: uses.map(each => each.hash),
    used: uses.some(isAccepted),
    began: issued?.issuedAt ?? use?.creationDate ?? earliest(uses),
    creationKnown: Boolean(issued?.issuedAt ?? use?.creationDate),
  };
}

/** The Identity Center user that its calls show. */
export function personOf(uses: readonly Use[]): string | null {
  return (
    ownUses(uses)
      .map(use => use.onBehalfOf)
      .find(user => user !== null) ?? null
  );
}

/** A session's keys are renewed under one sign-in; more than these few only forged records show. */
const mostSignIns = 4;

function signInsOf(uses: readonly Use[]): string[] {
  const shown = ownUses(uses).flatMap(use => use.signInSessionArn ?? []);
  return [...new Set(shown)].sort().slice(0, mostSignIns);
}

/** The role its calls show; a federated user's session was issued by a user, not by a role. */
export function roleOf(uses: readonly Use[]): string | null {
  const shown = uses.map(use => use.issuerArn).filter(arn => arn !== null && parseRoleArn(arn));
  return shown[0] ?? null;
}

function earliest(uses: Use[]): string {
  return uses.map(use => use.firstSeen).sort()[0] ?? '';
}
