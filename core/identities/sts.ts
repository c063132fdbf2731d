/** Rows of the table of issuing calls whose response has `credentials` and tells the principal. */
import { parseArn, parseRoleArn, parseSessionArn, sessionArn } from '../records/arn.ts';
import { type Json, objectAt, RecordError, requiredString, stringAt } from '../records/read.ts';
import { askedFor, credentialsIn, handedTo, withMfa } from './handed.ts';
import type { Handed, IssuingRecord } from './issued.ts';

export function assumedRole(call: IssuingRecord): Handed | null {
  const handed = roleOfSubject(call);
  return handed && { ...handed, ...withMfa(call) };
}

/** AssumeRoleWithSAML, AssumeRoleWithWebIdentity: of MFA at the provider AWS knows nothing (IAM guide, comparing STS credentials). */
export function federatedRole(call: IssuingRecord): Handed | null {
  const handed = roleOfSubject(call);
  return handed && { ...handed, mfa: false };
}

function roleOfSubject(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  if (!credentials) return null;
  const { principal, roleArn } = roleSession(call.request, call.response);
  if (!roleArn && !principal.arn)
    throw new RecordError('MissingField', 'an issuance names neither role nor session');
  return handedTo({ part: 'issuance', ...credentials, roleArn, ...principal, ...askedFor(call) });
}

/**
 * What a service hands out by itself and STS logs as well: Pod Identity, Systems Manager. Its record matters where the
 * response shows the key; it mostly does not.
 */
export function serviceRole(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  if (!credentials) return null;
  const { principal, roleArn } = roleSession(call.request, call.response);
  return handedTo({ part: 'issuance', ...credentials, roleArn, ...principal, ...askedFor(call) });
}

/** The root of a member account (IAM guide, centralized root access). */
export function assumedRoot(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  if (!credentials) return null;
  const target = requiredString(call.request, 'targetPrincipal', 'requestParameters.targetPrincipal');
  const account = /\d{12}/.exec(target)?.[0] ?? null;
  const partition = parseArn(call.caller.arn)?.partition ?? 'aws';
  const arn = account && `arn:${partition}:iam::${account}:root`;
  return handedTo({ part: 'issuance', ...credentials, principalId: account, arn, ...askedFor(call) });
}

export function federationToken(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  if (!credentials) return null;
  const user = objectAt(call.response, 'federatedUser', 'responseElements.federatedUser') ?? {};
  return handedTo({
    part: 'issuance',
    ...credentials,
    principalId: stringAt(user, 'federatedUserId', 'responseElements.federatedUser.federatedUserId'),
    arn: stringAt(user, 'arn', 'responseElements.federatedUser.arn'),
    sessionName: stringAt(call.request, 'name', 'requestParameters.name'),
    ...askedFor(call),
    mfa: false,
  });
}

/** The IAM user, or root, goes on under a temporary key. */
export function sessionToken(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  const { principalId, arn } = call.caller;
  return (
    credentials &&
    handedTo({ part: 'issuance', ...credentials, principalId, arn, ...askedFor(call), ...withMfa(call) })
  );
}

function roleSession(request: Json, response: Json) {
  const user = objectAt(response, 'assumedRoleUser', 'responseElements.assumedRoleUser') ?? {};
  const roleArn = stringAt(request, 'roleArn', 'requestParameters.roleArn');
  const userArn = stringAt(user, 'arn', 'responseElements.assumedRoleUser.arn');
  const sessionName =
    stringAt(request, 'roleSessionName', 'requestParameters.roleSessionName') ??
    (userArn && (parseSessionArn(userArn)?.sessionName ?? null));
  // EC2 and other services leave assumedRoleUser null; role and session name still tell the session's ARN.
  const role = roleArn ? parseRoleArn(roleArn) : null;
  const principal = {
    principalId: stringAt(user, 'assumedRoleId', 'responseElements.assumedRoleUser.assumedRoleId'),
    arn: userArn ?? (role && sessionName ? sessionArn(role, sessionName) : null),
    sessionName,
  };
  return { roleArn, principal };
}
