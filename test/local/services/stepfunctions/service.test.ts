import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../assembly-fixture.ts';
import { executionArn, machineArn, serve, task } from './fixture.ts';

const pass = { Pass: { Type: 'Pass', End: true } };
const waiting = { Work: task('Work', { End: true }) };
const never = { Work: () => new Promise(() => {}) };
const stateMachineArn = machineArn;

interface Listed {
  executions: { name: string; status: string }[];
  nextToken?: string;
}

describe('StartExecution', () => {
  test('again with the same name and input while it runs is the same execution', async () => {
    const { call } = serve(waiting, never);

    const first = await call('StartExecution', { stateMachineArn, name: 'one', input: '{"a":1}' });
    const second = await call('StartExecution', { stateMachineArn, name: 'one', input: '{"a":1}' });

    expect(second).toEqual(first);
    expect(first.executionArn).toBe(executionArn('one'));
    await expect(
      call('StartExecution', { stateMachineArn, name: 'one', input: '{"a":2}' }),
    ).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await call('StopExecution', { executionArn: executionArn('one') });
  });

  test('again after its end is refused', async () => {
    const { call, history } = serve(pass);
    await history({}, 'one');

    await expect(call('StartExecution', { stateMachineArn, name: 'one', input: '{}' })).rejects.toMatchObject(
      {
        code: 'ExecutionAlreadyExists',
      },
    );
  });

  test.each(['', 'a b', 'x'.repeat(81), 'a/b', 'a:b', 'a*', 'a<b', 'a\u0000', 'a$b'])(
    'the name %j is InvalidName',
    async name => {
      await expect(serve(pass).call('StartExecution', { stateMachineArn, name })).rejects.toMatchObject({
        code: 'InvalidName',
      });
    },
  );

  test.each([
    [{ stateMachineArn, input: 'not json' }, 'InvalidExecutionInput'],
    [{ stateMachineArn, input: `"${'x'.repeat(262_143)}"` }, 'ValidationException'],
    [{ stateMachineArn: `${machineArn}x` }, 'StateMachineDoesNotExist'],
    [{ stateMachineArn, traceHeader: 'x' }, 'ValidationException'],
  ])('%j is %s', async (input, code) => {
    await expect(serve(pass).call('StartExecution', input)).rejects.toMatchObject({ code });
  });
});

test('executions are listed newest first, filtered, page by page, unmoved by new ones', async () => {
  const { call, history } = serve({
    Choose: {
      Type: 'Choice',
      Choices: [{ Variable: '$.fail', BooleanEquals: true, Next: 'Failed' }],
      Default: 'Done',
    },
    Failed: { Type: 'Fail', Error: 'E' },
    Done: { Type: 'Succeed' },
  });
  for (const [name, fail] of [
    ['a', false],
    ['b', true],
    ['c', false],
    ['d', true],
  ] as const) {
    await history({ fail }, name);
  }

  const first = await call<Listed>('ListExecutions', { stateMachineArn, maxResults: 3 });
  await history({ fail: false }, 'e');
  const second = await call<Listed>('ListExecutions', {
    stateMachineArn,
    maxResults: 3,
    nextToken: first.nextToken,
  });
  const failed = await call<Listed>('ListExecutions', {
    stateMachineArn,
    statusFilter: 'FAILED',
    maxResults: 2,
  });

  expect(first.executions.map(({ name }) => name)).toEqual(['d', 'c', 'b']);
  expect(second).toMatchObject({ executions: [{ name: 'a', status: 'SUCCEEDED' }] });
  expect(second.nextToken).toBeUndefined();
  expect(failed.executions.map(({ name }) => name)).toEqual(['d', 'b']);
  expect(failed.nextToken).toBeUndefined();
});

