import { trailAccounts } from './names.ts';
import { partitionOf } from './regions.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/** Reports one wrong value: where it stands, and the sentence's second half. */
export type Wrong = (path: PropertyKey[], message: string) => void;

/** A role of an account that the trail does not cover is never seen: the report on it would be empty, and look like an all-clear. */
export function checkAccounts(config: RoletrailConfig, wrong: Wrong): void {
  const known = trailAccounts(config);
  if (known.some(word => !/^\d/.test(word))) return;
  for (const [index, role] of config.auditedRoles.entries()) {
    // The schema reports text that is not a role ARN; it names no account.
    const [, account] = /^arn:[^:]+:iam::(\d{12}):role\//.exec(role) ?? [];
    if (account === undefined || known.includes(account)) continue;
    const covered =
      config.trailAccounts === undefined
        ? 'production.account nor an account of partners, which the trail covers where trailAccounts is absent'
        : 'production.account nor in trailAccounts';
    wrong(['auditedRoles', index], `'${role}' is of account ${account}, which is neither ${covered}`);
  }
}

/** What holds of the trail bucket: an existing one is production's, and in its region, whose EventBridge hears of its objects. */
export function checkBucket({ trailBucket, production }: RoletrailConfig, wrong: Wrong): void {
  const { name, create, keyArn } = trailBucket;
  if (create && name.endsWith('-an')) {
    // S3 guide, account regional namespaces.
    wrong(
      ['trailBucket', 'name'],
      `'${name}' ends with '-an', which S3 keeps for account regional namespaces; the stack creates none there`,
    );
  }
  if (keyArn === undefined) return;
  const path = ['trailBucket', 'keyArn'];
  if (create) {
    wrong(path, 'is for an existing bucket; one that is created is encrypted with the key of the stack');
    return;
  }
  const [, partition, region, account] = /^arn:([^:]+):kms:([^:]+):(\d{12}):key\//.exec(keyArn) ?? [];
  // Told elsewhere.
  if (partition === undefined) return;
  const { account: owner, region: here } = production;
  if (partition !== partitionOf(here))
    wrong(
      path,
      `'${keyArn}' is in partition ${partition}, but the bucket is in ${partitionOf(here)}, as production.region ${here} is`,
    );
  else if (region !== here)
    wrong(
      path,
      `'${keyArn}' is in region ${region}, but the bucket is in production.region ${here}; S3 accepts only keys of the bucket's Region`,
    );
  else if (account !== owner)
    wrong(path, `'${keyArn}' is of account ${account}, but the bucket is of production.account ${owner}`);
}
