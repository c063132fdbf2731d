/** The parts of `arn:partition:service:region:account:resource` (IAM guide, ARN format). */
export interface Arn {
  /** aws, aws-cn, aws-us-gov */
  partition: string;
  service: string;
  /** empty where the service has none: IAM, STS, S3 */
  region: string;
  /** empty where the resource names none: an S3 bucket */
  account: string;
  /** all the rest, which may have colons: `user/team/jsmith`, `stateMachine:audit` */
  resource: string;
}

/** The parts of an ARN; null for any other text, also for one with fewer than six parts. */
export function parseArn(text: string | null | undefined): Arn | null {
  if (!text?.startsWith('arn:')) return null;
  const [, partition = '', service = '', region = '', account = '', ...rest] = text.split(':');
  return rest.length > 0 ? { partition, service, region, account, resource: rest.join(':') } : null;
}

/** The parts of what must be an ARN, such as a stack's output. Throws TypeError for any other text. */
export function requiredArn(text: string): Arn {
  const arn = parseArn(text);
  if (!arn) throw new TypeError(`${JSON.stringify(text)} is not an ARN`);
  return arn;
}

/** The account in an ARN; null where it names none, and for any other text. */
export function accountInArn(arn: string | null | undefined): string | null {
  return parseArn(arn)?.account || null;
}

/** What stands behind the last slash of an ARN, a path or a key: the name without its path. */
export function lastPart(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** Host and path of the issuer that the ARN of an OIDC provider names; any other text as it is. */
export function oidcIssuer(provider: string): string {
  const { service, resource = '' } = parseArn(provider) ?? {};
  const prefix = 'oidc-provider/';
  return service === 'iam' && resource.startsWith(prefix) ? resource.slice(prefix.length) : provider;
}

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

/** Whether this is the ARN of a role's session, though its account may be made anonymous. */
export function isSessionArn(arn: string | null): boolean {
  const { service, resource } = parseArn(arn) ?? {};
  return service === 'sts' && resource?.startsWith('assumed-role/') === true;
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
