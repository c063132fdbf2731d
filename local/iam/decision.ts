import type { Said } from './resource-policy.ts';

/** What the policies of a caller say; a service has none. */
export type Identity = 'allow' | 'deny' | null;

export interface Question {
  identity: Identity | 'service';
  /** what the resource's own policy says; null also where it has none */
  resource: Said;
  /** the resource is a KMS key */
  key: boolean;
  /** the resource belongs to another account than the caller */
  foreign: boolean;
}

/** null: allowed. Else why not, in AWS's words; `ACTION` stands for the action. */
export type Because = string | null;

const noIdentity = 'because no identity-based policy allows the ACTION action';
const noResource = 'because no resource-based policy allows the ACTION action';

/**
 * Whether a request is allowed (IAM guide, "Policy evaluation logic"): an explicit Deny wins. Within an account one policy
 * is enough, that of the caller or that of the resource; across accounts it takes both. A key is used as its own policy
 * says: only where that leaves it to the account do the caller's policies count (KMS guide, "Key policies"). A service
 * is let in by the resource alone.
 */
export function decide({ identity, resource, key, foreign }: Question): Because {
  if (identity === 'deny') return 'with an explicit deny in an identity-based policy';
  if (resource === 'deny') return 'with an explicit deny in a resource-based policy';
  if (identity === 'service') return resource === 'allow' ? null : noResource;
  if (foreign) {
    if (resource === null) return noResource;
    return identity === 'allow' ? null : noIdentity;
  }
  if (resource === 'allow') return null;
  if (key && resource === null) return noResource;
  return identity === 'allow' ? null : noIdentity;
}
