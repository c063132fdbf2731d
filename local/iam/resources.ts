import type { RequestContext } from './conditions.ts';
import type { ResourcePolicy } from './resource-policy.ts';

/** A policy that is attached to a resource, and the account the resource belongs to. */
export interface Attached {
  policy: ResourcePolicy;
  account: string;
}

/** The key a resource is encrypted with. `context`: what the service binds it to, as conditions see it. */
export interface KeyInUse extends Attached {
  arn: string;
  context: RequestContext;
}

/** What is known of resources: their own policies and their keys, by ARN. */
export interface Resources {
  /** of a bucket also by its objects, of a table by its indexes */
  policyOf(arn: string): Attached | undefined;
  keyOf(arn: string): KeyInUse | undefined;
}

export const noResources: Resources = { policyOf: () => undefined, keyOf: () => undefined };
