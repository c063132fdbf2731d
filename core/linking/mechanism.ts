import { isReservedRole } from '../identities/grants.ts';
import type { Issuance } from '../records/event.ts';

/** How a credential came about: what a person would call the way somebody got in. */
export type Mechanism =
  | 'assume-role'
  | 'saml'
  | 'web-identity'
  | 'identity-center'
  | 'account-access'
  | 'console'
  | 'sign-in'
  | 'forward-access'
  | 'session-token'
  | 'federation-token'
  | 'root'
  | 'service'
  | 'roles-anywhere'
  | 'pod-identity'
  | 'lake-formation'
  | 'access-grant'
  | 'directory-bucket'
  | 'cognito'
  | 'delegation';

/** The service that asks for access to accounts for people; its key is not a key that anybody uses. */
export const accountAccess = 'account-access.amazonaws.com';
export const lakeFormation = 'lakeformation.amazonaws.com';
export const accessGrants = 'access-grants.s3.amazonaws.com';

const byService: Record<string, Mechanism> = {
  [accountAccess]: 'account-access',
  [lakeFormation]: 'lake-formation',
  'rolesanywhere.amazonaws.com': 'roles-anywhere',
  'pods.eks.amazonaws.com': 'pod-identity',
  [accessGrants]: 'access-grant',
};

const byCall: Record<string, Mechanism> = {
  AssumeRole: 'assume-role',
  AssumeRoleWithSAML: 'saml',
  AssumeRoleWithWebIdentity: 'web-identity',
  AssumeRoot: 'root',
  GetFederationToken: 'federation-token',
  GetSessionToken: 'session-token',
  GetSigninToken: 'console',
  SwitchRole: 'console',
  ConsoleLogin: 'console',
  CreateSession: 'directory-bucket',
  GetCredentialsForIdentity: 'cognito',
  GetDelegatedAccessToken: 'delegation',
  GetDataAccess: 'access-grant',
  AssumeRoleForPodIdentity: 'pod-identity',
  RequestManagedInstanceRoleToken: 'service',
};

/** How the credential of an issuance came about. */
export function mechanismOf({
  eventName,
  caller,
  roleArn,
}: Pick<Issuance, 'eventName' | 'caller' | 'roleArn'>): Mechanism {
  if (isReservedRole(roleArn)) return 'identity-center';
  if (caller.type === 'AWSService') return byService[caller.invokedBy ?? ''] ?? 'service';
  if (eventName === 'CreateSession' && caller.type !== 'AssumedRole' && caller.type !== 'IAMUser')
    return 'roles-anywhere';
  return byCall[eventName] ?? 'assume-role';
}
