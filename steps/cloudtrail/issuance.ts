import { parseRoleArn } from './arn.ts';
import { signInIssued } from './console.ts';
import type { Caller } from './event.ts';
import type { Issued } from './issued.ts';
import { readPrincipal } from './issued-principal.ts';
import { type Json, objectAt, requiredString, stringAt } from './read.ts';
import { readTags } from './tags.ts';
import { expirationTime, isoSeconds, millis } from './times.ts';

const hour = 3600;

/**
 * The calls that hand out credentials, and the longest these may live, in seconds, where the record does not say
 * (STS comparison of credential lifetimes; AssumeRoot: cloudtrail-track-privileged-tasks; a console session: 12 hours,
 * IAM guide, sign-in).
 */
const longestLife: Record<string, Record<string, number>> = {
  'sts.amazonaws.com': {
    AssumeRole: 12 * hour,
    AssumeRoleWithSAML: 12 * hour,
    AssumeRoleWithWebIdentity: 12 * hour,
    AssumeRoot: 900,
    GetFederationToken: 36 * hour,
    GetSessionToken: 36 * hour,
  },
  'signin.amazonaws.com': {
    GetSigninToken: 12 * hour,
    SwitchRole: 12 * hour,
    ConsoleLogin: 12 * hour,
  },
};

/** A call that may hand out credentials, granted or not. */
export function isIssuingCall(eventSource: string, eventName: string): boolean {
  return lifeOf(eventSource, eventName) !== undefined;
}

function lifeOf(eventSource: string, eventName: string): number | undefined {
  const ofSource = Object.hasOwn(longestLife, eventSource) ? longestLife[eventSource] : undefined;
  return ofSource && Object.hasOwn(ofSource, eventName) ? ofSource[eventName] : undefined;
}

/**
 * The credentials a successful call handed out, or null for one that handed out none (denied calls have no response).
 * Throws RecordError when the response is there but cannot be read.
 */
export function readIssued(record: Json, eventName: string, time: string, caller: Caller): Issued | null {
  if (stringAt(record, 'errorCode')) return null;
  const life = lifeOf(requiredString(record, 'eventSource'), eventName) ?? 0;
  if (eventName === 'SwitchRole' || eventName === 'ConsoleLogin') {
    const signIn = signInIssued(record, eventName, caller);
    return signIn && { ...signIn, ...expiresAfter(time, life) };
  }
  const response = objectAt(record, 'responseElements');
  const credentials = response && objectAt(response, 'credentials', 'responseElements.credentials');
  if (!response || !credentials) return null;
  const request = objectAt(record, 'requestParameters') ?? {};
  return {
    accessKeyId: requiredString(credentials, 'accessKeyId', 'responseElements.credentials.accessKeyId'),
    ...readExpiration(credentials, request, time, life),
    ...readPrincipal(eventName, request, response, caller),
    sourceIdentity:
      stringAt(request, 'sourceIdentity', 'requestParameters.sourceIdentity') ??
      stringAt(response, 'sourceIdentity', 'responseElements.sourceIdentity') ??
      caller.session?.sourceIdentity ??
      null,
    externalId: stringAt(request, 'externalId', 'requestParameters.externalId'),
    tags: readTags(request),
  };
}

function readExpiration(credentials: Json, request: Json, time: string, life: number) {
  const given = Object.hasOwn(credentials, 'expiration') ? credentials.expiration : undefined;
  if (given !== undefined && given !== null) {
    return { expiresAt: expirationTime(given), expirationKnown: true };
  }
  // Number() of an object calls its own toString, which a record may have made a number of.
  const { durationSeconds } = request;
  const asked = typeof durationSeconds === 'object' ? Number.NaN : Number(durationSeconds);
  return expiresAfter(time, Number.isFinite(asked) && asked > 0 ? Math.min(asked, life) : life);
}

function expiresAfter(time: string, seconds: number) {
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
