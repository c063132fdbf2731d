import type { CallEntry } from './aws/evidence-item.ts';
import type { LedgerTable } from './aws/ledger-table.ts';
import { type Coverage, coverageAt, coverageWindow, stsRegions } from './coverage.ts';
import type { SessionAnswer } from './linking/session-answer.ts';
import { accountOf } from './watch-alert.ts';

type SeenCall = Pick<CallEntry, 'awsRegion' | 'recipientAccountId'>;

/** Do the logs cover the place where this session's issuance would stand? `calls`: some of the session's, for their regions. One Query. */
export async function coverageOf(
  answer: SessionAnswer,
  calls: readonly SeenCall[],
  ledger: Pick<LedgerTable, 'coverage'>,
): Promise<Coverage> {
  const account = accountOf(answer, calls);
  if (!account) return { covered: false, reason: 'no coverage: no record tells the account' };
  const { from, to } = coverageWindow(answer.began);
  const partition = (answer.roleArn ?? answer.arn ?? 'arn:aws').split(':')[1] ?? '';
  const regions = stsRegions(
    partition,
    calls.map(call => call.awsRegion),
  );
  const deliveries = await ledger.coverage(account, from, to);
  return coverageAt({ account, at: answer.began, regions }, deliveries);
}

/**
 * The answer as a reader is told it: a session that nothing explains is `unknown` where the logs have a gap, because then
 * nothing can be said of its issuance. What is stored stays `unlinked`: the gap may yet be filled.
 */
export async function toldAnswer(
  answer: SessionAnswer,
  calls: readonly SeenCall[],
  ledger: Pick<LedgerTable, 'coverage'>,
): Promise<SessionAnswer> {
  if (answer.status !== 'unlinked' || answer.issuerEventIDs.length > 0) return answer;
  const coverage = await coverageOf(answer, calls, ledger);
  return coverage.covered ? answer : { ...answer, status: 'unknown', reason: coverage.reason };
}
