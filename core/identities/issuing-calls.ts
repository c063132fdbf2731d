import { consoleLogin, oauthToken, signinToken, switchRole } from './console.ts';
import {
  cognitoIdentity,
  delegatedAccess,
  expressSession,
  lakeFormationAccess,
  roleCredentials,
  rolesAnywhereSession,
  s3AccessGrant,
  ssoToken,
} from './grants.ts';
import type { IssuingCall } from './issued.ts';
import {
  assumedRole,
  assumedRoot,
  federatedRole,
  federationToken,
  serviceRole,
  sessionToken,
} from './sts.ts';

const hour = 3600;
const minute = 60;

/**
 * The calls that hand out credentials, or say that somebody has keys which no record shows: a new one is a row here, and a
 * case in test/core/cases/linking. Lives: STS comparison of credential lifetimes; AssumeRoot:
 * cloudtrail-track-privileged-tasks; a console session, 12 hours: IAM guide, sign-in; a directory bucket's session, 5
 * minutes: S3 guide; `aws login`, 12 hours in keys of 15 minutes: Sign-In guide.
 */
const table: Record<string, Record<string, IssuingCall>> = {
  'sts.amazonaws.com': {
    AssumeRole: { life: 12 * hour, read: assumedRole },
    AssumeRoleWithSAML: { life: 12 * hour, read: federatedRole },
    AssumeRoleWithWebIdentity: { life: 12 * hour, read: federatedRole },
    AssumeRoot: { life: 15 * minute, read: assumedRoot },
    GetFederationToken: { life: 36 * hour, read: federationToken },
    GetSessionToken: { life: 36 * hour, read: sessionToken },
    GetDelegatedAccessToken: { life: 12 * hour, read: delegatedAccess },
  },
  'signin.amazonaws.com': {
    GetSigninToken: { life: 12 * hour, read: signinToken },
    SwitchRole: { life: 12 * hour, read: switchRole },
    ConsoleLogin: { life: 12 * hour, read: consoleLogin },
    CreateOAuth2Token: { life: 12 * hour, read: oauthToken },
  },
  'sso.amazonaws.com': {
    GetRoleCredentials: { life: 12 * hour, read: roleCredentials },
    CreateTokenWithIAM: { life: hour, read: ssoToken },
  },
  'sso-oauth.amazonaws.com': {
    CreateTokenWithIAM: { life: hour, read: ssoToken },
  },
  's3express.amazonaws.com': {
    CreateSession: { life: 5 * minute, read: expressSession },
  },
  's3.amazonaws.com': {
    GetDataAccess: { life: 12 * hour, read: s3AccessGrant },
  },
  'rolesanywhere.amazonaws.com': {
    CreateSession: { life: 12 * hour, read: rolesAnywhereSession },
  },
  'eks-auth.amazonaws.com': {
    AssumeRoleForPodIdentity: { life: 6 * hour, read: serviceRole },
  },
  'ssm.amazonaws.com': {
    RequestManagedInstanceRoleToken: { life: hour, read: serviceRole },
  },
  'cognito-identity.amazonaws.com': {
    GetCredentialsForIdentity: { life: hour, read: cognitoIdentity },
  },
  'lakeformation.amazonaws.com': {
    GetDataAccess: { life: 12 * hour, read: lakeFormationAccess },
  },
};

/** The row of a call that may hand out credentials, granted or not; undefined for any other. */
export function issuingCall(eventSource: string, eventName: string): IssuingCall | undefined {
  const ofSource = Object.hasOwn(table, eventSource) ? table[eventSource] : undefined;
  return ofSource && Object.hasOwn(ofSource, eventName) ? ofSource[eventName] : undefined;
}

/**
 * Words of which one stands in the bytes of each record that hands out something: STS; what is handed out (`credentials`,
 * `credentialSet`, `credentialId`, `identitycenter:CredentialId`, GetRoleCredentials); the sign-in and Lake Formation
 * (`signin.amazonaws.com`, `lakeformation.amazonaws.com`). Few, because every record is searched for them.
 */
export const issuingWords: readonly string[] = ['sts.amazonaws.com', 'redential', 'n.amazonaws.com'];
