import { ofType, one, productionTemplate, readable } from './assembly.ts';

const template = productionTemplate();

test('the watch is started every five minutes', () => {
  const [, rule] = one(template, 'AWS::Events::Rule', 'Watch');
  expect(readable(rule.Properties)).toEqual({
    Description: expect.any(String),
    ScheduleExpression: 'rate(5 minutes)',
    State: 'ENABLED',
    Targets: [
      { Id: 'Watch', Arn: '<WatchFunction.Arn>', DeadLetterConfig: { Arn: '<WatchDeadLetters.Arn>' } },
    ],
  });
});

test('a run that failed is not tried beside the next one', () => {
  const [, config] = one(template, 'AWS::Lambda::EventInvokeConfig');
  expect(readable(config.Properties)).toEqual({
    FunctionName: '<WatchFunction>',
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 0,
  });
});

test('its dead letters take what the schedule could not deliver, for 14 days, and are told of', () => {
  const [id, queue] = one(template, 'AWS::SQS::Queue', 'WatchDeadLetters');
  expect(queue.Properties).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
  expect(readable(one(template, 'AWS::SQS::QueuePolicy', 'WatchDeadLetters')[1].Properties)).toMatchObject({
    PolicyDocument: {
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': '<WatchSchedule.Arn>' } },
        }),
      ]),
    },
  });
  const alarmed = Object.values(ofType(template, 'AWS::CloudWatch::Alarm')).map(({ Properties }) =>
    JSON.stringify(Properties.Dimensions),
  );
  expect(alarmed.some(dimensions => dimensions?.includes(id))).toBe(true);
});

test('only its schedule may invoke it', () => {
  const permissions = Object.values(ofType(template, 'AWS::Lambda::Permission'));
  expect(permissions.map(({ Properties }) => readable(Properties))).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: '<WatchFunction.Arn>',
      Principal: 'events.amazonaws.com',
      SourceArn: '<WatchSchedule.Arn>',
    },
  ]);
});
