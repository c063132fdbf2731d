import type { Mechanism } from '../../../core/linking/mechanism.ts';
import type { SessionAnswer } from '../../../core/linking/session-answer.ts';
import { noNames, type People } from '../../people/people.ts';
import { nameParty } from './party.ts';

/** How a session came about, in front of whose it is. */
const ways: Record<Mechanism, string> = {
  'assume-role': 'assumed by',
  saml: 'granted by SAML to',
  'web-identity': 'granted for a token to',
  'identity-center': 'granted by Identity Center to',
  'account-access': 'granted by account access to',
  console: 'granted at the console to',
  'sign-in': 'granted by a sign-in to',
  'forward-access': 'used by a service for',
  'session-token': 'granted as a session token to',
  'federation-token': 'granted as a federation token by',
  root: 'granted as root to',
  service: 'granted to',
  'roles-anywhere': 'granted by Roles Anywhere to',
  'pod-identity': 'granted by EKS Pod Identity to',
  'lake-formation': 'granted by Lake Formation to',
  'access-grant': 'granted by S3 Access Grants to',
  'directory-bucket': 'granted by S3 to',
  cognito: 'granted by Cognito to',
  delegation: 'delegated to',
};

/** Who asked for the session itself, and how: `assumed by CrossAccountTest/mreyes`. Null where no issuance is known. */
export function lineage({ chain, approver, status }: SessionAnswer, people: People = noNames): string | null {
  const [own] = chain;
  if (!own) return status === 'delivered' ? 'named by its own records' : null;
  const said = own.joinedBy === 'claimed' ? 'as a partner says, ' : '';
  const approved = approver ? `, approved by ${nameParty(approver, people).name}` : '';
  return `${said}${ways[own.mechanism]} ${nameParty(own.caller, people).name}${approved}`;
}
