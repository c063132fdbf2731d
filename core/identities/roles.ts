import { lastPart, roleKey, roleKeyOfSession, smallLetters } from '../records/arn.ts';
import type { Caller } from '../records/event.ts';

const mostAsked = 1000;

/** What Identity Center appends to the name of a role that it makes, `AWSReservedSSO_NAME_0123456789abcdef`, in small letters. */
const permissionSetRole = /^(.*\/awsreservedsso_.+_)[0-9a-f]{16}$/;

/**
 * The roles of a permission set, whose names end otherwise in each account and change when it is provisioned anew, as
 * resource policies name them (Identity Center guide, "Referencing permission sets in resource policies").
 */
const permissionSetPattern = /^AWSReservedSSO_.+_\*$/i;

/** Is this a role name, or the name in a role's ARN, that stands for all roles of a permission set? */
export function isPermissionSetPattern(role: string): boolean {
  return permissionSetPattern.test(lastPart(role));
}

/**
 * The audited roles: ARNs, names, `AWSReservedSSO_NAME_*` for the roles of a permission set, or `*` for every temporary
 * credential. Else never a prefix; a name's case and a role's path make no difference, because they do not tell two roles
 * apart (see roleKey).
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
        names.add(searchedFor(nameIn(key)));
      } else if (role !== '*') {
        this.#names.add(smallLetters(role));
        names.add(searchedFor(smallLetters(role)));
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
    if (key === null) return false;
    // `arn:...:role/awsreservedsso_name_*` for each role of that permission set: the name whole, and nothing that begins like it.
    const set = permissionSetRole.exec(key)?.[1];
    return this.#hasKey(key) || (set !== undefined && this.#hasKey(`${set}*`));
  }

  #hasKey(key: string): boolean {
    return this.#keys.has(key) || this.#names.has(nameIn(key));
  }
}

/** The part of a name that stands in a record's bytes. */
function searchedFor(name: string): string {
  return isPermissionSetPattern(name) ? name.slice(0, -1) : name;
}

function nameIn(key: string): string {
  return lastPart(key);
}

/** Temporary access key ids begin with ASIA, long-term ones with AKIA (IAM identifiers). */
export function isTemporaryKey(accessKeyId: string | null): accessKeyId is string {
  return accessKeyId?.startsWith('ASIA') ?? false;
}
