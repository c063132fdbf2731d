import { isDenied } from './denial.ts';
import { isObject, type Json, textAt } from './read.ts';
import { isCredentialRefused } from './refused-credential.ts';

/** How a call failed, as far as its record tells. */
export interface Failure {
  code: string | null;
  message: string | null;
}

/**
 * Null for a call that succeeded. A call of AWS that failed has `errorCode` (CloudTrail record contents); a sign-in that
 * failed has none: its response says `Failure` (IAM guide, console sign-in events), that of a token `success: false`.
 */
export function failureOf(record: Json): Failure | null {
  const code = textAt(record, 'errorCode');
  const message = textAt(record, 'errorMessage');
  return code || message || signInFailed(record) ? { code, message } : null;
}

function signInFailed(record: Json): boolean {
  if (textAt(record, 'eventSource') !== 'signin.amazonaws.com') return false;
  const { responseElements: response, additionalEventData: data } = record;
  const said = isObject(response) ? response[textAt(record, 'eventName') ?? ''] : null;
  return said === 'Failure' || (isObject(data) && (data.success === false || data.success === 'false'));
}

/** Refused: AWS did not authorize it, or not accept its credential. Failed: for any other reason. */
export type Outcome = 'done' | 'refused' | 'failed';

/** What came of a call. Of an error code alone it tells as much as a list does. */
export function outcomeOf(failure: Failure | null): Outcome {
  if (!failure) return 'done';
  return isDenied(failure.code, failure.message) || isCredentialRefused(failure.code) ? 'refused' : 'failed';
}
