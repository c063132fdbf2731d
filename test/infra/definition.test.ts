import { readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { timeoutOf } from '../../infra/function.ts';
import { definitionFile } from '../../infra/pipeline.ts';
import { one, productionTemplate, readable, withoutHash } from './assembly.ts';

interface State {
  Type: string;
  Resource?: string;
  Parameters?: { FunctionName: string };
  TimeoutSeconds?: number;
  Next?: string;
  Default?: string;
  Choices?: { Next: string; [rule: string]: unknown }[];
  Retry?: {
    ErrorEquals: string[];
    MaxAttempts: number;
    IntervalSeconds: number;
    BackoffRate?: number;
    MaxDelaySeconds?: number;
    JitterStrategy?: string;
  }[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
}

const text = readFileSync(definitionFile, 'utf8');
const definition: { StartAt: string; TimeoutSeconds?: number; States: Record<string, State> } = JSON.parse(
  text.replaceAll(/\$\{Partition\}/g, 'aws-cn'),
);
const states = definition.States;
const tasks = Object.entries(states).filter(([, state]) => state.Type === 'Task');
const template = productionTemplate();
const [, machine] = one(template, 'AWS::StepFunctions::StateMachine');

test('is valid Amazon States Language', () => {
  // When
  const { isValid, errors } = validate(definition);
  // Then
  expect(errors).toEqual([]);
  expect(isValid).toBe(true);
});

test('has a time limit', () => {
  expect(definition.TimeoutSeconds).toBeGreaterThan(0);
});

test('has the nine tasks of the flow', () => {
  expect(tasks.map(([name]) => name).sort()).toEqual([
    'Correlate',
    'Decompress',
    'Fetch',
    'Filter',
    'Ledger',
    'Normalize',
    'Persist',
    'QuarantineBatch',
    'QuarantineRefused',
  ]);
});

test('Persist waits for three tries that died as long as each may run', () => {
  const persist = tasks.find(([name]) => name === 'Persist')?.[1];
  const wait = persist?.Retry?.find(retry => retry.ErrorEquals.includes('StillInProgress'));
  const seconds = (wait?.IntervalSeconds ?? 0) * (wait?.MaxAttempts ?? 0);
  expect(wait?.BackoffRate).toBe(1);
  expect(seconds).toBeGreaterThanOrEqual(3 * timeoutOf('persist').toSeconds());
});

test.each(tasks)(
  '%s is patient with throttles, and tries nothing again that ran out of memory',
  (_, state) => {
    // Given
    const retries = state.Retry ?? [];
    const throttles = retries.filter(retry => retry.ErrorEquals.includes('Lambda.TooManyRequestsException'));
    // When
    const waits = Array.from({ length: throttles[0]?.MaxAttempts ?? 0 }, (_, n) =>
      Math.min((throttles[0]?.IntervalSeconds ?? 0) * 2 ** n, throttles[0]?.MaxDelaySeconds ?? 0),
    );
    // Then: full jitter takes half of it on average
    expect(waits.reduce((sum, wait) => sum + wait, 0) / 2).toBeGreaterThan(10 * 60);
    expect(throttles).toMatchObject([{ ErrorEquals: ['Lambda.TooManyRequestsException'], BackoffRate: 2 }]);
    const others = retries.flatMap(retry => retry.ErrorEquals);
    const memory = ['Runtime.OutOfMemory', 'Runtime.ExitError', 'Lambda.Unknown'];
    for (const error of [...memory, 'States.ALL', 'States.TaskFailed']) expect(others).not.toContain(error);
  },
);

test.each(tasks)(
  '%s retries with jitter, has a time limit and catches all else, or can be redriven',
  (name, state) => {
    // Then
    expect(state.Resource).toBe('arn:aws-cn:states:::lambda:invoke');
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
    const retries = state.Retry ?? [];
    // What waits for a dead try's time to be over waits for a fixed one.
    const jittered = retries.filter(retry => !retry.ErrorEquals.includes('StillInProgress'));
    expect(jittered.map(retry => retry.JitterStrategy)).toEqual(jittered.map(() => 'FULL'));
    expect(retries.flatMap(retry => retry.ErrorEquals)).toEqual(
      expect.arrayContaining([
        ...['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'TransientError'],
        'Sandbox.Timedout',
      ]),
    );
    // A caught failure ends in Failed, and a redrive would begin there.
    if (name.startsWith('Quarantine')) expect(state.Catch).toBeUndefined();
    else expect(state.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'QuarantineBatch' }]);
  },
);

test('the ledger is the last state: nothing comes after it, and only what has no file goes past it', () => {
  // Given
  const next = (name: string): string[] => {
    const { Next, Default, Choices = [] } = states[name] ?? {};
    return [Next, Default, ...Choices.map(choice => choice.Next)].filter(each => each !== undefined);
  };
  // When
  const before = (target: string) => Object.keys(states).filter(name => next(name).includes(target));
  // Then
  expect(next('Ledger')).toEqual(['Done']);
  expect(before('Done').sort()).toEqual(['AnyFiles', 'Ledger']);
  expect(before('Ledger')).toEqual(['AnyFiles']);
  expect(states.AnyFiles?.Choices).toEqual([{ Variable: '$.files', IsPresent: true, Next: 'Ledger' }]);
  expect(before('AnyFiles').sort()).toEqual(['AnythingRead', 'AnythingRefused']);
});

test('every placeholder is filled, and every function of the steps has one', () => {
  // Given
  const placeholders = [...new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(match => match[1]))].sort();
  // When
  const substitutions = readable(machine.Properties.DefinitionSubstitutions);
  // Then
  expect(substitutions).toEqual({
    Partition: 'aws',
    FetchFunctionArn: '<StepsFetchFunction.Arn>',
    DecompressFunctionArn: '<StepsDecompressFunction.Arn>',
    FilterFunctionArn: '<StepsFilterFunction.Arn>',
    NormalizeFunctionArn: '<StepsNormalizeFunction.Arn>',
    PersistFunctionArn: '<StepsPersistFunction.Arn>',
    CorrelateFunctionArn: '<StepsCorrelateFunction.Arn>',
    LedgerFunctionArn: '<StepsLedgerFunction.Arn>',
    QuarantineFunctionArn: '<StepsQuarantineFunction.Arn>',
  });
  expect(Object.keys(substitutions as object).sort()).toEqual(placeholders);
});

test('no task waits less than its function runs', () => {
  for (const [name, state] of tasks) {
    const [, placeholder = ''] = /\$\{(\w+)FunctionArn\}/.exec(state.Parameters?.FunctionName ?? '') ?? [];
    const [id, resource] = one(template, 'AWS::Lambda::Function', `Steps${placeholder}`);
    // Then
    expect([
      name,
      withoutHash(id),
      Number(resource.Properties.Timeout) <= Number(state.TimeoutSeconds),
    ]).toEqual([name, `Steps${placeholder}Function`, true]);
  }
});

test('the state machine logs all without data, is traced and encrypted with the key', () => {
  expect(readable(machine.Properties)).toMatchObject({
    StateMachineType: 'STANDARD',
    LoggingConfiguration: {
      Level: 'ALL',
      IncludeExecutionData: false,
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: '<PipelineLogs.Arn>' } }],
    },
    TracingConfiguration: { Enabled: true },
    EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: '<Key.Arn>' },
  });
});
