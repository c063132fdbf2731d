import { checkDefinition } from '../../../../local/services/stepfunctions/definition.ts';
import { type DeployedMachine, Executions } from '../../../../local/services/stepfunctions/executions.ts';
import type { HistoryEvent } from '../../../../local/services/stepfunctions/history.ts';
import { StepFunctionsService } from '../../../../local/services/stepfunctions/service.ts';
import { ExecutionStore } from '../../../../local/services/stepfunctions/store.ts';
import type { RunTask } from '../../../../local/services/stepfunctions/task.ts';
import { temporaryFolder } from '../../assembly-fixture.ts';

const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:';
export const machineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:audit';
export const executionArn = (name: string) => `${machineArn.replace('stateMachine', 'execution')}:${name}`;

/** A Task state that invokes the function of this name with its whole input and keeps the payload. */
export function task(name: string, rest: object) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: functionArn + name, 'Payload.$': '$' },
    OutputPath: '$.Payload',
    ...rest,
  };
}

type Answers = Record<string, (payload: unknown, traceRoot: string) => unknown>;

export interface Service {
  call<T = Record<string, unknown>>(operation: string, input: object): Promise<T>;
  executions: Executions;
  service: StepFunctionsService;
  /** starts an execution and answers its history when it has ended */
  history(input: unknown, name?: string): Promise<HistoryEvent[]>;
}

/** The API over one state machine, its functions answering as `answers` say (by function name). */
export function serve(
  states: Record<string, object>,
  answers: Answers = {},
  options: { folder?: string; TimeoutSeconds?: number } = {},
): Service {
  const { folder = temporaryFolder(), ...top } = options;
  const runTask: RunTask = async (arn, payload, traceRoot) => ({
    ExecutedVersion: '$LATEST',
    Payload: await answers[arn.slice(functionArn.length)]?.(payload, traceRoot),
    StatusCode: 200,
  });
  const machine: DeployedMachine = {
    ...checkDefinition({ StartAt: Object.keys(states)[0], States: states, ...top }, 'aws'),
    arn: machineArn,
    name: 'audit',
    roleArn: 'arn:aws:iam::111122223333:role/Machine',
    region: 'eu-west-1',
    createdAt: 1_600_000_000,
    runTask,
  };
  const executions = new Executions(new ExecutionStore(folder));
  const service = new StepFunctionsService([machine], executions);
  const call = <T>(operation: string, input: object) =>
    service.call(operation, input as Record<string, unknown>) as Promise<T>;
  return {
    call,
    executions,
    service,
    async history(input, name = 'one') {
      await call('StartExecution', { stateMachineArn: machineArn, name, input: JSON.stringify(input) });
      await executions.ended(executionArn(name));
      return executions.store.history(executionArn(name));
    },
  };
}
