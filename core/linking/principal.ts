import type { Caller } from '../records/event.ts';

/** What tells one holder of a credential from another. */
export interface Principal {
  arn: string | null;
  principalId: string | null;
}

/**
 * Is the principal a call shows the one a credential was issued to? Each of ARN and principal id that both sides know
 * must be equal: an access key id alone is no identity, AWS may issue it again (IAM identifiers). When the two sides
 * share neither, nothing says they are the same. An id that says nothing is as one that is not there.
 */
export function samePrincipal(shown: Principal, issued: Principal): boolean {
  const [shownId, issuedId] = [spokenId(shown.principalId), spokenId(issued.principalId)];
  const arns = shown.arn !== null && issued.arn !== null;
  const ids = shownId !== null && issuedId !== null;
  if (arns && shown.arn !== issued.arn) return false;
  if (ids && shownId !== issuedId) return false;
  return arns || ids;
}

function spokenId(id: string | null): string | null {
  return id === null || isMasked(id) ? null : id;
}

/**
 * Was the id made anonymous? Published logs have `AROXXXXXXXXXXXXXXXXXX`, asterisks, and ids that are cut at the colon
 * before a session name. A whole id, whatever its letters, is a text like any other.
 */
export function isMasked(id: string): boolean {
  const [unique = '', session] = id.split(':', 2);
  return unique.includes('*') || /^A[A-Z]{2,3}X{6,}$/.test(unique) || /^X+$/.test(unique) || session === '';
}

/** A caller that names a person or workload by itself, so that a chain may end there. */
export function namesItself(caller: Caller): boolean {
  return !['AssumedRole', 'FederatedUser', 'AWSAccount', 'Unknown', 'Role'].includes(caller.type);
}
