import { account, partnerAccount } from './place.ts';
import type { Random } from './random.ts';
import { isoTime } from './record.ts';

/** Somebody who makes calls: `userIdentity` as their records show it. */
export interface Principal {
  userIdentity: object;
  sourceIPAddress?: string;
}

export function user(random: Random): Principal {
  const userName = random.pick(['jsmith', 'zoë', 'deploy', 'ci-runner', 'håkon', 'auditor']);
  return {
    userIdentity: {
      type: 'IAMUser',
      principalId: random.id('AIDA', 17),
      arn: `arn:aws:iam::${account}:user/${userName}`,
      accountId: account,
      accessKeyId: random.id('AKIA', 16),
      userName,
    },
  };
}

/** A service acting by itself: its records have neither ARN nor key. */
export function service(random: Random): Principal {
  const name = random.pick(['ec2', 'lambda', 'autoscaling', 'config', 'cloudtrail']);
  return {
    userIdentity: { type: 'AWSService', invokedBy: `${name}.amazonaws.com` },
    sourceIPAddress: `${name}.amazonaws.com`,
  };
}

/** A caller of another account as the role owner's copy shows it: no ARN, no key (IAM guide, cloudtrail-integration). */
export function stranger(random: Random): Principal {
  return {
    userIdentity: { type: 'AWSAccount', principalId: random.id('AIDA', 17), accountId: partnerAccount },
  };
}

/** A session of a role, with what later issuances and calls need of it. */
export interface RoleSession extends Principal {
  role: string;
  sessionName: string;
  accessKeyId: string;
  roleId: string;
}

export function roleSession(role: string, issued: number, random: Random): RoleSession {
  const roleId = random.id('AROA', 17);
  const sessionName = `${random.pick(['build', 'i-0', 'jsmith', 'nightly'])}-${random.hex(8)}`;
  const accessKeyId = random.id('ASIA', 16);
  return {
    role,
    sessionName,
    accessKeyId,
    roleId,
    userIdentity: {
      type: 'AssumedRole',
      principalId: `${roleId}:${sessionName}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
      accountId: account,
      accessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: roleId,
          arn: `arn:aws:iam::${account}:role/${role}`,
          accountId: account,
          userName: role,
        },
        attributes: { creationDate: isoTime(issued), mfaAuthenticated: 'false' },
      },
    },
  };
}
