import { closeAll, resources, scheduled, start } from '../../cloud-fixture.ts';

afterEach(closeAll);

test('a schedule runs when it is told to, with the event EventBridge would send', async () => {
  // Given
  const cloud = await start(scheduled());
  // When
  const runs = await cloud.tick();
  // Then
  expect(runs).toEqual([
    {
      rule: 'Audit-ClockRule',
      functionName: 'Audit-Clock',
      result: {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '111122223333',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: 'eu-west-1',
        resources: ['arn:aws:events:eu-west-1:111122223333:rule/Audit-ClockRule'],
        detail: {},
      },
    },
  ]);
  expect(cloud.activity()).toEqual({ messages: 0, invocations: 0, executions: 0 });
});

test('a function that fails is named, with its error', async () => {
  // Given: this one wants a message's body
  const cloud = await start(scheduled({ key: 'step' }));
  // When
  const tick = cloud.tick();
  // Then
  await expect(tick).rejects.toThrow(/^Audit-Clock, started by Audit-ClockRule, failed: .*TypeError/);
});

test('a schedule that is switched off does not run; a stack without one has nothing to do', async () => {
  expect(await (await start(scheduled({ rule: { State: 'DISABLED' } }))).tick()).toEqual([]);
  expect(await (await start(resources())).tick()).toEqual([]);
});

test.each([
  ['a cron', { rule: { ScheduleExpression: 'cron(0 * * * ? *)' } }, 'schedule cron(0 * * * ? *) of rule'],
  ['a rate that is none', { rule: { ScheduleExpression: 'rate(1 minutes)' } }, 'schedule rate(1 minutes)'],
  ['both kinds of rule in one', { rule: { EventPattern: { source: ['x'] } } }, 'not exactly one of'],
  [
    'a target that is not a function',
    { rule: { Targets: [{ Id: 'Q', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] } },
    'invokes arn:aws:sqs:eu-west-1:111122223333:Audit-Queue, which is not a function of the stack',
  ],
  ['another principal', { permission: { Principal: 's3.amazonaws.com' } }, 'no permission of the function'],
  [
    'another rule',
    { permission: { SourceArn: 'arn:aws:events:eu-west-1:1:rule/x' } },
    'no permission of the',
  ],
  ['another action', { permission: { Action: 'lambda:GetFunction' } }, 'no permission of the function'],
])('%s is refused by name', async (_, change, sentence) => {
  await expect(start(scheduled(change))).rejects.toThrow(sentence);
});
