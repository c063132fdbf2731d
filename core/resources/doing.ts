import { type Client, clientOf } from '../records/client.ts';
import { type Denial, denialOf } from '../records/denial.ts';
import { failureOf, type Outcome, outcomeOf } from '../records/failure.ts';
import { type Json, textAt } from '../records/read.ts';
import type { Touched } from './resource.ts';
import { touchedBy } from './touched.ts';

/** What a call did, and with what, as far as its own record tells. */
export interface Doing extends Touched {
  outcome: Outcome;
  /** why it was refused; null for a call that was not, or whose credential was not accepted */
  denial: Denial | null;
  /** the message of a call that was refused or failed */
  message: string | null;
  client: Client | null;
}

/** Of a whole record as CloudTrail wrote it. */
export function doingOf(record: Json): Doing {
  const failure = failureOf(record);
  return {
    ...touchedBy(record),
    outcome: outcomeOf(failure),
    denial: denialOf(record),
    message: failure?.message ?? null,
    client: clientOf(textAt(record, 'userAgent')),
  };
}
