import { allowsDelivery } from '../../local/frontdoor/queue-policy.ts';
import { Topics } from '../../local/frontdoor/topics.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:logs';
const ruleArn = 'arn:aws:events:eu-west-1:111122223333:rule/created';
const delivery = {
  service: 'events.amazonaws.com',
  queueArn,
  sourceArn: ruleArn,
  sourceAccount: '111122223333',
};
const allow = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: queueArn,
};

describe('a queue policy', () => {
  test.each([
    ['allows', [allow], true],
    ['without a statement', [], false],
    ['for another service', [{ ...allow, Principal: { Service: 'sns.amazonaws.com' } }], false],
    ['for several services', [{ ...allow, Principal: { Service: ['a', 'events.amazonaws.com'] } }], true],
    ['for another action', [{ ...allow, Action: ['sqs:ReceiveMessage'] }], false],
    ['for all actions', [{ ...allow, Action: 'sqs:*' }], true],
    ['for another queue', [{ ...allow, Resource: `${queueArn}x` }], false],
    ['for this rule', [{ ...allow, Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } } }], true],
    ['for another rule', [{ ...allow, Condition: { ArnEquals: { 'aws:SourceArn': `${ruleArn}x` } } }], false],
    [
      'for rules by pattern',
      [{ ...allow, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:*:111122223333:rule/*' } } }],
      true,
    ],
    ['for another account', [{ ...allow, Condition: { StringEquals: { 'aws:SourceAccount': '4' } } }], false],
    [
      'with a deny of plain HTTP',
      [
        allow,
        { ...allow, Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
      true,
    ],
    ['with a deny', [allow, { ...allow, Effect: 'Deny', Principal: '*' }], false],
  ])('%s', (_, Statement, expected) => {
    expect(allowsDelivery([{ Version: '2012-10-17', Statement }], delivery)).toBe(expected);
  });

  test.each([
    [{ ...allow, NotAction: 'x' }, 'NotAction'],
    [{ ...allow, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, 'condition IpAddress'],
    [{ ...allow, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, 'aws:PrincipalOrgID'],
  ])('with %j is refused by name', (statement, message) => {
    expect(() => allowsDelivery([{ Statement: [statement] }], delivery)).toThrow(message);
  });
});

describe('topics', () => {
  const topicArn = 'arn:aws:sns:us-east-1:444455556666:partner';
  const arn = `${topicArn}:4f6f2f0b-0000-4000-8000-000000000000`;
  function subscribe(raw: boolean) {
    const bodies: string[] = [];
    const queue = { send: (body: string) => bodies.push(body) };
    const topics = new Topics([], [{ arn, topicArn, queue: queue as never, raw }]);
    return { topics, bodies };
  }

  test('deliver with the envelope SNS puts around a message', () => {
    const { topics, bodies } = subscribe(false);

    topics.publish(topicArn, 'hello');

    expect(bodies.map(body => JSON.parse(body))).toEqual([
      {
        Type: 'Notification',
        MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        TopicArn: topicArn,
        Message: 'hello',
        Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        SignatureVersion: '1',
        Signature: expect.any(String),
        SigningCertURL: expect.stringMatching(/^https:\/\/sns\.us-east-1\.amazonaws\.com\//),
        UnsubscribeURL: expect.stringContaining(arn),
      },
    ]);
  });

  test('deliver the bare message when the subscription is raw', () => {
    const { topics, bodies } = subscribe(true);

    topics.publish(topicArn, 'hello');

    expect(bodies).toEqual(['hello']);
  });

  test.each([
    ['', 'InvalidParameter'],
    ['x'.repeat(262_145), 'InvalidParameter'],
  ])('do not take an empty or too long message', (message, code) => {
    expect(() => subscribe(false).topics.publish(topicArn, message)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
