import type { Caller, KeyAction, ServicePrincipal, Statement } from '../../../local/contract.ts';
import { createAuthorizer } from '../../../local/iam/authorizer.ts';
import { readResourcePolicy } from '../../../local/iam/resource-policy.ts';

const account = '111122223333';
const place = { account, region: 'eu-west-1' };
const queue = `arn:aws:sqs:eu-west-1:${account}:logs`;
const foreign = 'arn:aws:sns:eu-west-1:444455556666:topic';
const key = `arn:aws:kms:eu-west-1:${account}:key/k`;
const rule = `arn:aws:events:eu-west-1:${account}:rule/created`;
const root = { AWS: `arn:aws:iam::${account}:root` };

const role: Caller = {
  kind: 'role',
  name: 'IntakeRole',
  arn: `arn:aws:sts::${account}:assumed-role/app-IntakeRole/intake`,
  roleArn: `arn:aws:iam::${account}:role/path/app-IntakeRole`,
};
const operator: Caller = { kind: 'operator', name: 'operator', arn: `arn:aws:iam::${account}:user/operator` };
const events: ServicePrincipal = { kind: 'service', names: ['events.amazonaws.com'], sourceArn: rule };

const send = { Action: 'sqs:SendMessage', Resource: queue };
const allow = { Effect: 'Allow', ...send };
const service = { ...allow, Principal: { Service: 'events.amazonaws.com' } };
const useKey = (more: object) => ({ Effect: 'Allow', Action: 'kms:*', Resource: '*', ...more });
const viaSqs = { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } };

interface World {
  identity?: object[];
  queue?: object[];
  key?: object[];
  topic?: object[];
}

function authorizerOf({ identity = [], ...attached }: World) {
  const policy = (statements: object[] | undefined, arn: string) =>
    statements && {
      account: arn.split(':')[4] ?? '',
      policy: readResourcePolicy({ Statement: statements }, arn),
    };
  const policies: Record<string, ReturnType<typeof policy>> = {
    [queue]: policy(attached.queue, queue),
    [foreign]: policy(attached.topic, foreign),
  };
  const keyPolicy = policy(attached.key, key);
  const context = { 'kms:encryptioncontext:aws:sqs:arn': queue };
  return createAuthorizer({ IntakeRole: identity as Statement[] }, place, {
    policyOf: arn => policies[arn],
    keyOf: arn => (arn === queue && keyPolicy ? { ...keyPolicy, arn: key, context } : undefined),
  });
}

type Who = Caller | ServicePrincipal;
const sending = { action: 'sqs:SendMessage', resource: queue };
const withKey = { ...sending, key: ['kms:GenerateDataKey', 'kms:Decrypt'] as KeyAction[] };
const subscribing = { action: 'sns:Subscribe', resource: foreign };

const noIdentity = /because no identity-based policy allows the/;
const noResource = /because no resource-based policy allows the/;
const denied = /with an explicit deny in a resource-based policy/;

