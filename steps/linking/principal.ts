import type { Caller } from '../cloudtrail/event.ts';

/** What tells one principal under a credential from another. */
export interface Principal {
  arn: string | null;
  principalId: string | null;
}

/**
 * Is the principal a call shows the one a credential was issued to? Each of ARN and principal id that both sides know
 * must be equal: an access key id alone is no identity, AWS may issue it again (IAM identifiers). When the two sides
 * share neither, nothing says they are the same.
 */
export function samePrincipal(shown: Principal, issued: Principal): boolean {
  const arns = shown.arn !== null && issued.arn !== null;
  const ids = shown.principalId !== null && issued.principalId !== null;
  if (arns && shown.arn !== issued.arn) return false;
  if (ids && shown.principalId !== issued.principalId) return false;
  return arns || ids;
}

/** A caller that names a person or workload by itself, so that a chain may end there. */
export function namesItself(caller: Caller): boolean {
  return !['AssumedRole', 'FederatedUser', 'AWSAccount', 'Unknown', 'Role'].includes(caller.type);
}
