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

/**
 * What tells a role from all others: its ARN without the path, its name in small letters. A role's name is unique in its
 * account whatever the path, and "names are not distinguished by case" (IAM API, CreateRole). Null for an ARN of another kind.
 */
export function roleKey(arn: string): string | null {
  const role = parseRoleArn(arn);
  return role && roleKeyOf(role.partition, role.account, role.name);
}

/** As {@link roleKey}, of the role in an assumed-role ARN. */
export function roleKeyOfSession(arn: string): string | null {
  const session = parseSessionArn(arn);
  return session && roleKeyOf(session.partition, session.account, session.roleName);
}

function roleKeyOf(partition: string, account: string, name: string): string {
  return `arn:${partition}:iam::${account}:role/${smallLetters(name)}`;
}

/** Without regard to case as IAM means it, whose names are ASCII: no other letter is like one of these. */
export function smallLetters(name: string): string {
  return name.replace(/[A-Z]+/g, letters => letters.toLowerCase());
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
