/** Rows of the table of issuing calls of services beside STS and the sign-in. */
import { parseRoleArn, parseSessionArn } from '../records/arn.ts';
import { isObject, type Json, RecordError, textAt } from '../records/read.ts';
import { askedFor, credentialsIn, handedTo, sameSession } from './handed.ts';
import type { Handed, IssuingRecord } from './issued.ts';

/**
 * Identity Center hands out the keys of a permission set's role. The record shows neither key nor session: it is held
 * together with the AssumeRoleWithSAML of that account, permission set and second (Identity Center guide).
 */
export function roleCredentials({ record, caller, time }: IssuingRecord): Handed | null {
  const details = isObject(record.serviceEventDetails) ? record.serviceEventDetails : {};
  const [account, name] = [textAt(details, 'account_id'), textAt(details, 'role_name')];
  if (!account || !name || !caller.onBehalfOf) return null;
  return handedTo({ part: 'grant', joinName: permissionSetName(account, name, time) });
}

/** An application gets a token for a person; `GetRoleCredentials` with it carries its `credentialId`. */
export function ssoToken({ data }: IssuingRecord): Handed | null {
  const credential = textAt(data, 'identitycenter:CredentialId');
  return credential ? handedTo({ part: 'grant', joinName: tokenName(credential) }) : null;
}

/** A session of a directory bucket: its key stands in `credentials`, its principal is the caller's (S3 guide, log file examples). */
export function expressSession(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  const { caller } = call;
  return (
    credentials &&
    handedTo({
      ...askedFor(call),
      part: 'issuance',
      ...credentials,
      ...sameSession(caller, caller.arn && (parseSessionArn(caller.arn)?.sessionName ?? null)),
    })
  );
}

/** S3 Access Grants: STS logs the AssumeRole of the service that hands the key out, this says for whom. */
export function s3AccessGrant(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  return credentials && handedTo({ part: 'grant', ...credentials });
}

/** A certificate's session: key, role and principal stand in `credentialSet` (Roles Anywhere API, CreateSession). */
export function rolesAnywhereSession({ response }: IssuingRecord): Handed | null {
  const [set] = Array.isArray(response.credentialSet) ? response.credentialSet : [];
  if (set === undefined) return null;
  const credentials = isObject(set) ? credentialsIn(set) : null;
  if (!isObject(set) || !credentials)
    throw new RecordError('WrongType', 'responseElements.credentialSet has no credentials');
  const user: Json = isObject(set.assumedRoleUser) ? set.assumedRoleUser : {};
  const arn = textAt(user, 'arn');
  return handedTo({
    part: 'issuance',
    ...credentials,
    roleArn: textAt(set, 'roleArn'),
    principalId: textAt(user, 'assumedRoleId'),
    arn,
    sessionName: arn && (parseSessionArn(arn)?.sessionName ?? null),
    sourceIdentity: textAt(set, 'sourceIdentity'),
  });
}

/** A Cognito identity's key; the record does not show the role (Cognito guide, a data event). */
export function cognitoIdentity(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  const identity = textAt(call.request, 'identityId') ?? textAt(call.response, 'identityId');
  if (!credentials || !identity) return null;
  const caller = {
    ...call.caller,
    type: 'WebIdentityUser',
    principalId: identity,
    userName: identity,
    identityProvider: 'cognito-identity.amazonaws.com',
  };
  return handedTo({ part: 'issuance', ...credentials, caller });
}

/** Lake Formation vends keys to an engine: who asks stands here, the session's name in `additionalEventData` (Lake Formation guide). */
export function lakeFormationAccess({ record, caller, data }: IssuingRecord): Handed | null {
  const session = textAt(data, 'lakeFormationRoleSessionName');
  const account = textAt(record, 'recipientAccountId') ?? caller.accountId;
  return session && account
    ? handedTo({ part: 'grant', joinName: lakeFormationName(account, session) })
    : null;
}

/** A product provider trades the token of an approved request for keys (IAM guide, temporary delegation). */
export function delegatedAccess(call: IssuingRecord): Handed | null {
  const credentials = credentialsIn(call.response);
  const arn = textAt(call.response, 'assumedPrincipal');
  return (
    credentials &&
    handedTo({
      part: 'issuance',
      ...credentials,
      arn,
      sessionName: arn && (parseSessionArn(arn)?.sessionName ?? null),
    })
  );
}

/** What Identity Center hands out in one account under one permission set in one second. */
export function permissionSetName(account: string, permissionSet: string, time: string): string {
  return `sso:${account}/${permissionSet}@${time}`;
}

/** The permission set of a role that only Identity Center can assume: `AWSReservedSSO_NAME_0123456789abcdef`. */
export function permissionSetOf(roleArn: string): { account: string; name: string } | null {
  const role = parseRoleArn(roleArn);
  if (!role || !isReservedPath(role.path)) return null;
  const [, name] = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role.name) ?? [];
  return name ? { account: role.account, name } : null;
}

/** A role that only Identity Center can create and assume (Identity Center guide, referencing permission sets). */
export function isReservedRole(roleArn: string | null): boolean {
  const role = roleArn === null ? null : parseRoleArn(roleArn);
  return role !== null && isReservedPath(role.path);
}

/** The region of Identity Center, whose STS issues such a role's sessions: the role's path names it, but for us-east-1. */
export function reservedRegion(roleArn: string): string {
  const path = parseRoleArn(roleArn)?.path ?? '';
  return (
    path
      .slice(reservedPath.length)
      .split('/')
      .find(part => part !== '') ?? 'us-east-1'
  );
}

function isReservedPath(path: string): boolean {
  return path === reservedPath || path.startsWith(`${reservedPath}/`);
}

const reservedPath = 'aws-reserved/sso.amazonaws.com';

export function tokenName(credentialId: string): string {
  return `sso-token:${credentialId}`;
}

export function lakeFormationName(account: string, sessionName: string): string {
  return `lake-formation:${account}/${sessionName}`;
}
