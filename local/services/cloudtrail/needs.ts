import type { Need } from '../../contract.ts';

/** What a CloudTrail request needs: the public keys are no one's resource. */
export function cloudTrailNeeds(operation: string): Need[] {
  return [{ action: `cloudtrail:${operation}`, resource: '*' }];
}
