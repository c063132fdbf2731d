import { asRecord } from '../../core/identities/identity.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import { lastPart } from '../../core/records/arn.ts';
import { sessionTerms } from '../../core/records/session-terms.ts';
import type { Store } from './store.ts';

/** What the credentials of a session were asked for with. */
export interface AskedWith {
  /** exactly, as AWS compares it; of any hop of the chain */
  externalId?: string | undefined;
  /** ARN or name of a session policy, or true: any, inline ones too; of the session's own issuance */
  sessionPolicy?: string | true | undefined;
}

/** Issuances that are read at a time. */
const atOnce = 16;

/** Those of the sessions, in their order. A session policy stands in the issuance's record alone: one request a session. */
export async function* askedWith(
  answers: AsyncIterable<SessionAnswer>,
  { externalId, sessionPolicy }: AskedWith,
  { evidence }: Pick<Store, 'evidence'>,
): AsyncGenerator<SessionAnswer> {
  let open: SessionAnswer[] = [];
  const settle = async () => {
    const kept = await inParallel(open, atOnce, answer => hasPolicy(answer, sessionPolicy, evidence));
    const wanted = open.filter((_, index) => kept[index]);
    open = [];
    return wanted;
  };
  for await (const answer of answers) {
    if (externalId !== undefined && !answer.chain.some(hop => hop.externalId === externalId)) continue;
    open.push(answer);
    if (open.length >= (sessionPolicy === undefined ? 1 : atOnce)) yield* await settle();
  }
  yield* await settle();
}

async function hasPolicy(
  { issuerEventIDs }: SessionAnswer,
  asked: AskedWith['sessionPolicy'],
  evidence: Store['evidence'],
): Promise<boolean> {
  if (asked === undefined) return true;
  for (const eventID of issuerEventIDs) {
    for (const { record } of await evidence.event(eventID)) {
      const { policy = null, policyArns = [] } = sessionTerms(asRecord(JSON.parse(record))) ?? {};
      if (asked === true ? policy !== null || policyArns.length > 0 : policyArns.some(isCalled(asked)))
        return true;
    }
  }
  return false;
}

/** IAM's names of policies are unique without regard to case (CreatePolicy). */
function isCalled(asked: string): (arn: string) => boolean {
  const said = asked.toLowerCase();
  return arn => arn.toLowerCase() === said || lastPart(arn).toLowerCase() === said;
}
