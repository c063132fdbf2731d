import type { Integrity } from '../../core/digests/file-integrity.ts';
import { asRecord } from '../../core/identities/identity.ts';
import { citedBy } from '../../core/linking/chain.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import { type SessionTerms, sessionTerms } from '../../core/records/session-terms.ts';
import { evidenceIntegrity } from '../queries/file-integrity.ts';
import { type Absent, absent } from '../queries/kept.ts';
import type { Store } from '../queries/store.ts';

/** The verdict on the file that a cited event came from, and with what limits it asked for a credential. */
export type Proof = Integrity & { terms?: SessionTerms };

/** By eventID; or that its record is not there. */
export type Proofs = Record<string, Proof | (Absent & { terms?: never })>;

/** Events whose files are looked up; a principal may be behind thousands of sessions. */
const mostProofs = 60;

/** Verdicts on the events the sessions' chains cite. Our own trail's copy goes before a partner's. Four requests each at most. */
export async function proofsOf(
  sessions: readonly SessionAnswer[],
  store: Pick<Store, 'evidence' | 'ledger' | 'integrity' | 'retentionDays'>,
): Promise<Proofs> {
  const cited = new Map(
    sessions.flatMap(({ chain }) =>
      chain.flatMap(hop => citedBy(hop).map(id => [id, hop.eventTime] as const)),
    ),
  );
  const now = new Date();
  const verdicts = await inParallel([...cited].slice(0, mostProofs), 8, async ([eventID, time]) => {
    const copies = await store.evidence.event(eventID);
    const copy = copies.find(({ provenance }) => provenance === 'trail') ?? copies[0];
    if (!copy) return [eventID, absent(store, time)] as const;
    const terms = copy.missing ? null : sessionTerms(asRecord(JSON.parse(copy.record)));
    const proof: Proof = { ...(await evidenceIntegrity(copy, store, now)), ...(terms && { terms }) };
    return [eventID, proof] as const;
  });
  return Object.fromEntries(verdicts);
}
