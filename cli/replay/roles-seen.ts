import { AuditedRoles } from '../../core/identities/roles.ts';
import { roleKey, roleKeyOfSession, roleWithoutPath } from '../../core/records/arn.ts';
import type { AuditEvent } from '../../core/records/event.ts';

/** Roles remembered; only forged logs have more, and then no missing role is reported. */
const mostRoles = 10_000;

/** The roles that records are about: that of a call, of an issuance, of a refused attempt; and their unique ids. */
export class RolesSeen {
  /** ARNs as they are written, by roleKey */
  readonly #roles = new Map<string, string>();
  readonly #asked = new Set<string>();
  /** the ARN of a role's session, or of the role, by the role's unique id */
  readonly #ids = new Map<string, string>();

  add({ caller, issuance, denied }: AuditEvent): void {
    this.see(caller.session?.issuer?.arn ?? caller.arn);
    if (issuance) this.see(issuance.roleArn ?? issuance.arn);
    this.see(denied);
  }

  /** Takes in the ARN of a role, or of a role's session; any other text is none of either. */
  see(arn: string | null): void {
    if (arn === null || this.#asked.has(arn) || this.full) return;
    if (this.#asked.size < mostRoles) this.#asked.add(arn);
    const key = roleKey(arn) ?? roleKeyOfSession(arn);
    if (!key) return;
    const known = this.#roles.get(key);
    // A session's ARN lacks the role's path: an ARN that has it is the better one to show.
    if (!known || (roleKey(arn) && arn.length > known.length))
      this.#roles.set(key, roleWithoutPath(arn) ?? arn);
  }

  /** Takes in whose unique id this is (`AROA...`). */
  seeId(id: string, arn: string): void {
    if (this.#ids.size < mostRoles) this.#ids.set(id, arn);
    this.see(arn);
  }

  get full(): boolean {
    return this.#roles.size >= mostRoles;
  }

  /** ARNs of all roles seen. */
  get arns(): string[] {
    return [...this.#roles.values()];
  }

  /** The ARN of the role that has this unique id; null when no record shows it. */
  withId(id: string): string | null {
    const arn = this.#ids.get(id);
    return arn === undefined ? null : (roleWithoutPath(arn) ?? arn);
  }

  /** The roles in `asked` that no record shows: an empty report on one of them is not an all-clear. */
  missing(asked: readonly string[]): string[] {
    if (this.full) return [];
    const seen = this.arns;
    return asked.filter(role => {
      if (role === '*') return false;
      const wanted = new AuditedRoles([role]);
      return !seen.some(arn => wanted.hasRole(arn));
    });
  }
}
