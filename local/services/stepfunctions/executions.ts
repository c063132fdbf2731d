import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../contract.ts';
import { type Append, History, type HistoryEvent } from './history.ts';
import { checkExecutionName, exceedsPayloadLimit, payloadLimit } from './model.ts';
import { type Machine, type Run, run } from './run.ts';
import type { ExecutionRecord, ExecutionStore, Status } from './store.ts';

export interface DeployedMachine extends Machine {
  /** epoch seconds */
  createdAt: number;
}

interface Active {
  input: string;
  run?: Run;
  done: Promise<Status>;
}

/** How many executions are interpreted at once; more are RUNNING and wait, so that no task times out in a queue. */
const atOnce = 4;

/** Starts, stops and redrives executions, and knows which are under way. */
export class Executions {
  readonly store: ExecutionStore;
  readonly #active = new Map<string, Active>();
  readonly #waiting: (() => void)[] = [];
  readonly #atOnce: number;
  #interpreted = 0;

  /** `most`: how many are interpreted at once */
  constructor(store: ExecutionStore, most = atOnce) {
    this.store = store;
    this.#atOnce = most;
  }

  /** executions that are RUNNING */
  get active(): number {
    return this.#active.size;
  }

  /**
   * Starts an execution, or finds the running one of the same name and input.
   * @throws ServiceError InvalidName, InvalidExecutionInput, ValidationException, ExecutionAlreadyExists
   */
  start(machine: DeployedMachine, name: string = randomUUID(), input = '{}'): ExecutionRecord {
    checkExecutionName(name);
    checkInput(input);
    const executionArn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const existing = this.store.get(executionArn);
    if (existing) {
      if (this.#active.get(executionArn)?.input === input) return existing;
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    }
    const record: ExecutionRecord = {
      executionArn,
      stateMachineArn: machine.arn,
      name,
      status: 'RUNNING',
      startDate: Date.now() / 1000,
      redriveCount: 0,
    };
    this.store.add(record);
    new History(this.#append(executionArn)).started(input, machine.roleArn);
    this.#begin(machine, record, input);
    return record;
  }

  /** Resolves when the execution has ended. */
  async ended(executionArn: string): Promise<void> {
    await this.#active.get(executionArn)?.done;
  }

  stop(executionArn: string, error?: string, cause?: string): void {
    const active = this.#active.get(executionArn);
    active?.run?.stop(error, cause);
  }

  /**
   * Runs an unsuccessful execution again from the state that ended it, with that state's input.
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
   */
  redrive(machine: DeployedMachine, record: ExecutionRecord): number {
    const { executionArn } = record;
    if (record.status === 'RUNNING' || record.status === 'SUCCEEDED') {
      throw new ServiceError(
        'ExecutionNotRedrivable',
        `Execution is ${record.status} and cannot be redriven`,
      );
    }
    const events = this.store.history(executionArn);
    const started = details(events[0]).input;
    const entered = events.findLast(event => event.type.endsWith('StateEntered'));
    const { name, input } = entered ? details(entered) : { name: machine.definition.StartAt, input: started };
    const redriveDate = Date.now() / 1000;
    const redriveCount = record.redriveCount + 1;
    this.store.change(executionArn, { status: 'RUNNING', redriveCount, redriveDate });
    const history = new History(this.#append(executionArn), events.length);
    history.add('ExecutionRedriven', { redriveCount });
    this.#begin(machine, record, String(input), { state: String(name), last: events.length + 1 });
    return redriveDate;
  }

  /** Lets what runs come to its end for so many milliseconds, then stops the rest. */
  async close(patience: number, cause: string): Promise<void> {
    const deadline = setTimeout(() => {
      for (const { run } of this.#active.values()) run?.stop('Roletrail.Closed', cause);
    }, patience);
    while (this.#active.size > 0) await Promise.all([...this.#active.values()].map(active => active.done));
    clearTimeout(deadline);
  }

  #begin(machine: DeployedMachine, record: ExecutionRecord, input: string, from?: Resume): void {
    const active: Active = { input, done: Promise.resolve('RUNNING') };
    this.#active.set(record.executionArn, active);
    active.done = this.#interpret(machine, record, active, from);
  }

  async #interpret(machine: DeployedMachine, record: ExecutionRecord, active: Active, from?: Resume) {
    const { executionArn, name } = record;
    const append = this.#append(executionArn);
    const early = Promise.withResolvers<Status>();
    active.run = {
      done: early.promise,
      stop: (error, cause) => {
        abortHistory(append, from?.last ?? 1, error, cause);
        early.resolve('ABORTED');
      },
    };
    const turn = this.#turn();
    const first = await Promise.race([turn, early.promise]);
    let status: Status = 'ABORTED';
    if (first === undefined) {
      active.run = run({
        machine,
        executionArn,
        name,
        input: active.input,
        append,
        ...(from && { from }),
      });
      status = await active.run.done;
      this.#next();
    } else {
      turn.then(() => this.#next());
    }
    this.store.change(executionArn, { status, stopDate: Date.now() / 1000 });
    this.#active.delete(executionArn);
    return status;
  }

  #append(executionArn: string): Append {
    return event => this.store.append(executionArn, event);
  }

  async #turn(): Promise<undefined> {
    if (this.#interpreted < this.#atOnce) this.#interpreted += 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    return undefined;
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#interpreted -= 1;
  }
}

function abortHistory(append: Append, last: number, error?: string, cause?: string): void {
  const history = new History(append, last);
  history.ended('ExecutionAborted', { ...(error && { error }), ...(cause && { cause }) });
}

interface Resume {
  state: string;
  last: number;
}

function checkInput(input: string): void {
  if (exceedsPayloadLimit(input)) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${payloadLimit}`,
    );
  }
  try {
    JSON.parse(input);
  } catch (error) {
    throw new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${error}'`);
  }
}

/** The details of a history event, whatever its type calls them. */
export function details(event: HistoryEvent | undefined): Record<string, unknown> {
  const key = Object.keys(event ?? {}).find(name => name.endsWith('Details'));
  const value = event && key ? (event as unknown as Record<string, unknown>)[key] : undefined;
  return (value ?? {}) as Record<string, unknown>;
}