test('a history is read page by page, backwards, and without data', async () => {
  const { call, history } = serve(pass);
  await history({ secret: 1 });
  const read = (rest: object) =>
    call<{ events: { id: number }[]; nextToken?: string }>('GetExecutionHistory', {
      executionArn: executionArn('one'),
      ...rest,
    });

  const first = await read({ maxResults: 3 });
  const second = await read({ maxResults: 3, nextToken: first.nextToken });
  const reversed = await read({ reverseOrder: true, maxResults: 1 });
  const bare = await read({ includeExecutionData: false });

  expect([...first.events, ...second.events].map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect(second.nextToken).toBeUndefined();
  expect(reversed.events).toMatchObject([{ id: 4, type: 'ExecutionSucceeded' }]);
  expect(bare.events).toHaveLength(4);
  expect(JSON.stringify(bare)).not.toContain('secret');
  expect(bare.events[1]).toMatchObject({ stateEnteredEventDetails: { name: 'Pass' } });
});

describe('after the process died', () => {
  test('what was running is ABORTED with a cause, and can be redriven', async () => {
    const folder = temporaryFolder();
    const began = Promise.withResolvers<void>();
    const before = serve(
      { Pass: { Type: 'Pass', Next: 'Work' }, ...waiting },
      {
        Work: () => {
          began.resolve();
          return new Promise(() => {});
        },
      },
      { folder },
    );
    await before.call('StartExecution', { stateMachineArn, name: 'one', input: '{"a":1}' });
    await began.promise;

    const after = serve(
      { Pass: { Type: 'Pass', Next: 'Work' }, ...waiting },
      { Work: () => 'done' },
      { folder },
    );
    const lost = await after.call('DescribeExecution', { executionArn: executionArn('one') });
    await after.call('RedriveExecution', { executionArn: executionArn('one') });
    await after.executions.ended(executionArn('one'));
    const redriven = await after.call('DescribeExecution', { executionArn: executionArn('one') });

    expect(lost).toMatchObject({
      status: 'ABORTED',
      input: '{"a":1}',
      cause: expect.stringContaining('process'),
      redriveStatus: 'REDRIVABLE',
    });
    expect(redriven).toMatchObject({ status: 'SUCCEEDED', output: '"done"', redriveCount: 1 });
    const events = after.executions.store.history(executionArn('one'));
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type).slice(-8)).toEqual([
      'ExecutionAborted',
      'ExecutionRedriven',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    await before.call('StopExecution', { executionArn: executionArn('one') });
  });

  test('half a line at the end of a file does not hurt', async () => {
    const folder = temporaryFolder();
    await serve(pass, {}, { folder }).history({}, 'one');
    appendFileSync(join(folder, 'index.ndjson'), '{"record":{"exec');
    appendFileSync(join(folder, 'history', 'one.ndjson'), '{"id":5,');

    const { call, history } = serve(pass, {}, { folder });
    await history({}, 'two');

    const { executions } = await call<Listed>('ListExecutions', { stateMachineArn });
    expect(executions.map(({ name }) => name)).toEqual(['two', 'one']);
    await expect(
      call<{ events: object[] }>('GetExecutionHistory', { executionArn: executionArn('one') }),
    ).resolves.toMatchObject({ events: { length: 4 } });
  });
});

test.each([
  ['DescribeExecution', { executionArn: executionArn('gone') }, 'ExecutionDoesNotExist'],
  ['DescribeExecution', { executionArn: 'no arn' }, 'InvalidArn'],
  ['ListExecutions', { stateMachineArn, nextToken: 'made up' }, 'InvalidToken'],
  ['ListExecutions', { stateMachineArn, maxResults: 1001 }, 'ValidationException'],
  ['ListExecutions', { stateMachineArn, mapRunArn: 'x' }, 'ValidationException'],
  ['CreateActivity', { name: 'x' }, 'UnknownOperationException'],
  ['StartSyncExecution', { stateMachineArn }, 'UnknownOperationException'],
])('%s %j fails as %s', async (operation, input, code) => {
  await expect(serve(pass).call(operation, input)).rejects.toMatchObject({ code });
});
