import type { Caller } from '../records/event.ts';
import { type Json, objectAt, requiredString, stringAt, textAt } from '../records/read.ts';
import { noTags, readTags } from '../records/tags.ts';
import type { Handed, IssuingRecord } from './issued.ts';

/** `responseElements.credentials`, where there are some. Throws RecordError for what cannot be read. */
export function credentialsIn(response: Json): { accessKeyId: string; expiration: unknown } | null {
  const credentials = objectAt(response, 'credentials', 'responseElements.credentials');
  if (!credentials) return null;
  return {
    accessKeyId: requiredString(credentials, 'accessKeyId', 'responseElements.credentials.accessKeyId'),
    expiration: Object.hasOwn(credentials, 'expiration') ? credentials.expiration : undefined,
  };
}

/**
 * AssumeRole and GetSessionToken take an MFA device: what they hand out then is of somebody who showed it (IAM guide, comparing
 * STS credentials). Without one nothing is said: a session at the console may have been begun with it.
 */
export function withMfa({ request }: IssuingRecord): { mfa?: boolean } {
  return textAt(request, 'serialNumber') ? { mfa: true } : {};
}

/** What a request asks for beside the role: who stands behind it, the condition of the trust, the tags. */
export function askedFor({ request, response, caller }: IssuingRecord) {
  return {
    sourceIdentity:
      stringAt(request, 'sourceIdentity', 'requestParameters.sourceIdentity') ??
      stringAt(response, 'sourceIdentity', 'responseElements.sourceIdentity') ??
      caller.session?.sourceIdentity ??
      null,
    externalId: stringAt(request, 'externalId', 'requestParameters.externalId'),
    tags: readTags(request),
  };
}

/** A record that hands out no key that is shown, and of which no more is known than what is given. */
export function handedTo(given: Partial<Handed> & Pick<Handed, 'part'>): Handed {
  return {
    accessKeyId: null,
    joinName: null,
    roleArn: null,
    principalId: null,
    arn: null,
    sessionName: null,
    sourceIdentity: null,
    externalId: null,
    tags: noTags,
    ...given,
  };
}

/** The caller's own session: whose keys a sign-in or a token hands out, and which goes on under another key. */
export function sameSession(caller: Caller, sessionName: string | null) {
  return {
    // Where the record shows no issuer, the calls of the session do: the session's ARN lacks the role's path.
    roleArn: caller.session?.issuer?.arn ?? null,
    principalId: caller.principalId,
    arn: caller.arn,
    sessionName,
    sourceIdentity: caller.session?.sourceIdentity ?? null,
  };
}
