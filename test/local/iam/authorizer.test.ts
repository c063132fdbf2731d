import type { Caller, Statement } from '../../../local/contract.ts';
import { createAuthorizer } from '../../../local/iam/authorizer.ts';

const role: Caller = {
  kind: 'role',
  name: 'FetchRole',
  arn: 'arn:aws:sts::111122223333:assumed-role/app-FetchRole-1A2B/fetch',
};
const place = { account: '111122223333', region: 'eu-west-1' };
const bucket = 'arn:aws:s3:::trail';
const object = `${bucket}/AWSLogs/a.json.gz`;
const allow = (more: object) =>
  ({ Effect: 'Allow', Action: 's3:GetObject', Resource: object, ...more }) as Statement;
const deny = (more: object) => ({ ...allow(more), Effect: 'Deny' }) as Statement;

const get = { action: 's3:GetObject', resource: object };
const put = { action: 's3:PutObject', resource: object };
const list = (prefix: string) => ({
  action: 's3:ListBucket',
  resource: bucket,
  context: { 's3:prefix': prefix },
});

describe.each<
  [
    string,
    Statement[],
    { action: string; resource: string; context?: Record<string, string | string[]> },
    boolean,
  ]
>([
  ['nothing', [], get, false],
  ['the very action and resource', [allow({})], get, true],
  ['another action', [allow({})], put, false],
  ['another resource', [allow({ Resource: `${bucket}/other` })], get, false],
  ['an action in other letters', [allow({ Action: 'S3:getobject' })], get, true],
  ['a wildcard in the action', [allow({ Action: 's3:Get*' })], get, true],
  ['a wildcard that ends too early', [allow({ Action: 's3:Get' })], get, false],
  ['a question mark', [allow({ Resource: `${bucket}/AWSLogs/?.json.gz` })], get, true],
  ['a question mark for nothing', [allow({ Resource: `${bucket}/AWSLogs/a?.json.gz` })], get, false],
  ['a dot that is not a wildcard', [allow({ Resource: `${bucket}/AWSLogs/a.json-gz` })], get, false],
  [
    'a resource in other letters',
    [allow({ Resource: object.toUpperCase().replace('ARN:AWS:S3', 'arn:aws:s3') })],
    get,
    false,
  ],
  ['everything', [allow({ Action: '*', Resource: '*' })], get, true],
  [
    'one of several',
    [allow({ Action: ['s3:PutObject', 's3:GetObject'], Resource: [bucket, `${bucket}/*`] })],
    get,
    true,
  ],
  [
    'a wildcard over a line break in a key',
    [allow({ Resource: `${bucket}/*` })],
    { ...get, resource: `${bucket}/a\nb` },
    true,
  ],
  [
    'a wildcard that would reach over the account',
    [allow({ Action: 'sqs:*', Resource: 'arn:aws:sqs:*:queue' + ':' })],
    { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:1:queue:' },
    false,
  ],
  ['an explicit deny beside it', [allow({}), deny({})], get, false],
  ['a deny of something else', [allow({}), deny({ Action: 's3:DeleteObject' })], get, true],
  ['NotAction', [allow({ Action: undefined, NotAction: 's3:Delete*' })], get, true],
  ['NotAction of this', [allow({ Action: undefined, NotAction: 's3:Get*' })], get, false],
  ['NotResource of this', [deny({ Resource: undefined, NotResource: `${bucket}/*` }), allow({})], get, true],
  [
    'NotResource of another',
    [deny({ Resource: undefined, NotResource: `${bucket}/x` }), allow({})],
    get,
    false,
  ],
  [
    'a deny of insecure transport',
    [allow({}), deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    get,
    true,
  ],
  ['a boolean that is met', [allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })], get, true],
  [
    'a key the request has not',
    [allow({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } })],
    get,
    false,
  ],
  [
    '...IfExists of it',
    [allow({ Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } } })],
    get,
    true,
  ],
  ['a negation of it', [allow({ Condition: { StringNotEquals: { 'aws:SourceAccount': '1' } } })], get, true],
  ['Null: true of it', [allow({ Condition: { Null: { 'aws:SourceArn': 'true' } } })], get, true],
  ['Null: false of it', [allow({ Condition: { Null: { 'aws:SourceArn': 'false' } } })], get, false],
  [
    'its own account',
    [allow({ Condition: { StringEquals: { 'AWS:PrincipalAccount': ['1', '111122223333'] } } })],
    get,
    true,
  ],
  [
    'its own role',
    [allow({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app-*' } } })],
    get,
    true,
  ],
  [
    'two conditions, one not met',
    [
      allow({
        Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1', 'aws:ResourceAccount': '9' } },
      }),
    ],
    get,
    false,
  ],
  [
    'a list of its prefix',
    [
      allow({
        Action: 's3:ListBucket',
        Resource: bucket,
        Condition: { StringLike: { 's3:prefix': 'AWSLogs/*' } },
      }),
    ],
    list('AWSLogs/1/'),
    true,
  ],
  [
    'a list of another prefix',
    [
      allow({
        Action: 's3:ListBucket',
        Resource: bucket,
        Condition: { StringLike: { 's3:prefix': 'AWSLogs/*' } },
      }),
    ],
    list('work/'),
    false,
  ],
  [
    'any value of many',
    [allow({ Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'b' } } })],
    { ...get, context: { 'aws:calledvia': ['a', 'b'] } },
    true,
  ],
  [
    'all values of many',
    [allow({ Condition: { 'ForAllValues:StringEquals': { 'aws:CalledVia': 'b' } } })],
    { ...get, context: { 'aws:calledvia': ['a', 'b'] } },
    false,
  ],
  [
    'all values of none',
    [allow({ Condition: { 'ForAllValues:StringEquals': { 'aws:CalledVia': 'b' } } })],
    get,
    true,
  ],
])('a role granted %s', (_, statements, need, expected) => {
  test(expected ? 'is allowed' : 'is denied', () => {
    const authorizer = createAuthorizer(
      { FetchRole: statements.map(statement => JSON.parse(JSON.stringify(statement))) },
      place,
    );
    const attempt = () => authorizer.authorize(role, [need]);

    if (expected) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(/is not authorized to perform/);
    expect(authorizer.checks()).toEqual([
      { caller: 'FetchRole', action: need.action, resource: need.resource, allowed: expected, times: 1 },
    ]);
  });
});

