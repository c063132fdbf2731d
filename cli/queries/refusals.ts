import { asRecord } from '../../core/identities/identity.ts';
import type { RefusedAttempt } from '../../core/linking/refused.ts';
import { type Denial, denialOf } from '../../core/records/denial.ts';
import { textAt } from '../../core/records/read.ts';
import type { Store } from './store.ts';

/** A refused attempt, and why it was refused, as its record tells. */
export interface ExplainedAttempt extends RefusedAttempt {
  denial: Denial | null;
  message: string | null;
}

/** Reads the attempts' records, a hundred a request: the list must be bounded. */
export async function explained(
  attempts: readonly RefusedAttempt[],
  { evidence }: Pick<Store, 'evidence'>,
): Promise<ExplainedAttempt[]> {
  const records = await evidence.records(attempts);
  const byName = new Map(records.map(each => [nameOf(each), asRecord(JSON.parse(each.record))]));
  return attempts.map(attempt => {
    const record = byName.get(nameOf(attempt)) ?? { errorCode: attempt.errorCode };
    return { ...attempt, denial: denialOf(record), message: textAt(record, 'errorMessage') };
  });
}

function nameOf({ eventID, recipientAccountId, provenance }: Parameters<Store['evidence']['records']>[0][0]) {
  return `${eventID} ${recipientAccountId} ${provenance}`;
}
