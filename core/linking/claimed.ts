import { shortHash } from '../hash.ts';
import { roleOfSession } from './chain.ts';
import type { Draft } from './drafts.ts';
import { issuanceName, type LoadFacts } from './facts.ts';
import { followChain } from './follow-chain.ts';
import { type Claim, claimOf, type IssuedSession } from './issued-session.ts';
import { kindOf } from './kind.ts';
import type { AsClaimed, SessionAnswer } from './session-answer.ts';
import { namedBy } from './verdict.ts';

/** Claims of one account beside an answer: it may send any number, and must not hide what another says. */
const mostOfAccount = 5;

/** The field of an answer; none where nobody claims anything. A claim that contradicts our own trail is flagged. */
export function claimsBeside(claims: readonly Claim[]): Pick<SessionAnswer, 'claims'> {
  if (claims.length === 0) return {};
  const each = new Map(claims.map(claim => [`${claim.account} ${claim.eventID}`, claim]));
  const sorted = [...each].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, claim]) => claim);
  const byAccount = Map.groupBy(sorted, ({ account }) => account);
  return { claims: [...byAccount.values()].flatMap(list => list.slice(0, mostOfAccount)) };
}

/**
 * The answer with what partners claim of its issuance. They change nothing of what our own trail says: where it has the issuance,
 * they contradict it; where it has none, what they say stands in `asClaimed`, for readers whose trail does not reach there.
 */
export async function withClaims(
  answer: SessionAnswer,
  { issued, claimed, uses }: Draft,
  refuted: readonly Claim[],
  load: LoadFacts,
  basis: string[],
): Promise<SessionAnswer> {
  const proven = issued !== null || answer.issuerEventIDs.length > 0;
  const reported = claimed.flatMap(({ copies }) => copies.map(copy => claimOf(copy, proven)));
  const { claims = [] } = claimsBeside([...(answer.claims ?? []), ...reported, ...refuted]);
  if (claims.length === 0) return answer;
  const contradicts = claims.some(claim => claim.contradicts);
  const flags = contradicts
    ? [...new Set([...answer.flags, 'claim-contradicts-trail' as const])].sort()
    : answer.flags;
  const beside = { ...answer, flags, claims };
  const [claim, another] = claimed;
  // Two stories of one issuance: neither replaces the other.
  if (proven || !claim || another) return beside;
  const asClaimed = await answerWith(claim, answer, load, basis);
  return uses.length > 0 ? { ...beside, asClaimed } : claimedAlone(beside, claim, asClaimed);
}

/** What the session would be if the claim is true; what its own calls show stands. */
async function answerWith(
  claim: IssuedSession,
  answer: SessionAnswer,
  load: LoadFacts,
  basis: string[],
): Promise<AsClaimed> {
  const { hops: chain, origin, ...rest } = await followChain(claim, load);
  basis.push(...rest.basis);
  const mechanism = chain[0]?.mechanism ?? null;
  return {
    arn: answer.arn ?? claim.arn,
    principalId: answer.principalId ?? claim.principalId,
    roleArn: answer.roleArn ?? roleOfSession(claim, null),
    sessionName: answer.sessionName ?? claim.sessionName,
    sourceIdentity: answer.sourceIdentity ?? claim.sourceIdentity,
    issuedAt: claim.issuedAt,
    expiresAt: claim.expiresAt,
    issuerEventIDs: claim.eventIDs,
    chain,
    origin,
    mechanism,
    kind: kindOf(mechanism, origin, false),
    named: namedBy({ hops: chain, origin, ...rest }),
    reason: `only account ${claim.best.recipientAccountId} reports its issuance; our own trail does not`,
  };
}

/** Nothing of ours speaks of it: a session that only a partner reports, of a credential that nobody was seen to use. */
function claimedAlone(answer: SessionAnswer, claim: IssuedSession, asClaimed: AsClaimed): SessionAnswer {
  // The longer name from the beginning: it must not take the name of a session that our own trail has, or another partner reports.
  const name = [asClaimed.arn, issuanceName(claim.best)].map(each => shortHash(each).slice(0, 8));
  return {
    ...answer,
    ...asClaimed,
    session: `${answer.credential}.${name.join('.')}`,
    status: 'claimed',
    began: claim.issuedAt,
    creationKnown: true,
  };
}
