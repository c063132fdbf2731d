import { parseRoleArn, parseSessionArn, sessionArn } from './arn.ts';
import type { Caller } from './event.ts';
import { type Json, objectAt, RecordError, requiredString, stringAt } from './read.ts';
import { expirationTime, isoSeconds, millis } from './times.ts';

const hour = 3600;

/**
 * The calls that hand out credentials, and the longest these may live, in seconds, where the record does not say
 * (STS comparison of credential lifetimes; AssumeRoot: cloudtrail-track-privileged-tasks).
 */
const longestLife: Record<string, number> = {
  AssumeRole: 12 * hour,
  AssumeRoleWithSAML: 12 * hour,
  AssumeRoleWithWebIdentity: 12 * hour,
  AssumeRoot: 900,
  GetFederationToken: 36 * hour,
  GetSessionToken: 36 * hour,
};

/** What an issuance hands out: the part of it that only the record's request and response tell. */
export interface Issued {
  accessKeyId: string;
  expiresAt: string;
  expirationKnown: boolean;
  roleArn: string | null;
  principalId: string | null;
  arn: string | null;
  sessionName: string | null;
  sourceIdentity: string | null;
  externalId: string | null;
}

/** An STS call that may hand out credentials, granted or not. */
export function isIssuingCall(eventSource: string, eventName: string): boolean {
  return eventSource === 'sts.amazonaws.com' && Object.hasOwn(longestLife, eventName);
}

/**
 * The credentials a successful STS call handed out, or null for one that handed out none (denied calls have no
 * response). Throws RecordError when the response is there but cannot be read.
 */
export function readIssued(record: Json, eventName: string, time: string, caller: Caller): Issued | null {
  if (stringAt(record, 'errorCode')) return null;
  const response = objectAt(record, 'responseElements');
  const credentials = response && objectAt(response, 'credentials', 'responseElements.credentials');
  if (!response || !credentials) return null;
  const request = objectAt(record, 'requestParameters') ?? {};
  const principal = readPrincipal(eventName, request, response, caller);
  return {
    accessKeyId: requiredString(credentials, 'accessKeyId', 'responseElements.credentials.accessKeyId'),
    ...readExpiration(credentials, request, eventName, time),
    ...principal,
    sourceIdentity:
      stringAt(request, 'sourceIdentity', 'requestParameters.sourceIdentity') ??
      stringAt(response, 'sourceIdentity', 'responseElements.sourceIdentity') ??
      caller.session?.sourceIdentity ??
      null,
    externalId: stringAt(request, 'externalId', 'requestParameters.externalId'),
  };
}

type Principal = Pick<Issued, 'roleArn' | 'principalId' | 'arn' | 'sessionName'>;

function readPrincipal(eventName: string, request: Json, response: Json, caller: Caller): Principal {
  if (eventName === 'GetSessionToken') {
    return { roleArn: null, principalId: caller.principalId, arn: caller.arn, sessionName: null };
  }
  if (eventName === 'AssumeRoot') {
    const target = requiredString(request, 'targetPrincipal', 'requestParameters.targetPrincipal');
    const account = /\d{12}/.exec(target)?.[0] ?? null;
    const partition = caller.arn?.split(':')[1] ?? 'aws';
    return {
      roleArn: null,
      principalId: account,
      arn: account && `arn:${partition}:iam::${account}:root`,
      sessionName: null,
    };
  }
  if (eventName === 'GetFederationToken') {
    const user = objectAt(response, 'federatedUser', 'responseElements.federatedUser') ?? {};
    return {
      roleArn: null,
      principalId: stringAt(user, 'federatedUserId', 'responseElements.federatedUser.federatedUserId'),
      arn: stringAt(user, 'arn', 'responseElements.federatedUser.arn'),
      sessionName: stringAt(request, 'name', 'requestParameters.name'),
    };
  }
  return readRoleSession(request, response);
}

function readRoleSession(request: Json, response: Json): Principal {
  const user = objectAt(response, 'assumedRoleUser', 'responseElements.assumedRoleUser') ?? {};
  const roleArn = stringAt(request, 'roleArn', 'requestParameters.roleArn');
  const userArn = stringAt(user, 'arn', 'responseElements.assumedRoleUser.arn');
  const sessionName =
    stringAt(request, 'roleSessionName', 'requestParameters.roleSessionName') ??
    (userArn && (parseSessionArn(userArn)?.sessionName ?? null));
  if (!roleArn && !userArn)
    throw new RecordError('MissingField', 'an issuance names neither role nor session');
  // EC2 and other services leave assumedRoleUser null; role and session name still tell the session's ARN.
  const role = roleArn ? parseRoleArn(roleArn) : null;
  return {
    roleArn,
    principalId: stringAt(user, 'assumedRoleId', 'responseElements.assumedRoleUser.assumedRoleId'),
    arn: userArn ?? (role && sessionName ? sessionArn(role, sessionName) : null),
    sessionName,
  };
}

function readExpiration(credentials: Json, request: Json, eventName: string, time: string) {
  const given = Object.hasOwn(credentials, 'expiration') ? credentials.expiration : undefined;
  if (given !== undefined && given !== null) {
    return { expiresAt: expirationTime(given), expirationKnown: true };
  }
  const asked = Number(request.durationSeconds);
  const seconds = Number.isFinite(asked) && asked > 0 ? asked : (longestLife[eventName] ?? 36 * hour);
  return { expiresAt: isoSeconds(millis(time) + seconds * 1000), expirationKnown: false };
}

/**
 * The role a refused AssumeRole call was after: from the request, the resources, or the error message, because a
 * denied call's `requestParameters` are null (seen in real logs). Null when none of them tells.
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
