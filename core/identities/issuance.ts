import { parseRoleArn } from '../records/arn.ts';
import type { Caller } from '../records/event.ts';
import { isObject, type Json, objectAt, RecordError, requiredString, stringAt } from '../records/read.ts';
import { expirationTime, laterBy } from '../records/times.ts';
import type { Issued } from './issued.ts';
import { issuingCall } from './issuing-calls.ts';

/** A call that may hand out credentials, granted or not. */
export function isIssuingCall(eventSource: string, eventName: string): boolean {
  return issuingCall(eventSource, eventName) !== undefined;
}

/**
 * The credentials a successful call handed out, or null for one that handed out none (denied calls have no response).
 * Throws RecordError when the response is there but cannot be read.
 */
export function readIssued(record: Json, eventName: string, time: string, caller: Caller): Issued | null {
  if (stringAt(record, 'errorCode')) return null;
  const row = issuingCall(requiredString(record, 'eventSource'), eventName);
  if (!row) return null;
  const { responseElements, requestParameters, additionalEventData } = record;
  const handed = row.read({
    record,
    // A response of another type hides what was issued: that is for quarantine, not for silence.
    response:
      responseElements === 'HIDDEN_DUE_TO_SECURITY_REASONS'
        ? {}
        : (objectAt(record, 'responseElements') ?? {}),
    request: isObject(requestParameters) ? requestParameters : {},
    data: isObject(additionalEventData) ? additionalEventData : {},
    caller,
    time,
  });
  if (!handed) return null;
  const { expiration, ...issued } = handed;
  const { durationSeconds } = isObject(requestParameters) ? requestParameters : {};
  return { ...issued, ...expiresAt(expiration, durationSeconds, time, row.life) };
}

function expiresAt(given: unknown, durationSeconds: unknown, time: string, life: number) {
  if (given !== undefined && given !== null) {
    try {
      return { expiresAt: expirationTime(given), expirationKnown: true };
    } catch (error) {
      // An expiration in an unknown shape costs the expiration, not the issuance.
      if (!(error instanceof RecordError)) throw error;
    }
  }
  // Number() of an object calls its own toString, which a record may have made a number of.
  const asked = typeof durationSeconds === 'object' ? Number.NaN : Number(durationSeconds);
  const seconds = Number.isFinite(asked) && asked > 0 ? Math.min(asked, life) : life;
  return { expiresAt: laterBy(seconds * 1000, time), expirationKnown: false };
}

/**
 * The role a refused AssumeRole call was after: from the request, the resources, or the error message, because a
 * denied call's `requestParameters` are null (seen in real logs). Null when none of them shows it.
 */
export function deniedRole(record: Json): string | null {
  const request = objectAt(record, 'requestParameters');
  const asked = request && stringAt(request, 'roleArn', 'requestParameters.roleArn');
  if (asked) return asked;
  const resources = Array.isArray(record.resources) ? record.resources : [];
  for (const resource of resources) {
    const arn = typeof resource === 'object' && resource !== null ? (resource as Json).ARN : null;
    if (typeof arn === 'string' && parseRoleArn(arn)) return arn;
  }
  return /on resource: (arn:\S+)/.exec(stringAt(record, 'errorMessage') ?? '')?.[1] ?? null;
}
