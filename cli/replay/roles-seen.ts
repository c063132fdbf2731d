import { AuditedRoles } from '../../core/identities/roles.ts';
import { lastPart, roleKey, roleKeyOfSession, roleWithoutPath } from '../../core/records/arn.ts';
import type { AuditEvent } from '../../core/records/event.ts';

/** Roles remembered; only forged logs have more, and then no missing role is reported. */
const mostRoles = 10_000;

/** The roles that kept records are about: that of a call, of an issuance, of a refused attempt. */
export class RolesSeen {
  /** ARNs as they are written, by roleKey */
  readonly #roles = new Map<string, string>();
  readonly #asked = new Set<string>();

  add({ caller, issuance, denied }: AuditEvent): void {
    this.#see(caller.session?.issuer?.arn ?? caller.arn);
    if (issuance) this.#see(issuance.roleArn ?? issuance.arn);
    this.#see(denied);
  }

  #see(arn: string | null): void {
    if (arn === null || this.#asked.has(arn) || this.#full) return;
    if (this.#asked.size < mostRoles) this.#asked.add(arn);
    const key = roleKey(arn) ?? roleKeyOfSession(arn);
    if (key && !this.#roles.has(key)) this.#roles.set(key, roleWithoutPath(arn) ?? arn);
  }

  get #full(): boolean {
    return this.#roles.size >= mostRoles;
  }

  /**
   * Those of the roles that were asked for of which no record tells: an empty report on one of them is not an all-clear. `alike`:
   * ARNs of roles that have its name in another account or partition, a few.
   */
  missing(asked: readonly string[]): { role: string; alike: string[] }[] {
    if (this.#full) return [];
    const seen = [...this.#roles.values()];
    return asked
      .filter(role => role !== '*' && ofRole(role, seen).length === 0)
      .map(role => ({ role, alike: ofRole(lastPart(role), seen).slice(0, 3) }));
  }
}

function ofRole(role: string, arns: readonly string[]): string[] {
  const wanted = new AuditedRoles([role]);
  return arns.filter(arn => wanted.hasRole(arn));
}
