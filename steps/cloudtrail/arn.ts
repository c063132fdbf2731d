/** ARNs of roles and of their sessions. Partitions: aws, aws-cn, aws-us-gov (IAM guide, ARN format). */

export interface RoleArn {
  partition: string;
  account: string;
  /** without the leading and trailing slash; empty for a role without a path */
  path: string;
  name: string;
}

const rolePattern = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:(.+)\/)?([^/]+)$/;
const sessionPattern = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/;

export function parseRoleArn(arn: string): RoleArn | null {
  const [, partition, account, path = '', name] = rolePattern.exec(arn) ?? [];
  return partition && account && name ? { partition, account, path, name } : null;
}

/** The role and session names in an assumed-role ARN, which drops the role's path. */
export function parseSessionArn(
  arn: string,
): { partition: string; account: string; roleName: string; sessionName: string } | null {
  const [, partition, account, roleName, sessionName] = sessionPattern.exec(arn) ?? [];
  return partition && account && roleName && sessionName
    ? { partition, account, roleName, sessionName }
    : null;
}

/** The ARN that calls of this role session show: `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`. */
export function sessionArn(role: RoleArn, sessionName: string): string {
  return `arn:${role.partition}:sts::${role.account}:assumed-role/${role.name}/${sessionName}`;
}

/** The role in an assumed-role ARN, as far as that tells it: its path is missing. Null for another ARN. */
export function roleWithoutPath(arn: string): string | null {
  const session = parseSessionArn(arn);
  return session && `arn:${session.partition}:iam::${session.account}:role/${session.roleName}`;
}
