import { type JsonService, type Need, ServiceError } from '../../contract.ts';
import { answerBy, type Handlers } from '../../gateway/operations.ts';
import { type DeployedMachine, details, type Executions } from './executions.ts';
import { type HistoryEvent, withoutData } from './history.ts';
import { type Input, statesInputs } from './inputs.ts';
import { page, position, tokenAt } from './model.ts';
import { statesNeeds } from './needs.ts';
import type { ExecutionRecord, Status } from './store.ts';

const refusals = {
  service: 'Step Functions',
  unknown: 'UnknownOperationException',
  invalid: 'ValidationException',
};

/**
 * The API of Step Functions over the executions of this folder.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
 */
export class StepFunctionsService implements JsonService {
  readonly #machines: Map<string, DeployedMachine>;
  readonly #executions: Executions;

  constructor(machines: DeployedMachine[], executions: Executions) {
    this.#machines = new Map(machines.map(machine => [machine.arn, machine]));
    this.#executions = executions;
  }

  needs(operation: string, input: Record<string, unknown>): Need[] {
    return statesNeeds(operation, input);
  }

  call(operation: string, raw: Record<string, unknown>): Promise<object> {
    return answerBy(statesInputs, this.#handlers, refusals, operation, raw);
  }

  readonly #handlers: Handlers<typeof statesInputs> = {
    StartExecution: ({ stateMachineArn, name, input }) => {
      const machine = this.#machine(stateMachineArn);
      const { executionArn, startDate } = this.#executions.start(machine, name, input);
      return { executionArn, startDate };
    },
    StopExecution: async ({ executionArn, error, cause }) => {
      this.#record(executionArn);
      this.#executions.stop(executionArn, error, cause);
      await this.#executions.ended(executionArn);
      return { stopDate: this.#record(executionArn).stopDate };
    },
    DescribeExecution: ({ executionArn }) => this.#describe(this.#record(executionArn)),
    RedriveExecution: ({ executionArn }) => {
      const record = this.#record(executionArn);
      return { redriveDate: this.#executions.redrive(this.#machine(record.stateMachineArn), record) };
    },
    ListExecutions: input => this.#list(input),
    GetExecutionHistory: input => this.#history(input),
    DescribeStateMachine: ({ stateMachineArn }) => describeMachine(this.#machine(stateMachineArn)),
    DescribeStateMachineForExecution: ({ executionArn }) => {
      const { stateMachineArn } = this.#record(executionArn);
      const { creationDate, type, status, ...rest } = describeMachine(this.#machine(stateMachineArn));
      return { ...rest, updateDate: creationDate };
    },
    ListStateMachines: input => {
      const listed = page([...this.#machines.values()], input, 100);
      const stateMachines = listed.items.map(({ arn, name, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type: 'STANDARD',
        creationDate: createdAt,
      }));
      return { stateMachines, ...(listed.nextToken && { nextToken: listed.nextToken }) };
    },
  };

  #describe(record: ExecutionRecord) {
    const events = this.#executions.store.history(record.executionArn);
    const { error, cause, output } = record.status === 'RUNNING' ? {} : details(events.at(-1));
    const redrivable = record.status !== 'RUNNING' && record.status !== 'SUCCEEDED';
    return {
      ...record,
      input: details(events[0]).input,
      inputDetails: { included: true },
      ...(output !== undefined && { output, outputDetails: { included: true } }),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
      redriveStatus: redrivable ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      ...(!redrivable && {
        redriveStatusReason: `Execution is ${record.status} and cannot be redriven`,
      }),
    };
  }

  /** Newest first. The token is a place in the order of start: executions that start meanwhile do not move a page. */
  #list({ stateMachineArn, statusFilter, maxResults, nextToken }: Input<'ListExecutions'>): object {
    this.#machine(stateMachineArn);
    const all = this.#executions.store.all();
    const executions: ExecutionRecord[] = [];
    let at = nextToken === undefined ? all.length : position(nextToken);
    while (at > 0 && executions.length < (maxResults || 100)) {
      at -= 1;
      const record = all[at];
      if (record && matches(record, stateMachineArn, statusFilter)) executions.push(record);
    }
    const more = all.slice(0, at).some(record => matches(record, stateMachineArn, statusFilter));
    return { executions, ...(more && { nextToken: tokenAt(at) }) };
  }

  #history({ executionArn, reverseOrder, includeExecutionData, ...rest }: Input<'GetExecutionHistory'>) {
    this.#record(executionArn);
    const stored = this.#executions.store.history(executionArn);
    const listed = page(reverseOrder ? stored.reverse() : stored, rest, 100);
    const events: HistoryEvent[] = includeExecutionData ? listed.items : listed.items.map(withoutData);
    return { events, ...(listed.nextToken && { nextToken: listed.nextToken }) };
  }

  #machine(arn: string): DeployedMachine {
    const machine = this.#machines.get(arn);
    if (!machine)
      throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  #record(arn: string): ExecutionRecord {
    if (!/^arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:execution:/.test(arn)) {
      throw new ServiceError('InvalidArn', `Invalid Arn: '${arn}'`);
    }
    const record = this.#executions.store.get(arn);
    if (!record) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return record;
  }
}

function matches(record: ExecutionRecord, machine: string, status: Status | undefined): boolean {
  return record.stateMachineArn === machine && (status === undefined || record.status === status);
}

function describeMachine({ arn, name, createdAt, roleArn, definition }: DeployedMachine) {
  return {
    stateMachineArn: arn,
    name,
    status: 'ACTIVE',
    type: 'STANDARD',
    creationDate: createdAt,
    roleArn,
    definition: JSON.stringify(definition, null, 2),
  };
}
