import { partitionOf } from '../../infra/names.ts';
import type { SessionsTable } from '../../steps/aws/sessions-table.ts';
import { parseRoleArn, smallLetters } from '../../steps/cloudtrail/arn.ts';
import type { SessionAnswer } from '../../steps/linking/session-answer.ts';
import { baseConfig } from '../base-config.ts';
import type { Deployment } from '../deployment.ts';
import { UsageError } from '../failure.ts';

/** Sessions of every configured role, oldest first. Throws UsageError where all roles are audited. */
export async function ofAuditedRoles(
  table: SessionsTable,
  deployment: Deployment,
  since?: string,
): Promise<SessionAnswer[]> {
  const roles = baseConfig().auditedRoles;
  if (roles.includes('*')) {
    throw new UsageError("every role is audited ('*'): say --role, --origin or --unlinked");
  }
  const found: SessionAnswer[] = [];
  for (const role of roles) found.push(...(await all(table.byRole(roleArnOf(role, deployment), since))));
  return inTime(found);
}

/** A role's ARN; a name is taken for a role of the audited account, by its configured path if it has one. */
export function roleArnOf(role: string, deployment: Deployment): string {
  if (role.startsWith('arn:')) return role;
  const configured = baseConfig().auditedRoles.find(each => sameName(parseRoleArn(each)?.name, role));
  const account = deployment.outputs.StateMachineArn.split(':')[4];
  return configured ?? `arn:${partitionOf(deployment.region)}:iam::${account}:role/${role}`;
}

function sameName(one: string | undefined, other: string): boolean {
  return one !== undefined && smallLetters(one) === smallLetters(other);
}

/** All that a listing tells, page by page. */
export async function all<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Oldest first; sorts in place. */
export function inTime(answers: SessionAnswer[]): SessionAnswer[] {
  return answers.sort((a, b) => (a.began < b.began ? -1 : a.began > b.began ? 1 : 0));
}
