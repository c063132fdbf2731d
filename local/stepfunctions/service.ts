import { type JsonService, type KeyAction, type Need, ServiceError } from '../contract.ts';
import { type DeployedMachine, details, type Executions } from './executions.ts';
import { type HistoryEvent, withoutData } from './history.ts';
import { page, position, tokenAt } from './paging.ts';
import { type Input, isOperation, type Operation, parse } from './service-inputs.ts';
import type { ExecutionRecord, Status } from './store.ts';
import { toRun } from './task.ts';

/** What Step Functions asks of an encrypted machine's key for its caller (Step Functions guide, "Data at rest encryption"). */
const keyUse: Record<string, readonly KeyAction[]> = {
  StartExecution: toRun,
  RedriveExecution: toRun,
  DescribeExecution: ['kms:Decrypt'],
  GetExecutionHistory: ['kms:Decrypt'],
  DescribeStateMachine: ['kms:Decrypt'],
  DescribeStateMachineForExecution: ['kms:Decrypt'],
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
    const resource = input.executionArn ?? input.stateMachineArn ?? '*';
    const key = keyUse[operation];
    return [{ action: `states:${operation}`, resource: String(resource), ...(key && { key }) }];
  }

  async call(operation: string, input: Record<string, unknown>): Promise<object> {
    if (!isOperation(operation)) {
      throw new ServiceError(
        'UnknownOperationException',
        `Step Functions operation ${operation} is not supported`,
      );
    }
    return this.#answer(operation, input);
  }

  async #answer(operation: Operation, raw: Record<string, unknown>): Promise<object> {
    switch (operation) {
      case 'StartExecution': {
        const { stateMachineArn, name, input } = parse(operation, raw);
        const { executionArn, startDate } = this.#executions.start(
          this.#machine(stateMachineArn),
          name,
          input,
        );
        return { executionArn, startDate };
      }
      case 'StopExecution': {
        const { executionArn, error, cause } = parse(operation, raw);
        this.#record(executionArn);
        this.#executions.stop(executionArn, error, cause);
        await this.#executions.ended(executionArn);
        return { stopDate: this.#record(executionArn).stopDate };
      }
      case 'DescribeExecution':
        return this.#describe(this.#record(parse(operation, raw).executionArn));
      case 'RedriveExecution': {
        const record = this.#record(parse(operation, raw).executionArn);
        return { redriveDate: this.#executions.redrive(this.#machine(record.stateMachineArn), record) };
      }
      case 'ListExecutions':
        return this.#list(parse(operation, raw));
      case 'GetExecutionHistory':
        return this.#history(parse(operation, raw));
      case 'DescribeStateMachine':
        return describeMachine(this.#machine(parse(operation, raw).stateMachineArn));
      case 'DescribeStateMachineForExecution': {
        const { stateMachineArn } = this.#record(parse(operation, raw).executionArn);
        const { creationDate, type, status, ...rest } = describeMachine(this.#machine(stateMachineArn));
        return { ...rest, updateDate: creationDate };
      }
      case 'ListStateMachines': {
        const listed = page([...this.#machines.values()], parse(operation, raw), 100);
        const stateMachines = listed.items.map(({ arn, name, createdAt }) => ({
          stateMachineArn: arn,
          name,
          type: 'STANDARD',
          creationDate: createdAt,
        }));
        return { stateMachines, ...(listed.nextToken && { nextToken: listed.nextToken }) };
      }
    }
  }

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
