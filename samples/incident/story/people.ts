import { bySamlSubject, roleArn, sessionArn } from '../../building/identity.ts';
import { type CloudTrailRecord, call } from '../../building/record.ts';
import { issuedTo } from '../../building/sts.ts';
import {
  at,
  atConsole,
  auditSession,
  byAuditor,
  byAuditorInPerson,
  consoleSession,
  kmiller,
  msp,
  production,
} from './cast.ts';
import { ledger, onBucket, onObject } from './targets.ts';

/** 10:20 and 11:40: a person of Identity Center with a permission set, and one of the MSP at the console. */

const qualifier = 'S2xW0Example+qualifier=';

/** Identity Center assumes its reserved role with SAML, under the name of the person. */
export const auditorAssumes: CloudTrailRecord = call(
  'Identity Center assumes LedgerAuditor for pnair',
  auditSession.issuedAt,
  bySamlSubject(auditSession.name, qualifier, byAuditor.ip, byAuditor.agent),
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
];

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
