import { ofType, one, productionTemplate, readable } from './assembly.ts';

const template = productionTemplate();

test('the watch is started every five minutes', () => {
  const [, rule] = one(template, 'AWS::Events::Rule', 'Watch');
  expect(readable(rule.Properties)).toEqual({
    Description: expect.any(String),
    ScheduleExpression: 'rate(5 minutes)',
    State: 'ENABLED',
    Targets: [{ Id: 'Watch', Arn: '<WatchFunction.Arn>' }],
  });
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
