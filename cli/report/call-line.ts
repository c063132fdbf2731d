import type { CallAnswer, CallNote } from '../../core/linking/call-answer.ts';
import type { Hop, Party } from '../../core/linking/chain.ts';
import type { Claim } from '../../core/linking/issued-session.ts';
import type { SessionAnswer, Status } from '../../core/linking/session-answer.ts';
import type { Call } from '../queries/seen-session.ts';

/** A line of calls.ndjson; fields and their order are the report contract's. */
export interface ReportedCall {
  eventID: string;
  recipientAccountId: string;
  eventTime: string;
  eventSource: string;
  eventName: string;
  accessKeyId: string | null;
  status: Status;
  reason: string | null;
  session: string | null;
  issuerEventIDs: string[];
  chain: Hop[];
  origin: Party | null;
  mechanism: SessionAnswer['mechanism'];
  masked: boolean;
  /** what partners say of the issuance, and our own trail does not */
  claims: Claim[];
  errorCode: string | null;
  note: CallNote | null;
  /** the eventID of the record that stands for the call, where this is another account's record of it, or an addendum */
  copyOf: string | null;
}

/** A call outside its session's life is named with the session, but is not proven by the session's issuance. */
export function reportedCall(
  call: Call,
  { status, reason, session, answer, note }: CallAnswer,
  copyOf: string | null,
): ReportedCall {
  const { eventID, recipientAccountId, eventTime, eventSource, eventName, accessKeyId, errorCode } = call;
  return {
    eventID,
    recipientAccountId,
    eventTime,
    eventSource,
    eventName,
    accessKeyId,
    status,
    reason,
    session,
    issuerEventIDs: answer?.issuerEventIDs ?? [],
    chain: answer?.chain ?? [],
    origin: answer?.origin ?? null,
    mechanism: answer?.mechanism ?? null,
    masked: answer?.masked ?? false,
    claims: answer?.claims ?? [],
    errorCode,
    note,
    copyOf,
  };
}
