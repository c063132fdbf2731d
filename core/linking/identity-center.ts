import { permissionSetName, permissionSetOf, tokenName } from '../identities/grants.ts';
import type { Joined } from './chain.ts';
import { factNames, type LoadFacts } from './facts.ts';
import { type IssuedSession, issuedSessions } from './issued-session.ts';

/** What Identity Center's own records say of a session of one of its roles. */
export interface IdentityCenter {
  userId: string;
  /** eventIDs of the records that say so */
  grants: string[];
  /** what an application did to act for the person: it got the token that the credentials were asked with */
  application: IssuedSession | null;
}

/**
 * Who asked Identity Center for the credentials of this session. Its record tells account, permission set and second, not
 * the session: it counts where one request and one session fall into that second alone, and where nothing that the calls
 * say contradicts it. Null for a session of another kind, and where that is not so.
 */
export async function identityCenterOf(
  session: IssuedSession,
  { person = null }: Pick<Joined, 'person'>,
  load: LoadFacts,
  basis: string[],
): Promise<IdentityCenter | null> {
  const set = session.roleArn === null ? null : permissionSetOf(session.roleArn);
  if (!set || session.caller.type !== 'SAMLUser') return null;
  const facts = await load(permissionSetName(set.account, set.name, session.issuedAt));
  basis.push(...factNames(facts));
  const own = facts.issuances.filter(({ provenance }) => provenance === 'trail');
  const requests = new Map(own.filter(({ part }) => part === 'grant').map(each => [each.eventID, each]));
  const sessions = issuedSessions(own.filter(({ part }) => part === 'issuance'));
  const [request] = requests.values();
  const userId = request?.caller.onBehalfOf?.userId;
  if (!request || !userId || requests.size > 1 || sessions.length !== 1) return null;
  if (person !== null && person !== userId) return null;
  const { credentialId } = request.caller;
  const application = credentialId ? await applicationOf(credentialId, load, basis) : null;
  return { userId, grants: [request.eventID], application };
}

async function applicationOf(
  credentialId: string,
  load: LoadFacts,
  basis: string[],
): Promise<IssuedSession | null> {
  const facts = await load(tokenName(credentialId));
  basis.push(...factNames(facts));
  const [token, another] = issuedSessions(facts.issuances.filter(({ provenance }) => provenance === 'trail'));
  return token && !another ? token : null;
}
