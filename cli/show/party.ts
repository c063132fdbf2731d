import { parseRoleArn, parseSessionArn } from '../../steps/cloudtrail/arn.ts';
import type { Party } from '../../steps/linking/chain.ts';
import { clean } from '../text/clean.ts';

/** A person or workload as a reader knows it: a short name, and what and whose it is. */
export interface Named {
  name: string;
  what: string;
}

const types: Record<string, string> = {
  IAMUser: 'user',
  AssumedRole: 'role session',
  FederatedUser: 'federated user',
  SAMLUser: 'SAML user',
  WebIdentityUser: 'web identity',
  IdentityCenterUser: 'Identity Center user',
  AWSService: 'AWS service',
  AWSAccount: 'name unknown',
  Root: 'root user',
  Directory: 'directory user',
  DelegatedProvider: 'product provider with delegated access',
  Workload: 'workload',
};

/** Names an origin or a caller. Everything comes from logs and is cleaned here. */
export function nameParty(party: Party): Named {
  const { type, arn, principalId, accountId, userName, invokedBy, identityProvider, onBehalfOf } = party;
  if (['AWSService', 'Workload'].includes(type) && party.workload)
    return nameWorkload(party.workload, invokedBy ?? 'a service');
  const kind = types[type] ?? type;
  if (type === 'DelegatedProvider') return { name: clean(`account ${accountId}`), what: kind };
  const place = accountId ? `account ${accountId}` : (identityProvider ?? '');
  const session = arn ? parseSessionArn(arn) : null;
  const name =
    type === 'Root'
      ? 'root'
      : session
        ? `${session.roleName}/${session.sessionName}`
        : (userName ?? (arn && lastPart(arn)) ?? invokedBy ?? principalId ?? type);
  const person = onBehalfOf ? `for Identity Center user ${onBehalfOf}` : '';
  return { name: clean(name), what: clean([kind, place, person].filter(part => part !== '').join(', ')) };
}

const workloads: Record<string, string> = {
  'ec2.amazonaws.com': 'EC2 instance',
  'lambda.amazonaws.com': 'Lambda function',
};

function nameWorkload(workload: string, service: string): Named {
  const kind = workloads[service];
  return kind
    ? { name: clean(workload), what: `AWS service, ${kind}` }
    : { name: clean(service), what: clean(`AWS service, as ${workload}`) };
}

/** A role ARN as a reader knows it: its name with its path, and its account. */
export function nameRole(arn: string | null): Named {
  const role = arn ? parseRoleArn(arn) : null;
  if (!role) return { name: clean(arn ?? 'a session without a role'), what: '' };
  return {
    name: clean(role.path ? `${role.path}/${role.name}` : role.name),
    what: `account ${role.account}`,
  };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1).replace(/^(?:user|federated-user)\//, '');
}
