import { parseArn } from '../../../core/records/arn.ts';
import type { Denial } from '../../../core/records/denial.ts';
import type { Json } from '../../../core/records/read.ts';
import type { Touched } from '../../../core/resources/resource.ts';
import { accountOf, present } from './parties.ts';

/** What a call touched: its id, type and name, whose it is, and where. */
export function resourcesOf({ resources }: Touched): Json[] | null {
  if (resources.length === 0) return null;
  return resources.map(({ id, type, name, account }) => {
    const arn = parseArn(id);
    return present({
      uid: id,
      type,
      name,
      owner: account === null ? null : { account: accountOf(account) },
      cloud_partition: arn?.partition,
      region: arn?.region || null,
    });
  });
}

/** The decision on the caller's request: OCSF's place for a policy that denied it. */
export function authorizationsOf(denial: Denial | null): Json[] | null {
  if (!denial) return null;
  const { policy, policyArn } = denial;
  const named = policy === null ? null : present({ type: policy, uid: policyArn });
  return [present({ decision: 'Denied', policy: named })];
}
