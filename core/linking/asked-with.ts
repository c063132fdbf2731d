import { accountInArn } from '../records/arn.ts';
import type { Parent } from './chain-step.ts';
import { type CredentialFacts, factNames, type LoadFacts, vendedName } from './facts.ts';
import {
  type IssuedSession,
  isClaim,
  issuancesIn,
  issuedSessions,
  issuedTo,
  nearest,
} from './issued-session.ts';
import { accessGrants } from './mechanism.ts';
import { takenFrom } from './request-time.ts';
import { against } from './window.ts';

/** What is behind a session that a service vended, as the service itself says it. */
export async function grantOf(
  child: IssuedSession,
  load: LoadFacts,
  basis: string[],
): Promise<Parent | null> {
  const { invokedBy, type } = child.caller;
  const byKey = type === 'AWSService' && invokedBy === accessGrants ? child.best.accessKeyId : null;
  const name = vendedName(child.best) ?? byKey;
  if (!name) return null;
  const facts = await load(name);
  basis.push(...factNames(facts));
  const said = facts.issuances.filter(({ provenance, part }) => provenance === 'trail' && part === 'grant');
  const [grant, another] = issuedSessions(said);
  if (grant && !another) return { session: grant, joinedBy: byKey ? 'grant' : 'lake-formation' };
  // Since February 2026 the source identity names the querying role (Lake Formation guide, tracing data access).
  const [, account, role] = /^V2\.(\d{12})\.(AROA\w+)/.exec(child.sourceIdentity ?? '') ?? [];
  if (byKey || !role) return null;
  return {
    open: `Lake Formation had it issued for the role ${role} of account ${account}; its own record of that was not seen`,
  };
}

/** The issuances of facts, the same objects for the same facts: so a step on from them is found again. */
export function issuedIn(facts: CredentialFacts): IssuedSession[] {
  const known = issued.get(facts) ?? issuedSessions(issuancesIn(facts));
  issued.set(facts, known);
  return known;
}

const issued = new WeakMap<CredentialFacts, IssuedSession[]>();

/**
 * The issuances a child can have been asked with. What our own trail has of the key decides; where it has nothing, a partner may
 * tell of sessions of its own roles.
 */
export function fitting(child: IssuedSession, facts: CredentialFacts): IssuedSession[] {
  const { caller } = child;
  const all = issuedIn(facts);
  const own = all.filter(each => !isClaim(each));
  const same = (own.length > 0 ? own : all.filter(isOfSender)).filter(
    candidate =>
      issuedTo(caller, candidate) &&
      against(candidate, child.issuedAt, takenFrom(child.issuedAt, { ...child.best, amends: null })) ===
        'within',
  );
  return nearest(same, caller.session?.creationDate ?? null);
}

function isOfSender({ arn, best }: IssuedSession): boolean {
  return accountInArn(arn) === best.recipientAccountId;
}
