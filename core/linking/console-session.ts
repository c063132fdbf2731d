import type { CredentialFacts } from './facts.ts';
import { type Principal, samePrincipal } from './principal.ts';

/**
 * Is the session of these facts one of the console, as far as this principal goes? Calls marked so say it, or a sign-in
 * or switch of roles that hands out no key. Some services leave the mark out of their records, so a fresh key without an
 * issuance belongs to the session if the session itself is of the console.
 */
export function isConsoleSession(session: CredentialFacts, principal: Principal): boolean {
  return (
    session.uses.some(use => use.fromConsole && samePrincipal(use, principal)) ||
    session.issuances.some(
      ({ part, accessKeyId, provenance, ...issued }) =>
        provenance === 'trail' &&
        part === 'issuance' &&
        accessKeyId === null &&
        samePrincipal(principal, issued),
    )
  );
}
