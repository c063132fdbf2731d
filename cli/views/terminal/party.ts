import type { Hop, Party } from '../../../core/linking/chain.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { parseArn, parseRoleArn, parseSessionArn } from '../../../core/records/arn.ts';
import { noNames, type People } from '../../people/people.ts';
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

/** Names an origin or a caller. Everything comes from logs and from who was asked for names, and is cleaned here. */
export function nameParty(party: Party, people: People = noNames): Named {
  const { type, arn, accountId, invokedBy, identityProvider, onBehalfOf } = party;
  if (['AWSService', 'Workload'].includes(type) && party.workload)
    return nameWorkload(party.workload, invokedBy ?? 'a service');
  const kind = types[type] ?? type;
  if (type === 'DelegatedProvider') return { name: clean(`account ${accountId}`), what: kind };
  const accountLabel = accountId ? `account ${accountId}` : (identityProvider ?? '');
  if (type === 'IdentityCenterUser') return nameUser(party, accountLabel, people);
  const session = arn ? parseSessionArn(arn) : null;
  const name = session ? `${session.roleName}/${session.sessionName}` : nameWithoutSession(party);
  const person = onBehalfOf ? `for ${personOf(onBehalfOf, people)}` : '';
  return { name: clean(name), what: said([kind, accountLabel, person]) };
}

function nameWithoutSession({ type, arn, principalId, userName, invokedBy }: Party): string {
  if (type === 'Root') return 'root';
  if (type === 'AWSService' && invokedBy) return invokedBy;
  return userName ?? (arn && lastPart(arn)) ?? invokedBy ?? principalId ?? type;
}

/** A user of Identity Center: as the record names them, else as who was asked does, else by the id. */
function nameUser({ userName, principalId, onBehalfOf }: Party, accountLabel: string, people: People): Named {
  const known = onBehalfOf ? people.nameOf(onBehalfOf) : null;
  const name = userName ?? known ?? onBehalfOf ?? principalId ?? 'IdentityCenterUser';
  const id = onBehalfOf && onBehalfOf !== name ? ` ${onBehalfOf}` : '';
  const otherwise = known && known !== name ? `by the names given ${known}` : '';
  return { name: clean(name), what: said([`Identity Center user${id}`, accountLabel, otherwise]) };
}

/** `kim.ortiz (Identity Center user 94482488-3041-...)` */
function personOf(userId: string, people: People): string {
  const name = people.nameOf(userId);
  return name ? `${name} (Identity Center user ${userId})` : `Identity Center user ${userId}`;
}

function said(parts: readonly string[]): string {
  return clean(parts.filter(part => part !== '').join(', '));
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

/** Who approved a product provider's access, in half a sentence. */
export function approverText(approver: Party, people: People = noNames): string {
  const { name, what } = nameParty(approver, people);
  return `by ${name} (${what})`;
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

/** What a session acts as: its role, or what `arn` tells of one that has none: root, as AssumeRoot hands it out. */
export function nameActing(roleArn: string | null, arn: string | null): Named {
  const { resource, account } = (roleArn === null && parseArn(arn)) || {};
  return resource === 'root' ? { name: `root of account ${account}`, what: '' } : nameRole(roleArn);
}

/** A step of the way from the origin to the session: what it came to act as, by which hop (null: none is known). */
export interface Step extends Named {
  hop: Hop | null;
  roleArn: string | null;
}

/** The way from the origin to the session, in time; a session without a chain is one step. */
export function stepsTo(answer: SessionAnswer): Step[] {
  const { chain, roleArn, arn } = answer;
  const hops = [...chain].reverse();
  if (hops.length === 0) return [{ hop: null, roleArn, ...nameActing(roleArn, arn) }];
  return hops.map((hop, index) => {
    // Who asks for the next hop is who this one led to.
    const next = hops[index + 1];
    const role = hop.roleArn ?? (next ? null : roleArn);
    return { hop, roleArn: role, ...nameActing(role, (next?.caller ?? answer).arn) };
  });
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1).replace(/^(?:user|federated-user)\//, '');
}
