import { parseRoleArn, parseSessionArn, sessionArn } from './arn.ts';
import type { Caller } from './event.ts';
import { type Json, objectAt, RecordError, requiredString, stringAt } from './read.ts';

/** Who the issued credentials stand for, as later calls show it. */
export interface IssuedPrincipal {
  roleArn: string | null;
  principalId: string | null;
  arn: string | null;
  sessionName: string | null;
}

/** Reads it from an issuance's request and response, each API in its own way. Throws RecordError. */
export function readPrincipal(
  eventName: string,
  request: Json,
  response: Json,
  caller: Caller,
): IssuedPrincipal {
  switch (eventName) {
    case 'GetSessionToken':
      return { roleArn: null, principalId: caller.principalId, arn: caller.arn, sessionName: null };
    case 'GetSigninToken':
      // The same session goes on under another key.
      return {
        roleArn: caller.session?.issuer?.arn ?? null,
        principalId: caller.principalId,
        arn: caller.arn,
        sessionName: caller.arn && (parseSessionArn(caller.arn)?.sessionName ?? null),
      };
    case 'AssumeRoot':
      return rootOf(requiredString(request, 'targetPrincipal', 'requestParameters.targetPrincipal'), caller);
    case 'GetFederationToken':
      return federatedUser(request, response);
    default:
      return roleSession(request, response);
  }
}

function rootOf(target: string, caller: Caller): IssuedPrincipal {
  const account = /\d{12}/.exec(target)?.[0] ?? null;
  const partition = caller.arn?.split(':')[1] ?? 'aws';
  const arn = account && `arn:${partition}:iam::${account}:root`;
  return { roleArn: null, principalId: account, arn, sessionName: null };
}

function federatedUser(request: Json, response: Json): IssuedPrincipal {
  const user = objectAt(response, 'federatedUser', 'responseElements.federatedUser') ?? {};
  return {
    roleArn: null,
    principalId: stringAt(user, 'federatedUserId', 'responseElements.federatedUser.federatedUserId'),
    arn: stringAt(user, 'arn', 'responseElements.federatedUser.arn'),
    sessionName: stringAt(request, 'name', 'requestParameters.name'),
  };
}

function roleSession(request: Json, response: Json): IssuedPrincipal {
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
