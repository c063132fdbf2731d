import type { ServiceTable } from '../row.ts';

/**
 * IAM API reference, members of each action. A call without a user name is about its caller ("If you do not specify a user
 * name, IAM determines the user name implicitly", CreateAccessKey).
 */
export const iam: ServiceTable = {
  sources: ['iam'],
  rows: [
    { at: ['response.accessKey.accessKeyId', 'request.accessKeyId'], type: 'AWS::IAM::AccessKey' },
    {
      at: ['response.user.arn', 'request.userName', 'response.accessKey.userName'],
      type: 'AWS::IAM::User',
      arn: 'iam::{account}:user/{}',
      form: /^(?!AWS ROOT USER$)/,
    },
    {
      calls: /^(?:ChangePassword|(?:Create|Delete|Update)AccessKey)$/,
      at: ['response.accessKey.userName', 'request.userName', 'userIdentity.arn'],
      type: 'AWS::IAM::User',
      arn: 'iam::{account}:user/{}',
      form: /^(?:[^:]+|.*:(?:user\/.+|root))$/,
    },
    { at: ['response.role.arn', 'request.roleName'], type: 'AWS::IAM::Role', arn: 'iam::{account}:role/{}' },
    {
      at: ['response.group.arn', 'request.groupName'],
      type: 'AWS::IAM::Group',
      arn: 'iam::{account}:group/{}',
    },
    {
      at: ['response.instanceProfile.arn', 'request.instanceProfileName'],
      type: 'AWS::IAM::InstanceProfile',
      arn: 'iam::{account}:instance-profile/{}',
    },
    { at: ['response.policy.arn', 'request.policyArn'], type: 'AWS::IAM::ManagedPolicy' },
    { calls: /^CreatePolicy$/, at: 'request.policyName', type: 'AWS::IAM::ManagedPolicy' },
    { at: 'request.permissionsBoundary', type: 'AWS::IAM::ManagedPolicy' },
    {
      calls: /^(?:Put|Delete)(?:User|Role|Group)Policy$/,
      at: 'request.policyName',
      type: 'AWS::IAM::InlinePolicy',
      within: ['request.userName', 'request.roleName', 'request.groupName'],
    },
    { at: ['response.sAMLProviderArn', 'request.sAMLProviderArn'], type: 'AWS::IAM::SAMLProvider' },
    {
      at: ['response.openIDConnectProviderArn', 'request.openIDConnectProviderArn'],
      type: 'AWS::IAM::OIDCProvider',
    },
    {
      at: ['response.virtualMFADevice.serialNumber', 'request.serialNumber'],
      type: 'AWS::IAM::VirtualMFADevice',
    },
    {
      at: ['response.serverCertificateMetadata.arn', 'request.serverCertificateName'],
      type: 'AWS::IAM::ServerCertificate',
    },
    {
      at: [
        'response.serviceSpecificCredential.serviceSpecificCredentialId',
        'request.serviceSpecificCredentialId',
      ],
      type: 'AWS::IAM::ServiceSpecificCredential',
    },
    {
      at: ['response.sSHPublicKey.sSHPublicKeyId', 'request.sSHPublicKeyId'],
      type: 'AWS::IAM::SSHPublicKey',
    },
    {
      at: ['response.certificate.certificateId', 'request.certificateId'],
      type: 'AWS::IAM::SigningCertificate',
    },
    {
      at: ['response.delegationRequestId', 'request.delegationRequestId'],
      type: 'iam:delegation-request',
      arn: 'iam::{account}:delegation-request/{}',
    },
    {
      calls:
        /^(?:Create|Delete)AccountAlias$|AccountPasswordPolicy$|^(?:Enable|Disable)OrganizationsRoot|SecurityTokenServicePreferences$/,
      at: 'account',
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
    },
  ],
};

