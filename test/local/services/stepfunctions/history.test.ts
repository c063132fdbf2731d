import { details } from '../../../../local/services/stepfunctions/executions.ts';
import type { HistoryEvent } from '../../../../local/services/stepfunctions/history.ts';
import { TaskError } from '../../../../local/services/stepfunctions/task.ts';
import { executionArn, serve, task } from './fixture.ts';

const types = (events: HistoryEvent[]) => events.map(event => event.type);
const last = (events: HistoryEvent[]) => details(events.at(-1));
const never = () => new Promise(() => {});

test('a success has the events AWS shows, each linked to the one before', async () => {
  const { history } = serve(
    {
      Choose: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'Work' }] },
      Work: task('Work', { TimeoutSeconds: 60, Next: 'Pass' }),
      Pass: { Type: 'Pass', Next: 'Done' },
      Done: { Type: 'Succeed' },
    },
    { Work: () => ({ m: 2 }) },
  );

  const events = await history({ n: 1 });

  expect(events.map(event => [event.id, event.previousEventId, event.type])).toEqual([
    [1, 0, 'ExecutionStarted'],
    [2, 0, 'ChoiceStateEntered'],
    [3, 2, 'ChoiceStateExited'],
    [4, 3, 'TaskStateEntered'],
    [5, 4, 'TaskScheduled'],
    [6, 5, 'TaskStarted'],
    [7, 6, 'TaskSucceeded'],
    [8, 7, 'TaskStateExited'],
    [9, 8, 'PassStateEntered'],
    [10, 9, 'PassStateExited'],
    [11, 10, 'SucceedStateEntered'],
    [12, 11, 'SucceedStateExited'],
    [13, 12, 'ExecutionSucceeded'],
  ]);
  expect(events[4]?.taskScheduledEventDetails).toMatchObject({
    resourceType: 'lambda',
    resource: 'invoke',
    region: 'eu-west-1',
    timeoutInSeconds: 60,
    parameters: '{"FunctionName":"arn:aws:lambda:eu-west-1:111122223333:function:Work","Payload":{"n":1}}',
  });
  expect(events[7]?.stateExitedEventDetails).toMatchObject({ name: 'Work', output: '{"m":2}' });
  expect(last(events)).toMatchObject({ output: '{"m":2}' });
});

test('a retry is another attempt within the state', async () => {
  let attempts = 0;
  const { history } = serve(
    {
      Work: task('Work', {
        Retry: [
          { ErrorEquals: ['TransientError'], IntervalSeconds: 1, MaxDelaySeconds: 2, JitterStrategy: 'FULL' },
        ],
        End: true,
      }),
    },
    {
      Work: () => {
        attempts += 1;
        if (attempts === 1) throw new TaskError('TransientError', '{"errorType":"TransientError"}');
        return 'fine';
      },
    },
  );

  const events = await history({});

  expect(types(events)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskFailed',
    'TaskScheduled',
    'TaskStarted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
  expect(events[4]?.taskFailedEventDetails).toMatchObject({
    error: 'TransientError',
    cause: '{"errorType":"TransientError"}',
  });
});

test('all that one execution invokes is one trace, and of another execution another', async () => {
  const traces: string[] = [];
  const fail = (_: unknown, root: string) => {
    traces.push(root);
    throw new TaskError('TransientError', 'not now');
  };
  const again = [{ ErrorEquals: ['TransientError'], MaxAttempts: 1, IntervalSeconds: 0 }];
  const { history } = serve({ Work: task('Work', { Retry: again, End: true }) }, { Work: fail });

  await history({}, 'one');
  await history({}, 'two');

  expect(traces).toHaveLength(4);
  expect(new Set(traces.slice(0, 2)).size).toBe(1);
  expect(new Set(traces.slice(2)).size).toBe(1);
  expect(traces[0]).not.toBe(traces[2]);
});

test('a caught failure goes on with the error in its output, and a Fail state ends with it', async () => {
  const { history } = serve(
    {
      Work: task('Work', {
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Failed' }],
        End: true,
      }),
      Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
    },
    {
      Work: () => {
        throw new TaskError('NotGzip', 'because');
      },
    },
  );

  const events = await history({ a: 1 });

  expect(types(events).slice(4)).toEqual([
    'TaskFailed',
    'TaskStateExited',
    'FailStateEntered',
    'ExecutionFailed',
  ]);
  expect(events[5]?.stateExitedEventDetails).toMatchObject({
    output: '{"a":1,"failure":{"Error":"NotGzip","Cause":"because"}}',
  });
  expect(last(events)).toEqual({ error: 'NotGzip', cause: 'because' });
});

test('a task that takes too long times out; States.TaskFailed does not match that', async () => {
  const { history } = serve(
    {
      Work: task('Work', {
        TimeoutSeconds: 1,
        Catch: [
          { ErrorEquals: ['States.TaskFailed'], Next: 'Wrong' },
          { ErrorEquals: ['States.Timeout'], Next: 'Right' },
        ],
        End: true,
      }),
      Wrong: { Type: 'Fail' },
      Right: { Type: 'Succeed' },
    },
    { Work: never },
  );

  const events = await history({});

  expect(types(events)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskTimedOut',
    'TaskStateExited',
    'SucceedStateEntered',
    'SucceedStateExited',
    'ExecutionSucceeded',
  ]);
});