describe.each<[string, object, string]>([
  [
    'an operator nobody wrote',
    { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    'the condition operator IpAddress',
  ],
  [
    'a key that is not known here',
    { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } },
    'the condition key aws:PrincipalTag/team',
  ],
  ['a policy variable', { Resource: `${bucket}/\${aws:username}` }, 'the policy variable'],
  ['a principal', { Principal: '*' }, 'the element Principal'],
  [
    'an intrinsic left over',
    { Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } },
    'no string or list of strings as Resource',
  ],
  ['a resource that is not an ARN', { Resource: 'trail/*' }, 'the resource trail/*'],
  ['an action without service', { Action: 'GetObject' }, 'the action GetObject'],
  ['no action', { Action: [] }, 'no string or list of strings as Action'],
  ['action and NotAction', { NotAction: 's3:*' }, 'not exactly one of Action and NotAction'],
  ['an effect of its own', { Effect: 'allow' }, 'no Effect Allow or Deny'],
  [
    'a boolean that is none',
    { Condition: { Bool: { 'aws:SecureTransport': 'yes' } } },
    'Bool with the value yes',
  ],
])('a policy with %s', (_, change, words) => {
  test('is refused when it is loaded, naming the role', () => {
    expect(() => createAuthorizer({ FetchRole: [allow(change)] }, place)).toThrow(
      expect.objectContaining({
        name: 'UnsupportedPolicy',
        message: expect.stringContaining(`the policy of FetchRole has ${words}`),
      }),
    );
  });
});

describe('a denial', () => {
  const refused = (statements: Statement[], need: { action: string; resource: string }) => {
    try {
      createAuthorizer({ FetchRole: statements }, place).authorize(role, [need]);
    } catch (error) {
      return error;
    }
    throw new Error('was allowed');
  };
  const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/evidence';

  test('reads as AWS words it', () => {
    expect(refused([], { action: 'dynamodb:GetItem', resource: table })).toMatchObject({
      code: 'AccessDeniedException',
      status: 400,
      message: `User: ${role.arn} is not authorized to perform: dynamodb:GetItem on resource: ${table} because no identity-based policy allows the dynamodb:GetItem action`,
    });
  });

  test('names an explicit deny', () => {
    expect(refused([allow({ Action: '*', Resource: '*' }), deny({})], get)).toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: `User: ${role.arn} is not authorized to perform: s3:GetObject on resource: ${object} with an explicit deny in an identity-based policy`,
    });
  });
});

test('one need of several that is not granted refuses the whole, and every check so far is on record', () => {
  const authorizer = createAuthorizer({ FetchRole: [allow({})] }, place);

  expect(() => authorizer.authorize(role, [get, put, get])).toThrow('s3:PutObject');
  authorizer.authorize(role, [get]);

  expect(authorizer.checks()).toEqual([
    { caller: 'FetchRole', ...get, allowed: true, times: 2 },
    { caller: 'FetchRole', ...put, allowed: false, times: 1 },
  ]);
});

test('the operator may do everything, a role without policies nothing', () => {
  const authorizer = createAuthorizer({}, place);
  const operator: Caller = {
    kind: 'operator',
    name: 'operator',
    arn: 'arn:aws:iam::111122223333:user/operator',
  };

  authorizer.authorize(operator, [get]);
  expect(() => authorizer.authorize(role, [get])).toThrow('not authorized');

  expect(authorizer.checks().map(({ caller, allowed }) => [caller, allowed])).toEqual([
    ['operator', true],
    ['FetchRole', false],
  ]);
});