/** STS API reference. */
export const sts: ServiceTable = {
  sources: ['sts'],
  rows: [
    { at: 'request.roleArn', type: 'AWS::IAM::Role' },
    { calls: /^AssumeRoot$/, at: 'request.targetPrincipal', type: 'AWS::::Account', arn: 'iam::{}:root' },
    {
      at: ['response.federatedUser.arn', 'request.name'],
      type: 'sts:federated-user',
      arn: 'sts::{account}:federated-user/{}',
      form: /^/,
    },
    { at: 'request.principalArn', type: 'AWS::IAM::SAMLProvider', form: /:saml-provider\// },
    {
      calls: /^GetSessionToken$/,
      at: 'userIdentity.arn',
      type: 'AWS::IAM::User',
      form: /:(?:user\/.+|root)$/,
    },
  ],
};

/** IAM guide, "AWS Management Console sign-in events": about the user who signs in, or the account where it names none. */
export const signin: ServiceTable = {
  sources: ['signin'],
  rows: [
    { at: 'userIdentity.arn', type: 'AWS::IAM::User', form: /^arn:/ },
    { calls: /^SwitchRole$/, at: 'additionalEventData.SwitchTo', type: 'AWS::IAM::Role', form: /^arn:/ },
    { at: 'account', type: 'AWS::::Account', arn: 'iam::{}:root' },
  ],
};

const directoryUser = { type: 'AWS::IdentityStore::User', arn: 'identitystore:::user/{}' };
const directoryGroup = { type: 'AWS::IdentityStore::Group', arn: 'identitystore:::group/{}' };

/** Identity Center and its directory: `sso-directory` is what its console calls. */
export const identityCenter: ServiceTable = {
  sources: ['sso', 'sso-directory', 'identitystore', 'identitystore-scim'],
  rows: [
    { at: ['response.user.userId', 'request.userId', 'response.userId'], ...directoryUser },
    { at: ['response.group.groupId', 'request.groupId', 'response.groupId'], ...directoryGroup },
    {
      at: ['request.member.memberId', 'request.memberId.userId', 'request.members.memberId'],
      ...directoryUser,
    },
    {
      at: ['request.permissionSetArn', 'response.permissionSet.permissionSetArn'],
      type: 'AWS::SSO::PermissionSet',
    },
    { calls: /AccountAssignment$/, at: 'request.targetId', type: 'AWS::::Account', arn: 'iam::{}:root' },
    { calls: /Assignment$/, at: 'request.principalId', type: 'AWS::IdentityStore::Principal' },
    { calls: /^CreatePermissionSet$/, at: 'request.name', type: 'AWS::SSO::PermissionSet' },
    { at: 'request.managedPolicyArn', type: 'AWS::IAM::ManagedPolicy' },
    {
      calls: /^GetRoleCredentials$/,
      at: 'serviceEventDetails.account_id',
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
    },
    { at: ['response.applicationArn', 'request.applicationArn'], type: 'AWS::SSO::Application' },
    { at: ['request.instanceArn', 'response.instanceArn'], type: 'AWS::SSO::Instance' },
    {
      at: ['request.identityStoreId', 'request.directoryId'],
      type: 'AWS::IdentityStore::Store',
      arn: 'identitystore::{account}:identitystore/{}',
    },
  ],
};

export const organizations: ServiceTable = {
  sources: ['organizations', 'account'],
  rows: [
    { at: ['response.**.policySummary.arn', 'request.policyId'], type: 'AWS::Organizations::Policy' },
    {
      at: ['request.accountId', 'response.createAccountStatus.accountId'],
      type: 'AWS::::Account',
      arn: 'iam::{}:root',
    },
    { at: 'request.targetId', type: 'AWS::::Account', arn: 'iam::{}:root', form: /^\d{12}$/ },
    { at: 'request.targetId', type: 'AWS::Organizations::Root', form: /^r-/ },
    {
      at: ['request.targetId', 'request.organizationalUnitId'],
      type: 'AWS::Organizations::OrganizationalUnit',
      form: /^ou-/,
    },
    {
      at: ['response.organizationalUnit.arn', 'request.destinationParentId', 'request.parentId'],
      type: 'AWS::Organizations::OrganizationalUnit',
      form: /^(?:arn:|ou-)/,
    },
    { at: ['response.handshake.arn', 'request.handshakeId'], type: 'organizations:handshake' },
    { at: 'request.servicePrincipal', type: 'organizations:service-access' },
    { calls: /^LeaveOrganization$/, at: 'account', type: 'AWS::::Account', arn: 'iam::{}:root' },
    { at: ['response.organization.arn'], type: 'AWS::Organizations::Organization' },
  ],
};

export const cognito: ServiceTable = {
  sources: ['cognito-idp', 'cognito-identity'],
  rows: [
    { at: 'request.groupName', type: 'AWS::Cognito::UserPoolGroup', within: 'request.userPoolId' },
    {
      at: 'request.providerName',
      type: 'AWS::Cognito::UserPoolIdentityProvider',
      within: 'request.userPoolId',
    },
    { at: 'request.username', type: 'AWS::Cognito::UserPoolUser', within: 'request.userPoolId' },
    { at: ['response.userPoolClient.clientId', 'request.clientId'], type: 'AWS::Cognito::UserPoolClient' },
    {
      at: ['response.userPool.arn', 'request.userPoolId', 'response.userPool.id'],
      type: 'AWS::Cognito::UserPool',
      arn: 'cognito-idp:@:userpool/{}',
    },
    {
      at: ['request.identityPoolId', 'response.identityPoolId'],
      type: 'AWS::Cognito::IdentityPool',
      arn: 'cognito-identity:{region}:{account}:identitypool/{*}',
    },
    {
      at: ['request.identityId', 'response.identityId'],
      type: 'cognito-identity:identity',
      arn: 'cognito-identity:{region}:{account}:identity/{*}',
    },
  ],
};

/** IAM Roles Anywhere, and the registries beside it that decide who is let in. */
export const rolesAnywhere: ServiceTable = {
  sources: ['rolesanywhere'],
  rows: [
    {
      at: ['response.profile.profileArn', 'request.profileArn', 'request.profileId'],
      type: 'AWS::RolesAnywhere::Profile',
      arn: 'rolesanywhere:@:profile/{}',
    },
    {
      at: ['response.trustAnchor.trustAnchorArn', 'request.trustAnchorArn', 'request.trustAnchorId'],
      type: 'AWS::RolesAnywhere::TrustAnchor',
      arn: 'rolesanywhere:@:trust-anchor/{}',
    },
    {
      at: ['response.crl.crlArn', 'request.crlId'],
      type: 'AWS::RolesAnywhere::CRL',
      arn: 'rolesanywhere:@:crl/{}',
    },
    { at: ['request.roleArn', 'request.roleArns'], type: 'AWS::IAM::Role' },
  ],
};
