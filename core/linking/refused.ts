import type { AuditEvent, Provenance } from '../records/event.ts';

/** A refused attempt to assume an audited role, as one account's copy of the event tells it. */
export interface RefusedAttempt {
  eventID: string;
  recipientAccountId: string;
  provenance: Provenance;
  /** ISO 8601 */
  eventTime: string;
  eventName: string;
  /** the audited role that was wanted */
  role: string;
  /** who tried: ARN, service or principal id, as far as the record tells */
  caller: string;
  /** the caller's account */
  account: string | null;
  /** the credential it was tried with, when it was a temporary one: its session is known by it */
  credential: string | null;
  errorCode: string | null;
  sourceIPAddress: string | null;
}

/** The attempt that an event is; null for any other. */
export function attemptOf(event: AuditEvent): RefusedAttempt | null {
  const { caller, denied } = event;
  if (denied === null) return null;
  return {
    eventID: event.eventID,
    recipientAccountId: event.recipientAccountId,
    provenance: event.provenance,
    eventTime: event.eventTime,
    eventName: event.eventName,
    role: denied,
    caller: caller.arn ?? caller.invokedBy ?? caller.principalId ?? caller.type,
    account: caller.accountId,
    credential: event.credential,
    errorCode: event.errorCode,
    sourceIPAddress: event.sourceIPAddress,
  };
}

/** What names an attempt's copy among all attempts; sorts by time. */
export function attemptName({ eventTime, eventID, recipientAccountId, provenance }: RefusedAttempt): string {
  return `${eventTime}#${eventID}#${recipientAccountId}#${provenance}`;
}
