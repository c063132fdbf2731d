import { isReservedRole } from '../identities/grants.ts';
import { parseArn, parseSessionArn } from '../records/arn.ts';
import type { Party } from './chain.ts';
import type { Mechanism } from './mechanism.ts';
import type { SessionAnswer } from './session-answer.ts';
import { ownUses, type Use } from './use.ts';

/** Who a record names by itself, where its credential has no issuance in these logs, and why it has none. */
export type Delivered = Pick<SessionAnswer, 'status' | 'reason' | 'origin' | 'named'> & {
  mechanism: Mechanism | null;
  approver?: Party;
};

/**
 * What all these calls of one session say by themselves of who made them; null where they say nothing, or not all of them:
 * one call without the mark may have been made by anybody who got hold of the key.
 */
export function deliveredTo(uses: readonly Use[]): Delivered | null {
  const own = ownUses(uses);
  const [use] = own;
  const all = own.map(each => byItself(each));
  const [found] = all;
  if (!use || !found) return null;
  const same = all.every(each => JSON.stringify(each) === JSON.stringify(found));
  return same ? found : null;
}

function byItself(use: Use): Delivered | null {
  return (
    delegated(use) ??
    instanceIdentity(use) ??
    hostManagement(use) ??
    webIdentity(use) ??
    inScope(use) ??
    ownUser(use) ??
    reserved(use) ??
    foreign(use)
  );
}

const nobody: Party = {
  type: 'Unknown',
  arn: null,
  principalId: null,
  accountId: null,
  userName: null,
  invokedBy: null,
  identityProvider: null,
  onBehalfOf: null,
  workload: null,
};

/** A product provider acts with access that somebody here approved, in the approver's session (IAM guide, temporary delegation). */
function delegated(use: Use): Delivered | null {
  const { delegate, type, arn, principalId, accountId, userName, onBehalfOf } = use;
  if (!delegate) return null;
  return {
    status: 'delivered',
    reason: `made by the product provider of account ${delegate}, with delegated access in the session ${arn}, whose holder approved it`,
    origin: { ...nobody, type: 'DelegatedProvider', accountId: delegate },
    named: null,
    mechanism: 'delegation',
    approver: { ...nobody, type, arn, principalId, accountId, userName, onBehalfOf },
  };
}

/** EC2 guide, instance identity roles: `assumed-role/aws:ec2-instance/i-...`, `ACCOUNT:aws:ec2-instance:i-...`. */
function instanceIdentity({ arn, principalId, accountId }: Use): Delivered | null {
  const session = arn ? parseSessionArn(arn) : null;
  const [, instance] = /^\d{12}:aws:ec2-instance:(i-[0-9a-f]+)$/.exec(principalId ?? '') ?? [];
  if (session?.roleName !== 'aws:ec2-instance' || !instance || session.sessionName !== instance) return null;
  return {
    status: 'delivered',
    reason: 'an instance identity role, whose credentials EC2 hands out without a record',
    origin: {
      ...nobody,
      type: 'Workload',
      principalId,
      accountId,
      invokedBy: 'ec2.amazonaws.com',
      workload: instance,
    },
    named: null,
    mechanism: 'service',
  };
}

/**
 * Systems Manager guide, Default Host Management: the role that it makes by default; credentials are handed out by
 * RequestManagedInstanceRoleToken, which shows none. A role under another name cannot be told from any other.
 */
function hostManagement({ arn, issuerArn, principalId, accountId }: Use): Delivered | null {
  const session = arn ? parseSessionArn(arn) : null;
  const isDefault = issuerArn?.endsWith(
    ':role/service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole',
  );
  if (!isDefault || !session || !/^m?i-[0-9a-f]{8,17}$/.test(session.sessionName)) return null;
  return {
    status: 'delivered',
    reason: 'Default Host Management, whose credentials Systems Manager hands out without a record',
    origin: {
      ...nobody,
      type: 'Workload',
      principalId,
      accountId,
      invokedBy: 'ssm.amazonaws.com',
      workload: session.sessionName,
    },
    named: null,
    mechanism: 'service',
  };
}

/** CloudTrail userIdentity element, `webIdFederationData`. */
function webIdentity({ webIdentity: shown, accountId }: Use): Delivered | null {
  const [provider = '', subject = ''] = shown?.split(' ', 2) ?? [];
  if (provider !== 'cognito-identity.amazonaws.com') return null;
  return {
    status: 'delivered',
    reason: 'a Cognito identity, whose credentials are logged as a data event, if at all',
    origin: {
      ...nobody,
      type: 'WebIdentityUser',
      principalId: subject,
      accountId,
      userName: subject,
      identityProvider: provider,
    },
    named: null,
    mechanism: 'cognito',
  };
}

/** CloudTrail userIdentity element, `inScopeOf`: what the credentials were issued to. */
function inScope({ inScopeOf, accountId, byService, type }: Use): Delivered | null {
  if (inScopeOf === null || byService || type !== 'AssumedRole') return null;
  const service = parseArn(inScopeOf)?.service;
  return {
    status: 'delivered',
    reason: 'the record names what its credentials were issued to; no issuance of them was seen',
    origin: {
      ...nobody,
      type: 'Workload',
      arn: inScopeOf,
      accountId,
      invokedBy: service ? `${service}.amazonaws.com` : null,
      workload: inScopeOf,
    },
    named: null,
    mechanism: 'service',
  };
}

/** An IAM user or root at the console, or a service that acts for them: the record names them, and no record issues such a key. */
function ownUser(use: Use): Delivered | null {
  const { type, byService, fromConsole, arn, principalId, accountId, userName } = use;
  if (!(byService || fromConsole) || !['IAMUser', 'Root'].includes(type)) return null;
  return {
    status: 'delivered',
    reason: byService
      ? 'a service made the call for this user, with a key that no record issues'
      : "at the console, which logs no issuance of the session's keys; its sign-in was not seen",
    origin: { ...nobody, type, arn, principalId, accountId, userName },
    named: userName,
    mechanism: byService ? 'forward-access' : 'console',
  };
}

/** A role that only Identity Center can assume, whose session's name is the person's user name there. */
function reserved({ issuerArn, arn, accountId, onBehalfOf, byService }: Use): Delivered | null {
  if (!isReservedRole(issuerArn)) return null;
  const name = arn ? (parseSessionArn(arn)?.sessionName ?? null) : null;
  return {
    status: 'unknown',
    reason:
      'its issuance lies outside these logs; named from the record, because only Identity Center can assume such a role and names the session after the user',
    origin: { ...nobody, type: 'IdentityCenterUser', accountId, userName: name, onBehalfOf },
    named: name,
    mechanism: byService ? 'forward-access' : 'identity-center',
  };
}

/** The owner of a resource sees a caller of another account by account and id only: that account's trail has the issuance. */
function foreign({ type, accountId }: Use): Delivered | null {
  if (type !== 'AWSAccount' || !accountId) return null;
  return {
    status: 'unknown',
    reason: `issued in account ${accountId}; its record of the issuance is not in these logs`,
    origin: null,
    named: null,
    mechanism: null,
  };
}

/** Whether a product provider made the calls: they are never joined to the session of who approved it. */
export function isDelegated(uses: readonly Use[]): boolean {
  return ownUses(uses).some(use => use.delegate !== null);
}
