import { byIdentityCenterUser, bySamlSubject, roleArn, sessionArn } from '../../building/identity.ts';
import { type CloudTrailRecord, call } from '../../building/record.ts';
import { issuedTo } from '../../building/sts.ts';
import {
  at,
  atConsole,
  auditor,
  auditSession,
  byAgent,
  byAuditor,
  byAuditorInPerson,
  byProductProvider,
  consoleSession,
  identityCenter,
  kmiller,
  msp,
  production,
} from './cast.ts';
import { ledger, onBucket, onObject } from './targets.ts';

/** 10:20 and 11:40: a person of Identity Center, whom an AI agent and a product provider act for, and one of the MSP at the console. */

const qualifier = 'S2xW0Example+qualifier=';

/**
 * Identity Center assumes its reserved role with SAML, under the name of the person. The key in this record is not the one
 * that the person gets.
 */
export const auditorAssumes: CloudTrailRecord = call(
  'Identity Center assumes LedgerAuditor for pnair',
  auditSession.issuedAt,
  bySamlSubject(auditSession.name, qualifier, identityCenter.ip, identityCenter.agent),
  'sts',
  'AssumeRoleWithSAML',
  {
    request: {
      sAMLAssertionID: '_EXAMPLE8c1b0046c',
      roleSessionName: auditSession.name,
      roleArn: roleArn(auditSession.role),
      principalArn: `arn:aws:iam::${production}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`,
      durationSeconds: auditSession.seconds,
    },
    response: {
      ...issuedTo(auditSession),
      subjectType: 'persistent',
      issuer: 'https://portal.sso.us-east-1.amazonaws.com/saml/assertion/EXAMPLE',
      nameQualifier: qualifier,
      subject: auditSession.name,
      audience: 'https://signin.aws.amazon.com/saml',
    },
    resources: [
      { accountId: production, type: 'AWS::IAM::Role', ARN: roleArn(auditSession.role) },
      {
        accountId: production,
        type: 'AWS::IAM::SAMLProvider',
        ARN: `arn:aws:iam::${production}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`,
      },
    ],
  },
);

/**
 * What the person asked Identity Center for, in the same second: a service event of the account Identity Center lives in,
 * here production. It names the person, the permission set and the account, and shows no key.
 */
export const auditorGetsCredentials: CloudTrailRecord = {
  ...call(
    'pnair gets credentials of LedgerAuditor',
    auditSession.issuedAt,
    byIdentityCenterUser(production, auditor, 'EXAMPLEcredential01', byAuditor.ip, byAuditor.agent),
    'sso',
    'GetRoleCredentials',
    { host: false },
  ),
  eventType: 'AwsServiceEvent',
  serviceEventDetails: { role_name: 'LedgerAuditor', account_id: production },
};

const delegation = { request: { delegationRequestId: 'dr-EXAMPLE7f3a' }, host: 'iam.amazonaws.com' };

/** The person's own calls. The last two let a product provider in, within what pnair may do. */
export const auditorCalls: CloudTrailRecord[] = [
  call(
    'audit: ledger policy',
    at('10:21:10'),
    byAuditor,
    's3',
    'GetBucketPolicy',
    onBucket(ledger, { policy: '' }),
  ),
  call('audit: data access', at('10:21:44'), byAuditorInPerson, 's3', 'GetDataAccess', {
    request: { target: `s3://${ledger}/2025/02*`, permission: 'READ' },
  }),
  call('audit: ledger', at('10:22:03'), byAuditor, 's3', 'GetObject', onObject(ledger, '2025/02.parquet')),
  call('audit: approve request', at('10:23:20'), byAuditor, 'iam', 'AcceptDelegationRequest', delegation),
  call('audit: send token', at('10:23:21'), byAuditor, 'iam', 'SendDelegationToken', delegation),
];

/** An AI agent looks something up for the person, over AWS's MCP server. */
export const agentCall = call('agent: ledger events', at('10:24:15'), byAgent, 'cloudtrail', 'LookupEvents', {
  request: { lookupAttributes: [{ attributeKey: 'ResourceName', attributeValue: ledger }] },
  host: false,
});

/** The product provider's own call, under the person's session: only `invokedByDelegate` tells the two apart. */
export const providerCall = call(
  'provider: ledger logging',
  at('10:26:40'),
  byProductProvider,
  's3',
  'GetBucketLogging',
  onBucket(ledger, { logging: '' }),
);

/** A switch of roles is logged where the role is; it names who switched by ARN, and shows no key. */
export const consoleSwitch: CloudTrailRecord = {
  ...call('ops-kmiller switches to MspOperations', at('11:40:02'), atConsole(''), 'signin', 'SwitchRole', {
    response: { SwitchRole: 'Success' },
  }),
  userIdentity: {
    type: 'AssumedRole',
    principalId: `${consoleSession.role.id}:${consoleSession.name}`,
    arn: sessionArn(consoleSession),
    accountId: production,
  },
  additionalEventData: {
    SwitchFrom: `arn:aws:iam::${msp}:user/${kmiller.name}`,
    RedirectTo: 'https://us-east-1.console.aws.amazon.com/console/home?region=us-east-1',
  },
  readOnly: false,
  eventType: 'AwsConsoleSignIn',
};

const clicked = (
  name: string,
  time: string,
  key: string,
  event: string,
  request: Record<string, unknown>,
) => ({
  ...call(`console: ${name}`, at(time), atConsole(key), 'ec2', event, { request }),
  sessionCredentialFromConsole: 'true',
});

/** Three requests, three keys that no record issues; they share the second the session was created in. */
export const consoleCalls: CloudTrailRecord[] = [
  clicked('instances', '11:40:20', 'ASIAEXAMPLECONSOLE01', 'DescribeInstances', {
    instancesSet: {},
    filterSet: {},
  }),
  clicked('volumes', '11:41:05', 'ASIAEXAMPLECONSOLE02', 'DescribeVolumes', { volumeSet: {}, filterSet: {} }),
  clicked('tag', '11:43:37', 'ASIAEXAMPLECONSOLE03', 'CreateTags', {
    resourcesSet: { items: [{ resourceId: 'i-0123456789abcdef0' }] },
    tagSet: { items: [{ key: 'ticket', value: '48231' }] },
  }),
];
