import { lastPart, roleKey, roleKeyOfSession, smallLetters } from '../records/arn.ts';
import type { Caller } from '../records/event.ts';

const mostAsked = 1000;

/**
 * The audited roles: ARNs, names, or `*` for every temporary credential. Never a prefix; a name's case and a role's path
 * make no difference, because they do not tell two roles apart (see roleKey).
 */
export class AuditedRoles {
  readonly all: boolean;
  /** every name that a record of an audited role shows somewhere, in small letters, for a look at the bytes before parsing */
  readonly names: string[];
  readonly #keys = new Set<string>();
  readonly #names = new Set<string>();
  /** answers to hasRole: every call under a role asks for the same */
  readonly #asked = new Map<string, boolean>();

  constructor(roles: readonly string[]) {
    this.all = roles.includes('*');
    const names = new Set<string>();
    for (const role of roles) {
      const key = roleKey(role);
      if (key) {
        this.#keys.add(key);
        names.add(nameIn(key));
      } else if (role !== '*') {
        this.#names.add(smallLetters(role));
        names.add(smallLetters(role));
      }
    }
    this.names = [...names];
  }

  /** Is this role audited, of which an ARN is given, with any path? */
  hasRole(roleArn: string): boolean {
    const known = this.#asked.get(roleArn);
    if (known !== undefined) return known;
    const audited = this.#has(roleKey(roleArn));
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

  /** Is this the ARN of an audited role's session? */
  hasSession(arn: string): boolean {
    const key = roleKeyOfSession(arn);
    return key !== null && this.#has(key);
  }

  #has(key: string | null): boolean {
    if (this.all) return true;
    return key !== null && (this.#keys.has(key) || this.#names.has(nameIn(key)));
  }
}

function nameIn(key: string): string {
  return lastPart(key);
}

/** Temporary access key ids begin with ASIA, long-term ones with AKIA (IAM identifiers). */
export function isTemporaryKey(accessKeyId: string | null): accessKeyId is string {
  return accessKeyId?.startsWith('ASIA') ?? false;
}
