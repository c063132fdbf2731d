import { readCaller } from '../identities/identity.ts';
import { deniedRole, isIssuingCall, readIssued } from '../identities/issuance.ts';
import type { Issued } from '../identities/issued.ts';
import { type AuditedRoles, isTemporaryKey } from '../identities/roles.ts';
import { asideOf } from '../records/aside.ts';
import type { Caller, Provenance } from '../records/event.ts';
import { type Json, requiredString, stringAt } from '../records/read.ts';
import { eventTime } from '../records/times.ts';

/** Why a record is kept. A record can be a call and an issuance at once: a hop made under an audited role. */
export interface Relevance {
  caller: Caller;
  /** made under an audited role, or a hop (or an attempt at one) made with a temporary credential */
  call: boolean;
  /** credentials it handed out: any of them may be a hop towards an audited role */
  issued: Issued | null;
  /** the audited role it was refused */
  denied: string | null;
  /** another account's caller, of whom the record shows an id alone: the other account's record of the same request names it */
  copy: boolean;
}

/**
 * Decides whether a record matters: calls under audited roles, every STS issuance, denied attempts to assume an
 * audited role. Null: it does not. Throws RecordError for a record that is not a CloudTrail event or whose deciding
 * fields have a wrong type: it is kept for quarantine, because an unknown shape must not vanish as "irrelevant".
 *
 * A partner vouches for its hops, not for other calls: only our own trail says what was done here.
 */
export function relevance(record: Json, roles: AuditedRoles, provenance: Provenance): Relevance | null {
  // Sums and rates have neither name nor caller, and a call through an endpoint would be counted twice.
  if (asideOf(record) !== null) return null;
  const eventSource = requiredString(record, 'eventSource');
  const eventName = requiredString(record, 'eventName');
  const caller = readCaller(record);
  let call = provenance === 'trail' && roles.hasCaller(caller);
  let issued: Issued | null = null;
  let denied: string | null = null;
  if (isIssuingCall(eventSource, eventName)) {
    issued = readIssued(record, eventName, eventTime(requiredString(record, 'eventTime')), caller);
    // An IAM user's sign-in matters where users' sessions are audited: it leads to no role.
    if (eventName === 'ConsoleLogin' && issued?.part === 'issuance' && !roles.all) issued = null;
    const refused = eventName.startsWith('AssumeRole') && stringAt(record, 'errorCode') !== null;
    const wanted = refused ? deniedRole(record) : null;
    if (wanted && roles.hasRole(wanted)) denied = wanted;
    // A hop asked for with a temporary credential is a call whose own origin matters; a partner's word of one is not a use.
    if (provenance === 'trail' && (issued || denied) && isTemporaryKey(caller.accessKeyId)) call = true;
  }
  const copy = provenance === 'trail' && roles.all && !call && isForeignSession(caller);
  return call || issued || denied || copy ? { caller, call, issued, denied, copy } : null;
}

/** The owner of a resource sees a session of another account so (IAM guide, cloudtrail-integration); nobody signed in is `anonymous`. */
function isForeignSession({ type, principalId, accountId, accessKeyId }: Caller): boolean {
  if (type !== 'AWSAccount' || accessKeyId !== null) return false;
  return /^\d{12}$/.test(accountId ?? '') && (principalId?.includes(':') ?? false);
}
