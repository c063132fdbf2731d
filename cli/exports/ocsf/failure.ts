import { isObject, type Json, stringAt } from '../../../core/records/read.ts';

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
  const code = stringAt(record, 'errorCode');
  const message = stringAt(record, 'errorMessage');
  return code || message || signInFailed(record) ? { code, message } : null;
}

function signInFailed(record: Json): boolean {
  if (stringAt(record, 'eventSource') !== 'signin.amazonaws.com') return false;
  const { responseElements: response, additionalEventData: data } = record;
  const said = isObject(response) ? response[stringAt(record, 'eventName') ?? ''] : null;
  return said === 'Failure' || (isObject(data) && String(data.success) === 'false');
}
