/** Rows of the table of issuing calls that are sign-ins. */
import { lastPart, parseArn, parseSessionArn } from '../records/arn.ts';
import type { Caller } from '../records/event.ts';
import { flagAt, type Json, stringAt, textAt } from '../records/read.ts';
import { askedFor, credentialsIn, handedTo, sameSession } from './handed.ts';
import type { Handed, IssuingRecord } from './issued.ts';

/**
 * A switch of roles at the console begins a session without a key of its own, because the console signs each request with
 * a fresh one. The record's userIdentity is the session that begins; who switched stands in
 * `additionalEventData.SwitchFrom`, as an ARN (IAM guide, switch role in CloudTrail).
 */
export function switchRole({ response, data, caller }: IssuingRecord): Handed | null {
  const from = stringAt(data, 'SwitchFrom', 'additionalEventData.SwitchFrom');
  if (!succeeded(response, 'SwitchRole') || !caller.arn || !from) return null;
  return handedTo({ part: 'issuance', ...sessionOf(caller), caller: callerOf(from) });
}

/** A sign-in begins the session of an IAM user or of root; that of a role was issued by STS, and is at the console from now on. */
export function consoleLogin({ response, data, caller }: IssuingRecord): Handed | null {
  if (!succeeded(response, 'ConsoleLogin') || !caller.arn) return null;
  const part = ['IAMUser', 'Root'].includes(caller.type) ? 'issuance' : 'grant';
  return handedTo({ part, ...sessionOf(caller), ...(part === 'issuance' && mfaUsed(data)) });
}

/** `Yes`, `No`; seen as `YES` too (IAM guide, console sign-in events). Of somebody who signed in elsewhere it says nothing. */
function mfaUsed(data: Json): { mfa?: boolean } {
  const used = textAt(data, 'MFAUsed')?.toLowerCase();
  return used === 'yes' || used === 'no' ? { mfa: used === 'yes' } : {};
}

/**
 * `aws login`, and tools that sign in through a browser: hands out keys of 15 minutes, again and again, that no record
 * shows; they keep the creation date of the session that signed in (Sign-In guide).
 */
export function oauthToken({ data, response, caller }: IssuingRecord): Handed | null {
  if (!caller.arn || (Object.hasOwn(data, 'success') && !flagAt(data, 'success'))) return null;
  return succeeded(response, 'CreateOAuth2Token') || Object.keys(response).length === 0
    ? handedTo({ part: 'grant', ...sessionOf(caller) })
    : null;
}

/** The same session goes on under another key. */
export function signinToken(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  return (
    credentials &&
    handedTo({ ...askedFor(call), part: 'continuation', ...credentials, ...sessionOf(call.caller) })
  );
}

// A failed sign-in has no errorCode: the response says `Failure` (IAM guide, console sign-in events).
function succeeded(response: Json, eventName: string): boolean {
  return stringAt(response, eventName, `responseElements.${eventName}`) === 'Success';
}

function sessionOf(caller: Caller) {
  return sameSession(caller, caller.arn && (parseSessionArn(caller.arn)?.sessionName ?? null));
}

function callerOf(arn: string): Caller {
  const { account, resource = '' } = parseArn(arn) ?? {};
  const kind = resource.split('/')[0] ?? '';
  const types: Record<string, string> = { user: 'IAMUser', 'assumed-role': 'AssumedRole', root: 'Root' };
  return {
    type: types[kind] ?? 'Unknown',
    arn,
    principalId: null,
    accountId: account || null,
    userName: kind === 'user' ? lastPart(resource) : null,
    invokedBy: null,
    identityProvider: null,
    accessKeyId: null,
    session: null,
    onBehalfOf: null,
    delegate: null,
    inScopeOf: null,
    credentialId: null,
  };
}
