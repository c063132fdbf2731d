import { reportedAnswer } from '../../core/coverage/session-coverage.ts';
import type { SessionAnswer } from '../../core/linking/session-answer.ts';
import { inParallel } from '../../core/parallel.ts';
import { mayHaveEnded, retentionText } from './kept.ts';
import type { Store } from './store.ts';

/** Calls looked at for the regions a session works in. */
const mostForRegions = 50;

/** Answers as readers see them: `unknown` where the logs do not cover the issuance. */
export async function reported(
  answers: readonly SessionAnswer[],
  store: Pick<Store, 'evidence' | 'ledger' | 'graceMinutes' | 'retentionDays'>,
): Promise<SessionAnswer[]> {
  const { evidence, ledger, graceMinutes } = store;
  return inParallel(answers, 8, async answer => {
    if (answer.status !== 'unlinked' && answer.status !== 'claimed' && !answer.asClaimed) return answer;
    const calls = await Array.fromAsync(evidence.calls(answer.credential, { limit: mostForRegions }));
    const shown = await reportedAnswer(answer, calls, ledger, { graceMinutes });
    // Ledger items of that time expire before the answer does. Their absence does not prove that log files were missing.
    return shown.status === 'unknown' && answer.status === 'unlinked' && mayHaveEnded(store, answer.began)
      ? {
          ...answer,
          reason: `${answer.reason}; the list of log files that would show whether they covered its issuance has expired (${retentionText(store)})`,
        }
      : shown;
  });
}