test('a machine that takes too long is TIMED_OUT', async () => {
  const { call, history } = serve(
    { Work: task('Work', { End: true }) },
    { Work: never },
    { TimeoutSeconds: 1 },
  );

  const events = await history({});

  expect(types(events).at(-1)).toBe('ExecutionTimedOut');
  await expect(call('DescribeExecution', { executionArn: executionArn('one') })).resolves.toMatchObject({
    status: 'TIMED_OUT',
  });
});

describe('a payload above 262,144 bytes', () => {
  const large = 'x'.repeat(262_144);

  test('as a task’s result fails the task; States.ALL does not catch it', async () => {
    const { history } = serve(
      {
        Work: task('Work', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }], End: true }),
        Done: { Type: 'Succeed' },
      },
      { Work: () => large },
    );

    const events = await history({});

    expect(types(events).slice(-2)).toEqual(['TaskFailed', 'ExecutionFailed']);
    expect(last(events)).toMatchObject({ error: 'States.DataLimitExceeded' });
  });

  test('is caught by its own name', async () => {
    const { history } = serve(
      {
        Work: task('Work', {
          Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Done' }],
          End: true,
        }),
        Done: { Type: 'Succeed' },
      },
      { Work: () => large },
    );

    expect(types(await history({})).at(-1)).toBe('ExecutionSucceeded');
  });

  test('as a state’s output ends the execution before the next task runs', async () => {
    let ran = false;
    const { history } = serve(
      {
        Grow: { Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' }, Next: 'Work' },
        Work: task('Work', { End: true }),
      },
      {
        Work: () => {
          ran = true;
        },
      },
    );

    const events = await history('x'.repeat(200_000));

    expect(types(events)).toEqual(['ExecutionStarted', 'PassStateEntered', 'ExecutionFailed']);
    expect(last(events)).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(ran).toBe(false);
  });

  test('counts bytes, not characters', async () => {
    const { history } = serve({ Pass: { Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' }, End: true } });

    expect(types(await history('é'.repeat(65_536), 'wide')).at(-1)).toBe('ExecutionFailed');
    expect(types(await history('e'.repeat(65_536), 'narrow')).at(-1)).toBe('ExecutionSucceeded');
  });
});

test('a history of 25,000 events is full', async () => {
  const { history } = serve({
    A: { Type: 'Pass', Next: 'B' },
    B: { Type: 'Pass', Next: 'A' },
  });

  const events = await history({});

  expect(events.length).toBeLessThanOrEqual(25_000);
  expect(events.length).toBeGreaterThan(24_990);
  expect(last(events)).toMatchObject({
    cause: expect.stringContaining('maximum number of history events (25000)'),
  });
});

test('what a stopped execution was doing leaves no trace behind', async () => {
  const finish = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const { call, executions } = serve(
    { Work: task('Work', { Retry: [{ ErrorEquals: ['States.ALL'] }], End: true }) },
    {
      Work: () => {
        began.resolve();
        return finish.promise;
      },
    },
  );
  const { executionArn: arn } = await call<{ executionArn: string }>('StartExecution', {
    stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:audit',
    name: 'one',
  });
  await began.promise;

  await call('StopExecution', { executionArn: arn, error: 'Enough', cause: 'a person said so' });
  finish.resolve();
  await new Promise(resolve => setImmediate(resolve));

  const events = executions.store.history(arn);
  expect(types(events).slice(-2)).toEqual(['TaskStarted', 'ExecutionAborted']);
  expect(last(events)).toEqual({ error: 'Enough', cause: 'a person said so' });
  expect(executions.active).toBe(0);
});
