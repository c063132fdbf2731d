import { parseRoleArn, parseSessionArn } from './arn.ts';
import type { Caller } from './event.ts';

const mostAsked = 1000;

/** The audited roles: full ARNs, exact names, or `*` for every temporary credential. Never a prefix. */
export class AuditedRoles {
  readonly all: boolean;
  /** every name that a record of an audited role shows somewhere, for a look at the bytes before parsing */
  readonly names: string[];
  readonly #arns = new Set<string>();
  readonly #sessions = new Set<string>();
  readonly #names = new Set<string>();
  /** answers to hasRole: every call under a role asks for the same */
  readonly #asked = new Map<string, boolean>();

  constructor(roles: readonly string[]) {
    this.all = roles.includes('*');
    const names = new Set<string>();
    for (const role of roles) {
      const arn = parseRoleArn(role);
      if (arn) {
        this.#arns.add(role);
        this.#sessions.add(`${arn.partition}:${arn.account}:${arn.name}`);
        names.add(arn.name);
      } else if (role !== '*') {
        this.#names.add(role);
        names.add(role);
      }
    }
    this.names = [...names];
  }

  /** Is this role ARN (with its path) audited? */
  hasRole(roleArn: string): boolean {
    const known = this.#asked.get(roleArn);
    if (known !== undefined) return known;
    const role = parseRoleArn(roleArn);
    const audited = this.all || this.#arns.has(roleArn) || (role !== null && this.#names.has(role.name));
    if (this.#asked.size >= mostAsked) this.#asked.clear();
    this.#asked.set(roleArn, audited);
    return audited;
  }

  /** Was this caller acting under an audited role (with `*`: with any temporary credential)? */
  hasCaller(caller: Caller): boolean {
    if (this.all) return caller.session !== null || isTemporaryKey(caller.accessKeyId);
    if (caller.type !== 'AssumedRole') return false;
    const issuer = caller.session?.issuer?.arn;
    if (issuer) return this.hasRole(issuer);
    // Some services leave sessionIssuer out.
    return caller.arn !== null && this.hasSession(caller.arn);
  }

  /** Is this the ARN of an audited role's session? It has the role's name, which is unique in its account, not the path. */
  hasSession(arn: string): boolean {
    const session = parseSessionArn(arn);
    if (!session) return false;
    const { partition, account, roleName } = session;
    return this.all || this.#sessions.has(`${partition}:${account}:${roleName}`) || this.#names.has(roleName);
  }
}

/** Temporary access key ids begin with ASIA, long-term ones with AKIA (IAM identifiers). */
export function isTemporaryKey(accessKeyId: string | null): accessKeyId is string {
  return accessKeyId?.startsWith('ASIA') ?? false;
}
