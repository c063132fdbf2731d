import { parseSessionArn } from './arn.ts';
import type { Caller } from './event.ts';
import type { Issued } from './issued.ts';
import { type Json, objectAt, stringAt } from './read.ts';
import { noTags } from './tags.ts';

type WithoutExpiration = Omit<Issued, 'expiresAt' | 'expirationKnown'>;

/**
 * What a sign-in at the console, or a switch of roles there, begins: a session without a key of its own, because the
 * console signs each request with a fresh one. The record's userIdentity is the session that begins. Who switched stands
 * in `additionalEventData.SwitchFrom`, as an ARN (IAM guide, switch role in CloudTrail). Null for a failed one, and for
 * a federated sign-in, whose session STS issued.
 */
export function signInIssued(record: Json, eventName: string, caller: Caller): WithoutExpiration | null {
  const response = objectAt(record, 'responseElements') ?? {};
  if (stringAt(response, eventName, `responseElements.${eventName}`) !== 'Success' || !caller.arn)
    return null;
  const begun = {
    accessKeyId: null,
    // Where the record shows no issuer, the calls of the session do: the session's ARN lacks the role's path.
    roleArn: caller.session?.issuer?.arn ?? null,
    principalId: caller.principalId,
    arn: caller.arn,
    sessionName: parseSessionArn(caller.arn)?.sessionName ?? null,
    sourceIdentity: caller.session?.sourceIdentity ?? null,
    externalId: null,
    tags: noTags,
  };
  if (eventName === 'ConsoleLogin') return ['IAMUser', 'Root'].includes(caller.type) ? begun : null;
  const data = objectAt(record, 'additionalEventData') ?? {};
  const from = stringAt(data, 'SwitchFrom', 'additionalEventData.SwitchFrom');
  return from ? { ...begun, caller: callerOf(from) } : null;
}

function callerOf(arn: string): Caller {
  const [, , , accountId = '', resource = ''] = /^(arn):([^:]*):[^:]*::(\d{12}):(.+)$/.exec(arn) ?? [];
  const kind = resource.split('/')[0] ?? '';
  const types: Record<string, string> = { user: 'IAMUser', 'assumed-role': 'AssumedRole', root: 'Root' };
  return {
    type: types[kind] ?? 'Unknown',
    arn,
    principalId: null,
    accountId: accountId || null,
    userName: kind === 'user' ? (resource.split('/').at(-1) ?? null) : null,
    invokedBy: null,
    identityProvider: null,
    accessKeyId: null,
    session: null,
    onBehalfOf: null,
  };
}
