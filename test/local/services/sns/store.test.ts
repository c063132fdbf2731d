import { Topics } from '../../../../local/services/sns/store.ts';

describe('topics', () => {
  const topicArn = 'arn:aws:sns:us-east-1:444455556666:partner';
  const arn = `${topicArn}:4f6f2f0b-0000-4000-8000-000000000000`;
  function subscribe(raw: boolean) {
    const bodies: string[] = [];
    const send = (body: string) => void bodies.push(body);
    const topics = new Topics(new Map([[topicArn, 262_144]]), [{ arn, topicArn, raw, send }]);
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

  test('take a message as long as they say', () => {
    const { topics, bodies } = subscribe(true);

    topics.publish(topicArn, 'x'.repeat(262_144));

    expect(bodies).toEqual(['x'.repeat(262_144)]);
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
