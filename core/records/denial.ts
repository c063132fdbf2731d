import { type Json, textAt } from './read.ts';

/** The kinds of policy that AWS names as what denied a request, and the one setting. */
export type PolicyKind =
  | 'service control policy'
  | 'resource control policy'
  | 'permissions boundary'
  | 'session policy'
  | 'identity-based policy'
  | 'resource-based policy'
  | 'role trust policy'
  | 'VPC endpoint policy'
  | 'S3 Block Public Access';

/** What a record tells of a request that AWS did not authorize; null for what it does not tell. */
export interface Denial {
  policy: PolicyKind | null;
  /** ARN of the policy that denied it: AWS gives it within an account or organization */
  policyArn: string | null;
  /** `explicit`: a policy has a Deny; `implicit`: none of that kind allows it */
  deny: 'explicit' | 'implicit' | null;
  /** IAM's name of what was asked for: not always that of the call */
  action: string | null;
  /** as the message writes it: an ARN, `*`, `user jsmith` */
  resource: string | null;
  /** the reason stands encoded in the message: `aws sts decode-authorization-message` reads it, in the account that was asked */
  encoded: boolean;
  /** what IAM's GetRequestAuthorizationDetails knows the evaluation by, for a day or more */
  authorizationId: string | null;
}

/** Error codes of services for "not authorized" (each service's common errors), beside those that begin `AccessDenied`. */
const codes = new Set([
  'UnauthorizedOperation',
  'UnauthorizedAccess',
  'AuthorizationError',
  'AuthorizationErrorException',
  'NotAuthorized',
  'UnauthorizedException',
  'ForbiddenException',
  'Forbidden',
  'AllAccessDisabled',
]);

const kinds: [RegExp, PolicyKind][] = [
  [/^service control policy/, 'service control policy'],
  [/^resource control policy/, 'resource control policy'],
  [/^permissions boundary/, 'permissions boundary'],
  [/^sessions? policy/, 'session policy'],
  [/^identity-based policy/, 'identity-based policy'],
  [/^resource-based policy/, 'resource-based policy'],
  [/^role trust policy/, 'role trust policy'],
  [/^VPC endpoint policy/, 'VPC endpoint policy'],
];

/**
 * Why a call was refused, out of errorCode and errorMessage; null for a call that was not refused for want of permission: one
 * that was done, or failed of itself. Messages: IAM guide, "Troubleshoot access denied error messages" and "... with
 * authorization ID"; S3 guide, "Troubleshoot access denied (403 Forbidden) errors". Some services write another message.
 */
export function denialOf(record: Json): Denial | null {
  const message = (textAt(record, 'errorMessage') ?? '').slice(0, longest).replace(/\s+/g, ' ');
  if (!isDenied(textAt(record, 'errorCode'), message)) return null;
  const [, action = null] = /is not authorized to perform:? ?([\w-]+:[\w*]+)/.exec(message) ?? [];
  return {
    ...whoDenied(message),
    action,
    resource: resourceIn(message),
    encoded: /[Ee]ncoded authorization failure message: ?\S/.test(message),
    authorizationId: /authorization id: ?([0-9A-Za-z]+)/i.exec(message)?.[1] ?? null,
  };
}

/** Whether an error says so, by its code or its message. */
export function isDenied(errorCode: string | null, message: string | null = null): boolean {
  const code = errorCode?.replace(/^(?:Client|Server)\./, '') ?? '';
  return code.startsWith('AccessDenied') || codes.has(code) || notAuthorized.test(message ?? '');
}

/** CloudTrail keeps 1,024 characters of a message. */
const longest = 4096;
const notAuthorized = /\bis not authorized to perform\b|\bnot authorized to perform this operation\b/;

function whoDenied(message: string): Pick<Denial, 'policy' | 'policyArn' | 'deny'> {
  // The last such words are AWS's own: what comes before has names that callers choose.
  const explicit = message.lastIndexOf('with an explicit deny');
  const implicit = Math.max(
    message.lastIndexOf('because no '),
    message.lastIndexOf(' are prevented by the '),
  );
  if (explicit < 0 && implicit < 0) return { policy: null, policyArn: null, deny: null };
  const deny = explicit > implicit ? 'explicit' : 'implicit';
  const words = message.slice(Math.max(explicit, implicit));
  if (/^ are prevented by the \w+ setting in S3 Block Public Access/.test(words)) {
    return { policy: 'S3 Block Public Access', policyArn: null, deny: 'explicit' };
  }
  const named = words.replace(/^because no |^with an explicit deny(?: in (?:an?|the) )?/, '');
  const arn = /policy(?: in [^:]*)?: (arn:[^\s,;)]+)|boundary: (arn:[^\s,;)]+)/.exec(words);
  return {
    policy: kinds.find(([pattern]) => pattern.test(named))?.[1] ?? null,
    policyArn: (arn?.[1] ?? arn?.[2])?.replace(/\.$/, '') ?? null,
    deny,
  };
}

/** Up to the reason, or the end of the sentence: resources have blanks (`user jsmith`) and dots, but no sentence's end. */
function resourceIn(message: string): string | null {
  const found =
    / on resource: ?"?(.+?)"?(?: because no | because public | with an explicit deny|\. Encoded |\.? Go to https|\.?$)/.exec(
      message,
    );
  return found?.[1] ?? null;
}
