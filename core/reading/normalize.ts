import { sha256 } from '../hash.ts';
import { asRecord, credentialOf } from '../identities/identity.ts';
import type { Issued } from '../identities/issued.ts';
import type { AuditedRoles } from '../identities/roles.ts';
import type { AuditEvent, Provenance } from '../records/event.ts';
import { oneRequest } from '../records/one-request.ts';
import { type Json, RecordError, requiredString, stringAt } from '../records/read.ts';
import { checkStorable } from '../records/storable.ts';
import { eventTime } from '../records/times.ts';
import { checkItsOwn } from './admission.ts';
import { relevance } from './relevance.ts';

/** Where a record was found, and the account that place speaks for, used only where the record names none. */
export interface RecordSource {
  source: string;
  provenance: Provenance;
  account: string | null;
}

/**
 * One kept record in its typed shape; `hash` is of the bytes it was delivered in. Throws RecordError (`NotAnObject`,
 * `MissingField`, `WrongType`, `BadTime`, `NotRelevant`, `TooLong`, `NotUnicode`) for a record that cannot be used, and for a
 * partner's that it may not send (`AccountMismatch`, `NotItsOwn`, `NotAKey`).
 */
export function normalize(
  value: unknown,
  from: RecordSource,
  roles: AuditedRoles,
  hash = sha256(JSON.stringify(value)),
): AuditEvent {
  const record = asRecord(value);
  const why = relevance(record, roles, from.provenance);
  if (!why)
    throw new RecordError(
      'NotRelevant',
      'the record is not a call under an audited role, an issuance or a refused attempt',
    );
  const { caller, issued } = why;
  const base = {
    eventID: requiredString(record, 'eventID'),
    recipientAccountId: recipientAccount(record, from),
    provenance: from.provenance,
    eventTime: eventTime(requiredString(record, 'eventTime')),
    eventSource: requiredString(record, 'eventSource'),
    eventName: requiredString(record, 'eventName'),
  };
  if (from.provenance === 'partner') checkItsOwn(base.recipientAccountId, { ...why, ...base });
  const event: AuditEvent = {
    ...base,
    awsRegion: stringAt(record, 'awsRegion'),
    errorCode: shownText(record, 'errorCode'),
    ...oneRequest(record),
    sourceIPAddress: shownText(record, 'sourceIPAddress'),
    userAgent: shownText(record, 'userAgent'),
    caller,
    credential: why.call ? credentialOf(caller) : null,
    issuance: issued && {
      ...base,
      ...issued,
      caller: issued.caller ?? caller,
      sharedEventID: stringAt(record, 'sharedEventID'),
      audited: isAudited(issued, roles),
    },
    denied: why.denied,
    source: from.source,
    hash,
  };
  checkStorable(event);
  return event;
}

function isAudited({ part, roleArn, arn }: Issued, roles: AuditedRoles): boolean {
  if (part === 'grant') return false;
  if (roles.all) return true;
  return roleArn === null ? arn !== null && roles.hasSession(arn) : roles.hasRole(roleArn);
}

// What is only shown, and identifies nobody: half a surrogate pair is shown as U+FFFD, which tables take.
function shownText(record: Json, name: string): string | null {
  return stringAt(record, name)?.toWellFormed() ?? null;
}

// Records before eventVersion 1.02 and hand-made exports lack recipientAccountId; the place they lay in tells it.
function recipientAccount(record: Json, from: RecordSource): string {
  const caller = record.userIdentity as Json | undefined;
  const account =
    stringAt(record, 'recipientAccountId') ??
    from.account ??
    (caller ? stringAt(caller, 'accountId', 'userIdentity.accountId') : null);
  if (!account)
    throw new RecordError('MissingField', 'recipientAccountId is missing and nothing else names the account');
  if (!/^\d{12}$/.test(account))
    throw new RecordError(
      'WrongType',
      `recipientAccountId ${JSON.stringify(account.slice(0, 40))} is not an account ID`,
    );
  // A partner may speak for its own account only: otherwise its claim could take the place of another's record.
  if (from.provenance === 'partner' && from.account !== null && account !== from.account) {
    throw new RecordError('AccountMismatch', `account ${from.account} sent a record of account ${account}`);
  }
  return account;
}
