import { AuditedRoles } from '../../../core/identities/roles.ts';
import { normalize } from '../../../core/reading/normalize.ts';

const production = '999999999999';
const partner = '111111111111';
const another = '222233334444';
const roles = new AuditedRoles(['DataAdmin']);
const role = (account: string, name = 'DataAdmin') => `arn:aws:iam::${account}:role/${name}`;
const user = (account: string) => ({
  type: 'IAMUser',
  arn: `arn:aws:iam::${account}:user/bob`,
  principalId: 'AIDAEXAMPLEBOB0000001',
  accountId: account,
  userName: 'bob',
  accessKeyId: 'AKIAEXAMPLEBOB000001',
});

/** AssumeRole as CloudTrail writes it in the caller's account; `changed` has what is otherwise. */
function assumeRole(caller: object, owner: string, changed: Record<string, unknown> = {}) {
  return {
    eventID: '0f0f0f0f-0000-4000-8000-000000000005',
    eventName: 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    eventTime: '2025-03-11T10:00:00Z',
    awsRegion: 'us-east-1',
    recipientAccountId: partner,
    userIdentity: caller,
    requestParameters: { roleArn: role(owner), roleSessionName: 'job' },
    responseElements: {
      credentials: { accessKeyId: 'ASIAEXAMPLEJOB000001', expiration: 'Mar 11, 2025 11:00:00 AM' },
      assumedRoleUser: {
        assumedRoleId: 'AROAEXAMPLEADMIN00001:job',
        arn: `arn:aws:sts::${owner}:assumed-role/DataAdmin/job`,
      },
    },
    ...changed,
  };
}

const sent = (record: object, provenance: 'partner' | 'trail' = 'partner') =>
  normalize(record, { source: 'topic', provenance, account: partner }, roles);
const refused = (record: object, name: string) =>
  expect(() => sent(record)).toThrow(expect.objectContaining({ name }));

const withKey = (accessKeyId: string) => ({
  responseElements: { credentials: { accessKeyId, expiration: '2025-03-11T11:00:00Z' } },
});
const denied = {
  errorCode: 'AccessDenied',
  errorMessage: `User: arn:aws:iam::${partner}:user/bob is not authorized to perform: sts:AssumeRole on resource: ${role(production)}`,
  requestParameters: null,
  responseElements: null,
};

// IAM guide, cloudtrail-integration: a cross-account AssumeRole is logged in the caller's account and in the role's.
describe('a partner may send', () => {
  test.each([
    ['what its own user asked of a role of ours', assumeRole(user(partner), production)],
    ['what a caller of ours asked of a role of its own', assumeRole(user(production), partner)],
    [
      'what a service asked of a role of its own',
      assumeRole({ type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, partner),
    ],
    [
      'a caller whose record has an ARN alone',
      assumeRole({ ...user(partner), accountId: undefined }, production),
    ],
    ['what its own user was refused', assumeRole(user(partner), production, denied)],
  ])('%s', (_, record) => {
    expect(sent(record)).toMatchObject({ provenance: 'partner', recipientAccountId: partner });
  });

  test('an issuance made with a temporary key, which is not a use of that key: only our own trail tells who used it', () => {
    const session = {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${partner}:assumed-role/Developer/dana`,
      principalId: 'AROAEXAMPLEDEVELOPER1:dana',
      accountId: partner,
      accessKeyId: 'ASIAEXAMPLEDANA00001',
    };
    expect(sent(assumeRole(session, production)).credential).toBeNull();
    expect(sent(assumeRole(session, production, denied)).credential).toBeNull();
    expect(sent(assumeRole(session, production), 'trail').credential).toBe('ASIAEXAMPLEDANA00001');
  });
});

describe('a partner may not send', () => {
  test.each([
    ['what a caller of ours asked of a role of ours', assumeRole(user(production), production)],
    ["what another partner's user asked of a role of ours", assumeRole(user(another), production)],
    [
      'a caller that names an account by its ARN alone, which is not its own',
      assumeRole({ ...user(production), accountId: undefined }, production),
    ],
    [
      'a caller whose field names it and whose ARN names us',
      assumeRole({ ...user(partner), arn: user(production).arn }, production),
    ],
    [
      'a caller whose ARN names it and whose field names us',
      assumeRole({ ...user(partner), accountId: production }, production),
    ],
    [
      'what a service asked of a role of ours',
      assumeRole({ type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, production),
    ],
    ['a caller of no account', assumeRole({ type: 'Unknown' }, production)],
    [
      'a role of its own whose session is ours',
      assumeRole(user(partner), production, {
        requestParameters: { roleArn: role(partner), roleSessionName: 'job' },
      }),
    ],
    ['an attempt of a caller of ours at a role of ours', assumeRole(user(production), production, denied)],
    [
      'a federated session of ours, which only our own callers are given (STS API, GetFederationToken)',
      assumeRole(user(partner), production, {
        eventName: 'GetFederationToken',
        responseElements: {
          credentials: { accessKeyId: 'ASIAEXAMPLEJOB000001', expiration: '2025-03-11T11:00:00Z' },
          federatedUser: {
            federatedUserId: `${production}:x`,
            arn: `arn:aws:sts::${production}:federated-user/x`,
          },
        },
        requestParameters: { name: 'x' },
      }),
    ],
    [
      'a switch to a role of ours at the console',
      assumeRole(
        {
          ...user(production),
          type: 'AssumedRole',
          arn: `arn:aws:sts::${production}:assumed-role/DataAdmin/job`,
        },
        production,
        {
          eventName: 'SwitchRole',
          eventSource: 'signin.amazonaws.com',
          requestParameters: null,
          responseElements: { SwitchRole: 'Success' },
          additionalEventData: { SwitchFrom: user(partner).arn },
        },
      ),
    ],
  ])('%s', (_, record) => {
    refused(record, 'NotItsOwn');
  });

  // STS API, Credentials: 16 to 128 characters, [\w]*. Other texts name what is not a key among what is known of keys.
  test.each([
    'arn:aws:sts::999999999999:assumed-role/DataAdmin/job@2025-03-11T10:00:00Z',
    'shared:0f0f0f0f-0000-4000-8000-000000000001',
    'ASIASHORT',
    'AKIAEXAMPLELONGTERM1',
    `ASIA${'A'.repeat(125)}`,
  ])('the key %s as handed out', id => {
    refused(assumeRole(user(partner), production, withKey(id)), 'NotAKey');
  });

  test.each(['ASIASHORT', 'ASIA/../../etc/passwd', 'AKIA BOB'])('the key %s as asked with', accessKeyId => {
    refused(assumeRole({ ...user(partner), accessKeyId }, production), 'NotAKey');
  });
});

test.each(['ASIAexampleMixed0001', `ASIA${'A'.repeat(124)}`])('a key may have any letters: %s', id => {
  expect(sent(assumeRole(user(partner), production, withKey(id))).issuance?.accessKeyId).toBe(id);
});

test('our own trail is held against none of this', () => {
  expect(sent(assumeRole(user(production), production), 'trail').provenance).toBe('trail');
});
