import type { Actor, Json } from './record.ts';

/** `userIdentity` in the shapes CloudTrail writes (CloudTrail guide, userIdentity element). */

export interface Role {
  account: string;
  /** with both slashes: `/`, `/msp/` */
  path: string;
  name: string;
  /** `AROA...`, the role's unique id */
  id: string;
}

export interface User {
  account: string;
  name: string;
  /** `AIDA...` */
  id: string;
  accessKeyId: string;
}

/** Credentials of a role, as they were issued. `issuedAt` ISO 8601; `seconds` they live. */
export interface RoleSession {
  role: Role;
  name: string;
  accessKeyId: string;
  issuedAt: string;
  seconds: number;
}

export function roleArn(role: Role): string {
  return `arn:aws:iam::${role.account}:role${role.path}${role.name}`;
}

/** An assumed-role ARN drops the role's path (IAM guide, identifiers). */
export function sessionArn(session: RoleSession): string {
  return `arn:aws:sts::${session.role.account}:assumed-role/${session.role.name}/${session.name}`;
}

export function userArn(user: User): string {
  return `arn:aws:iam::${user.account}:user/${user.name}`;
}

export function byUser(user: User, ip: string, agent: string): Actor {
  const identity: Json = {
    type: 'IAMUser',
    principalId: user.id,
    arn: userArn(user),
    accountId: user.account,
    accessKeyId: user.accessKeyId,
    userName: user.name,
  };
  return { identity, ip, agent };
}

export function bySession(session: RoleSession, ip: string, agent: string, context: Json = {}): Actor {
  const { role } = session;
  const identity: Json = {
    type: 'AssumedRole',
    principalId: `${role.id}:${session.name}`,
    arn: sessionArn(session),
    accountId: role.account,
    accessKeyId: session.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: role.id,
        arn: roleArn(role),
        accountId: role.account,
        userName: role.name,
      },
      attributes: { creationDate: session.issuedAt, mfaAuthenticated: 'false' },
      ...context,
    },
  };
  return { identity, ip, agent };
}

/**
 * The foreign caller as the role owner's copy of a cross-account AssumeRole shows it: no arn, no access key id
 * (IAM guide, cloudtrail-integration).
 */
export function byForeignPrincipal(account: string, principalId: string, ip: string, agent: string): Actor {
  return { identity: { type: 'AWSAccount', principalId, accountId: account }, ip, agent };
}

export function byService(host: string): Actor {
  return { identity: { type: 'AWSService', invokedBy: host }, ip: host, agent: host };
}

/** The same caller, with the Identity Center user it acts for. */
export function onBehalfOf(actor: Actor, person: { userId: string; identityStoreArn: string }): Actor {
  return { ...actor, identity: { ...actor.identity, onBehalfOf: person } };
}

/** A service in the session of its caller: it is the source, too (record contents, sourceIPAddress and userAgent). */
export function throughService(actor: Actor, host: string): Actor {
  return { identity: { ...actor.identity, invokedBy: host }, ip: host, agent: host };
}

/** A product provider in the session of who approved its request (IAM guide, temporary delegation). */
export function byDelegate(actor: Actor, account: string, ip: string, agent: string): Actor {
  return { identity: { ...actor.identity, invokedByDelegate: { accountId: account } }, ip, agent };
}

/** Who an OIDC provider vouches for (CloudTrail guide, userIdentity element: WebIdentityUser). */
export function byWebIdentity(
  provider: string,
  audience: string,
  subject: string,
  ip: string,
  agent: string,
): Actor {
  const identity: Json = {
    type: 'WebIdentityUser',
    principalId: `${provider}:${audience}:${subject}`,
    userName: subject,
    identityProvider: provider,
  };
  return { identity, ip, agent };
}

/** A person as Identity Center logs it: no principal of IAM, the user of its directory and the token used. */
export function byIdentityCenterUser(
  account: string,
  person: { userId: string; identityStoreArn: string },
  credentialId: string,
  ip: string,
  agent: string,
): Actor {
  const identity: Json = { type: 'IdentityCenterUser', accountId: account, onBehalfOf: person, credentialId };
  return { identity, ip, agent };
}

/** Who a SAML provider vouches for (CloudTrail guide, userIdentity element: SAMLUser). */
export function bySamlSubject(subject: string, nameQualifier: string, ip: string, agent: string): Actor {
  const identity: Json = {
    type: 'SAMLUser',
    principalId: `${nameQualifier}:${subject}`,
    userName: subject,
    identityProvider: nameQualifier,
  };
  return { identity, ip, agent };
}
