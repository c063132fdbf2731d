import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize } from '../../../core/reading/normalize.ts';
import { answered } from './answered.ts';

/** What a call and an issuance of its principal and second say of MFA and of tags that came down. */

const account = '111122223333';
const at = '2026-09-03T10:00:00Z';
const roles = new AuditedRoles(['*']);
const session = (role: string) => ({
  arn: `arn:aws:sts::${account}:assumed-role/${role}/s`,
  principalId: `AROAEXAMPLE${role.toUpperCase()}:s`,
});
let count = 0;

function event(fields: object) {
  count += 1;
  const record = {
    eventID: `a9000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    eventTime: at,
    awsRegion: 'us-east-1',
    recipientAccountId: account,
    ...fields,
  };
  return normalize(record, { source: 'x', provenance: 'trail', account }, roles);
}

/** An issuance of the session of a role, asked for by a user. */
function issuance(role: string, asked: object, more: object = {}) {
  const { arn, principalId } = session(role);
  return event({
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::${account}:user/ana`,
      accountId: account,
      userName: 'ana',
    },
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/${role}`, roleSessionName: 's', ...asked },
    responseElements: {
      credentials: { accessKeyId: `ASIAEXAMPLEISSUED${count}`, expiration: 'Sep 3, 2026, 11:00:00 AM' },
      assumedRoleUser: { arn, assumedRoleId: principalId },
    },
    ...more,
  });
}

const identityOf = (role: string, mfa: string | undefined, accessKeyId: string) => ({
  type: 'AssumedRole',
  ...session(role),
  accountId: account,
  accessKeyId,
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/${role}`, accountId: account },
    attributes: { creationDate: at, ...(mfa && { mfaAuthenticated: mfa }) },
    // AWS's word for why no record issued the key.
    signInSessionArn: `arn:aws:signin:us-east-1:${account}:session/one`,
  },
});

const call = (mfa: string | undefined, more: object = {}) =>
  event({
    eventTime: '2026-09-03T10:05:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    userIdentity: { ...identityOf('Ops', mfa, 'ASIAEXAMPLEFRESHKEY1'), ...more },
  });

const device = { serialNumber: `arn:aws:iam::${account}:mfa/ana`, tokenCode: '000000' };
const saml = {
  eventName: 'AssumeRoleWithSAML',
  userIdentity: { type: 'SAMLUser', principalId: 'x:ana', userName: 'ana', identityProvider: 'x' },
};

// IAM guide, comparing STS credentials ("MFA support": AssumeRole and GetSessionToken alone); CloudTrail userIdentity element,
// `mfaAuthenticated`: "true if the root user or IAM user who used their credentials for the request also authenticated with an MFA device".
test.each<[string, object, object, string | undefined, object, string]>([
  ['a device was shown, and the call says so', device, {}, 'true', {}, 'linked'],
  ['a device was shown, and the call says that none was', device, {}, 'false', {}, 'unlinked'],
  ['a device was shown, and the call does not say', device, {}, undefined, {}, 'linked'],
  ['no device in the request: it may have been shown at the sign-in', {}, {}, 'true', {}, 'linked'],
  ['no device in the request, none in the call', {}, {}, 'false', {}, 'linked'],
  ['a subject of SAML has no device that AWS knows', {}, saml, 'true', {}, 'unlinked'],
  ['a subject of SAML', {}, saml, 'false', {}, 'linked'],
  [
    'a service that acts for the caller',
    device,
    {},
    'false',
    { invokedBy: 'cloudformation.amazonaws.com' },
    'linked',
  ],
])('%s', async (_, asked, by, mfa, shown, status) => {
  const { calls } = await answered([issuance('Ops', asked, by), call(mfa, shown)]);
  expect(calls.map(each => each.status)).toEqual([status]);
});

test('of two in one second the one is behind a call that agrees with it', async () => {
  const other = {
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::${account}:user/ben`,
      accountId: account,
      userName: 'ben',
    },
  };
  const { calls } = await answered([issuance('Ops', device), issuance('Ops', {}, other), call('false')]);
  expect(calls[0]).toMatchObject({ status: 'linked', origin: { userName: 'ben' } });
});

// IAM guide, console sign-in events: `MFAUsed`.
test.each([
  ['Yes', 'true', true],
  ['YES', 'true', true],
  ['No', 'false', true],
  ['Yes', 'false', false],
  ['No', 'true', false],
  ['unheard of', 'true', true],
])('a sign-in that says MFAUsed %s has calls that say %s: %s', async (MFAUsed, mfa, cited) => {
  const user = {
    type: 'IAMUser',
    arn: `arn:aws:iam::${account}:user/ana`,
    principalId: 'AIDAEXAMPLEANA',
    accountId: account,
  };
  const signIn = event({
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    userIdentity: user,
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { MFAUsed },
  });
  const made = event({
    eventTime: '2026-09-03T10:05:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    sessionCredentialFromConsole: 'true',
    userIdentity: {
      ...user,
      accessKeyId: 'ASIAEXAMPLEFRESHKEY2',
      sessionContext: { attributes: { creationDate: at, mfaAuthenticated: mfa } },
    },
  });
  const { calls } = await answered([signIn, made]);
  expect(calls[0]?.issuerEventIDs).toEqual(cited ? [signIn.eventID] : []);
});

// IAM guide, chaining roles with session tags: a transitive tag persists through the chain, and cannot be overridden.
test.each<[string, object, object, boolean]>([
  [
    'the value that was set',
    { tags: [{ key: 'Team', value: 'red' }], transitiveTagKeys: ['Team'] },
    { team: 'red' },
    true,
  ],
  [
    'another value',
    { tags: [{ key: 'Team', value: 'red' }], transitiveTagKeys: ['Team'] },
    { team: 'blue' },
    false,
  ],
  ['a value that came from before', { incomingTransitiveTags: { Team: 'red' } }, { Team: 'blue' }, false],
  ['a tag that the issuance does not show', {}, { Team: 'red' }, true],
])('a session that came down with %s', async (_, asked, incomingTransitiveTags, joins) => {
  const parent = issuance('Ops', asked);
  const child = issuance(
    'Prod',
    { incomingTransitiveTags },
    {
      eventTime: '2026-09-03T10:02:00Z',
      userIdentity: identityOf('Ops', 'false', 'ASIAEXAMPLEFRESHKEY1'),
    },
  );
  const used = event({
    eventTime: '2026-09-03T10:03:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    userIdentity: {
      ...identityOf('Prod', undefined, child.issuance?.accessKeyId ?? ''),
      sessionContext: undefined,
    },
  });
  const { calls } = await answered([parent, child, used]);
  const made = calls.find(({ eventID }) => eventID === used.eventID);
  expect(made).toMatchObject({ status: 'linked', depth: joins ? 2 : 1 });
});
