import { isIP } from 'node:net';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { lastPart, parseArn } from '../../../core/records/arn.ts';
import { isObject, type Json, objectAt, stringAt } from '../../../core/records/read.ts';

/** Attributes without a value are left out: OCSF knows no null. */
export function present(attributes: Json): Json {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined),
  );
}

export function accountOf(uid: string | null): Json | null {
  return uid === null ? null : { uid, type_id: 10, type: 'AWS Account' };
}

/** The principal that the record shows, and the session it used: what AWS says, not who is behind it. */
export function actorOf(record: Json, answer: SessionAnswer | null): Json {
  const identity = objectAt(record, 'userIdentity') ?? {};
  return present({
    user: callerOf(identity),
    session: answer && sessionOf(answer, identity),
    app_name: stringAt(identity, 'invokedBy'),
  });
}

/** `userIdentity` as a user: OCSF asks for a name, a uid or an account. */
export function callerOf(identity: Json): Json {
  const type = stringAt(identity, 'type') ?? 'Unknown';
  const arn = stringAt(identity, 'arn');
  const name = stringAt(identity, 'userName') ?? stringAt(identity, 'invokedBy');
  return present({
    ...typeOf(type),
    uid: arn,
    uid_alt: stringAt(identity, 'principalId'),
    name: name ?? (arn ? lastPart(arn) : type),
    account: accountOf(stringAt(identity, 'accountId')),
    programmatic_credentials: credentialsOf(stringAt(identity, 'accessKeyId')),
  });
}

/** The user's `credential_uid` is deprecated since 1.6; a session's is not. */
function credentialsOf(uid: string | null): Json[] | null {
  return uid === null ? null : [{ uid, type: 'Access Key' }];
}

function typeOf(type: string): Json {
  if (type === 'Root') return { type_id: 2, type: 'Admin' };
  if (type === 'AWSService') return { type_id: 4, type: 'Service' };
  return type === 'IAMUser' ? { type_id: 1, type: 'User' } : { type_id: 99, type };
}

function sessionOf(answer: SessionAnswer, identity: Json): Json {
  const attributes = objectAt(objectAt(identity, 'sessionContext') ?? {}, 'attributes') ?? {};
  const mfa = stringAt(attributes, 'mfaAuthenticated');
  return present({
    uid: answer.session,
    uid_alt: answer.arn,
    issuer: answer.roleArn,
    credential_uid: answer.accessKeyId,
    created_time: answer.issuedAt && Date.parse(answer.issuedAt),
    expiration_time: answer.expiresAt && Date.parse(answer.expiresAt),
    is_mfa: mfa === null ? null : mfa === 'true',
  });
}

/**
 * Where the call came from: an address, or the service that CloudTrail names in its place; the VPC endpoint that it went
 * through, if any, and whose that is (record contents, `vpcEndpointId`, `vpcEndpointAccountId`).
 */
export function sourceOf(record: Json): Json {
  const owner = stringAt(record, 'vpcEndpointAccountId');
  return present({
    ...addressOf(record),
    uid: stringAt(record, 'vpcEndpointId'),
    owner: owner === null ? null : { account: accountOf(owner) },
  });
}

function addressOf(record: Json): Json {
  const address = stringAt(record, 'sourceIPAddress');
  if (address === null) return { name: 'not recorded' };
  if (isIP(address) > 0) return { ip: address };
  return /\.amazonaws\.com(?:\.cn)?$/.test(address) ? { svc_name: address } : { name: address };
}

/** Whom a logon was for, or whose account was changed. */
export function subjectOf(record: Json): Json {
  const identity = objectAt(record, 'userIdentity') ?? {};
  const asked = objectAt(record, 'requestParameters') ?? {};
  const answered = objectAt(record, 'responseElements') ?? {};
  const switched = objectAt(record, 'additionalEventData') ?? {};
  const issued = ['assumedRoleUser', 'federatedUser'].map(name => answered[name]).find(isObject);
  const made = ['user', 'role'].map(name => answered[name]).find(isObject) ?? {};
  const uid = (issued && stringAt(issued, 'arn')) ?? stringAt(asked, 'roleArn') ?? stringAt(made, 'arn');
  const named = stringAt(asked, 'userName') ?? stringAt(asked, 'roleName');
  if (!uid && !named) {
    // A switch of roles names the session it switched to; the one before is beside it.
    return stringAt(switched, 'SwitchFrom')
      ? callerOf({ ...identity, accessKeyId: null })
      : callerOf(identity);
  }
  const role = uid?.includes('role/') || 'roleName' in asked;
  return present({
    ...(role ? typeOf('Role') : typeOf('IAMUser')),
    uid,
    name: named ?? (uid && lastPart(uid)),
    uid_alt: issued ? (stringAt(issued, 'assumedRoleId') ?? stringAt(issued, 'federatedUserId')) : null,
    account: accountOf(parseArn(uid)?.account ?? stringAt(record, 'recipientAccountId')),
  });
}