describe.each<[string, World, Who, typeof sending, RegExp | null]>([
  ['a service: the queue says nothing', { queue: [] }, events, sending, noResource],
  ['a service: the queue has no policy', {}, events, sending, noResource],
  ['a service: the queue lets it', { queue: [service] }, events, sending, null],
  [
    'a service: the queue lets another',
    { queue: [{ ...service, Principal: { Service: 'sns.amazonaws.com' } }] },
    events,
    sending,
    noResource,
  ],
  [
    'a service: the queue lets its account',
    { queue: [{ ...allow, Principal: root }] },
    events,
    sending,
    noResource,
  ],
  [
    'a service: the queue lets this rule',
    { queue: [{ ...service, Condition: { ArnEquals: { 'aws:SourceArn': rule } } }] },
    events,
    sending,
    null,
  ],
  [
    'a service: the queue lets another rule',
    { queue: [{ ...service, Condition: { ArnEquals: { 'aws:SourceArn': `${rule}x` } } }] },
    events,
    sending,
    noResource,
  ],
  [
    'a service: the queue lets rules of another account',
    { queue: [{ ...service, Condition: { StringEquals: { 'aws:SourceAccount': '444455556666' } } }] },
    events,
    sending,
    noResource,
  ],
  [
    'a service: a deny of plain HTTP beside it',
    {
      queue: [
        service,
        { ...allow, Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    },
    events,
    sending,
    null,
  ],
  [
    'a service: a deny',
    { queue: [service, { ...allow, Effect: 'Deny', Principal: '*' }] },
    events,
    sending,
    denied,
  ],
  [
    'a service: the key says nothing',
    { queue: [service], key: [useKey({ Principal: root })] },
    events,
    withKey,
    noResource,
  ],
  [
    'a service: the key lets it',
    { queue: [service], key: [useKey({ Principal: { Service: 'events.amazonaws.com' } })] },
    events,
    withKey,
    null,
  ],
  [
    'a service: the key lets it for a source, which it does not tell',
    {
      queue: [service],
      key: [
        useKey({
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': rule } },
        }),
      ],
    },
    events,
    withKey,
    noResource,
  ],
  [
    'a service: the key lets it for an account, which it may not tell',
    {
      queue: [service],
      key: [
        useKey({
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': rule.split(':')[4] } },
        }),
      ],
    },
    events,
    withKey,
    noResource,
  ],
  ...[rule.split(':')[4] ?? '', '444455556666'].map(
    (account, index): [string, World, Who, typeof sending, RegExp | null] => [
      `a service: the key denies it where it tells another account than ${account}`,
      {
        queue: [service],
        key: [
          useKey({ Principal: { Service: 'events.amazonaws.com' } }),
          useKey({
            Effect: 'Deny',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              Null: { 'aws:SourceAccount': 'false' },
              StringNotEquals: { 'aws:SourceAccount': account },
            },
          }),
        ],
      },
      events,
      withKey,
      index === 0 ? null : denied,
    ],
  ),
  ['a role: neither lets it', { queue: [] }, role, sending, noIdentity],
  ['a role: its own policy lets it', { identity: [allow], queue: [] }, role, sending, null],
  [
    'a role: the queue lets it by name',
    { queue: [{ ...allow, Principal: { AWS: role.roleArn } }] },
    role,
    sending,
    null,
  ],
  ['a role: the queue lets everybody', { queue: [{ ...allow, Principal: '*' }] }, role, sending, null],
  [
    'a role: the queue lets its account',
    { queue: [{ ...allow, Principal: root }] },
    role,
    sending,
    noIdentity,
  ],
  [
    'a role: the queue denies its account',
    { identity: [allow], queue: [{ ...allow, Effect: 'Deny', Principal: root }] },
    role,
    sending,
    denied,
  ],
  [
    'a role: the queue denies another role',
    { identity: [allow], queue: [{ ...allow, Effect: 'Deny', Principal: { AWS: `${role.roleArn}2` } }] },
    role,
    sending,
    null,
  ],
  [
    'a role: the key leaves it to the account, which allows',
    { identity: [allow, useKey({ Resource: key, Condition: viaSqs })], key: [useKey({ Principal: root })] },
    role,
    withKey,
    null,
  ],
  [
    'a role: the key leaves it to the account, which allows another service',
    {
      identity: [
        allow,
        useKey({
          Resource: key,
          Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
        }),
      ],
      key: [useKey({ Principal: root })],
    },
    role,
    withKey,
    noIdentity,
  ],
  [
    'a role: its own policy lets it, the key does not',
    { identity: [allow, useKey({ Resource: key })], key: [] },
    role,
    withKey,
    noResource,
  ],
  [
    'a role: the key lets it by name',
    { identity: [allow], key: [useKey({ Principal: { AWS: [role.arn] } })] },
    role,
    withKey,
    null,
  ],
  [
    'a role: the key lets it for this queue',
    {
      identity: [allow],
      key: [
        useKey({
          Principal: { AWS: role.roleArn },
          Condition: { StringEquals: { 'kms:EncryptionContext:aws:sqs:arn': queue } },
        }),
      ],
    },
    role,
    withKey,
    null,
  ],
  [
    'a role: the key lets it for another queue',
    {
      identity: [allow],
      key: [
        useKey({
          Principal: { AWS: role.roleArn },
          Condition: { StringEquals: { 'kms:EncryptionContext:aws:sqs:arn': `${queue}x` } },
        }),
      ],
    },
    role,
    withKey,
    noResource,
  ],
  ['the operator: a queue that says nothing', { queue: [] }, operator, sending, null],
  [
    'the operator: a queue that denies',
    { queue: [{ ...allow, Effect: 'Deny', Principal: '*' }] },
    operator,
    sending,
    denied,
  ],
  ['the operator: a key that is left to nobody', { key: [] }, operator, withKey, noResource],
  [
    'the operator: a topic of another account that says nothing',
    { topic: [] },
    operator,
    subscribing,
    noResource,
  ],
  ['the operator: a topic of another account that is not known', {}, operator, subscribing, noResource],
  [
    'the operator: a topic of another account that lets this one',
    { topic: [{ Effect: 'Allow', Principal: root, Action: 'sns:Subscribe', Resource: foreign }] },
    operator,
    subscribing,
    null,
  ],
  [
    'the operator: a topic that lets this account, if the topic is the owner’s',
    {
      topic: [
        {
          Effect: 'Allow',
          Principal: root,
          Action: 'sns:Subscribe',
          Resource: foreign,
          Condition: { StringEquals: { 'aws:ResourceAccount': '444455556666' } },
        },
      ],
    },
    operator,
    subscribing,
    null,
  ],
  [
    'a role without a right of its own: a topic of another account that lets this one',
    { topic: [{ Effect: 'Allow', Principal: root, Action: 'sns:Subscribe', Resource: foreign }] },
    role,
    subscribing,
    noIdentity,
  ],
])('%s', (_, world, who, need, because) => {
  test(because === null ? 'is allowed' : `is refused ${because.source}`, () => {
    const attempt = () => authorizerOf(world).authorize(who, [need]);

    if (because === null) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(because);
  });
});

test('a refused delivery names the service, its source, the action and the resource', () => {
  const refused = () => authorizerOf({ queue: [] }).authorize(events, [sending]);

  expect(refused).toThrow(
    expect.objectContaining({
      code: 'AccessDeniedException',
      message: `Service: events.amazonaws.com, for ${rule}, is not authorized to perform: sqs:SendMessage on resource: ${queue} because no resource-based policy allows the sqs:SendMessage action`,
    }),
  );
});

test('a key that may not be used is an error of the service that asks for it, and the check says through which', () => {
  const authorizer = authorizerOf({ identity: [allow], key: [useKey({ Principal: root })] });

  expect(() => authorizer.authorize(role, [withKey])).toThrow(
    expect.objectContaining({
      code: 'KmsAccessDenied',
      message: expect.stringContaining(`resource: ${key} `),
    }),
  );
  expect(authorizer.checks().at(-1)).toEqual({
    caller: 'IntakeRole',
    action: 'kms:GenerateDataKey',
    resource: key,
    allowed: false,
    times: 1,
    via: 'sqs.eu-west-1.amazonaws.com',
  });
});

test('a service with a principal per region may come as any of them', () => {
  const sns: ServicePrincipal = {
    kind: 'service',
    names: ['sns.amazonaws.com', 'sns.eu-south-1.amazonaws.com'],
    sourceArn: foreign,
  };
  const authorizer = authorizerOf({
    queue: [{ ...service, Principal: { Service: 'sns.eu-south-1.amazonaws.com' } }],
  });

  authorizer.authorize(sns, [sending]);
  expect(authorizer.checks().map(({ caller, allowed }) => [caller, allowed])).toEqual([
    ['sns.amazonaws.com', false],
    ['sns.eu-south-1.amazonaws.com', true],
  ]);
});

test.each([
  [{ ...service, NotPrincipal: { AWS: '*' } }, 'the element NotPrincipal'],
  [{ ...service, Principal: { Federated: 'x' } }, 'the principal {"Federated":"x"}'],
  [{ ...service, Principal: { AWS: 'arn:aws:iam::*:root' } }, 'the principal "arn:aws:iam::*:root"'],
  [allow, 'the principal undefined'],
  [
    { ...service, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    'the condition operator IpAddress',
  ],
  [
    { ...service, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
    'the condition key aws:PrincipalOrgID',
  ],
])('a policy of a resource with %j is refused when it is loaded, naming the resource', (statement, words) => {
  expect(() => readResourcePolicy({ Statement: [statement] }, queue)).toThrow(
    expect.objectContaining({
      name: 'UnsupportedPolicy',
      message: expect.stringContaining(`the policy of ${queue} has ${words}`),
    }),
  );
});
