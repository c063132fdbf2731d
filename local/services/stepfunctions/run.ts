import { StateMachine as Interpreter, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { newTraceRoot } from '../lambda/trace-id.ts';
import type { CheckedDefinition } from './definition.ts';
import { type Details, History, type HistoryEvent } from './history.ts';
import {
  DataLimitExceeded,
  exceedsPayloadLimit,
  historyLimit,
  interpreterError,
  type Matchers,
  Stopped,
  tooLarge,
} from './model.ts';
import { endings, type Status } from './store.ts';
import { type RunTask, TaskError } from './task.ts';

type Json = Parameters<Interpreter['run']>[0];
type Events = ReturnType<Interpreter['run']>['eventLogs'];
type InterpreterEvent = Events extends AsyncGenerator<infer E> ? E : never;
type Ending = 'ExecutionFailed' | 'ExecutionAborted' | 'ExecutionTimedOut';

/** Longest time a timer of Node.js takes, in seconds: stands for a task without a timeout. */
const unlimited = 2_147_483;

export interface Machine extends CheckedDefinition {
  arn: string;
  name: string;
  roleArn: string;
  region: string;
  runTask: RunTask;
}

export interface RunOptions {
  machine: Machine;
  executionArn: string;
  name: string;
  /** JSON text */
  input: string;
  append(event: HistoryEvent): void;
  /** redrive: the state to begin with, and the id of the last event there is */
  from?: { state: string; last: number };
}

export interface Run {
  /** never rejects */
  done: Promise<Status>;
  stop(error?: string, cause?: string): void;
}

/** Begins an execution. Its history is written as it happens; ExecutionStarted is up to the caller. */
export function run(options: RunOptions): Run {
  return new Execution(options);
}

class Execution implements Run {
  readonly done: Promise<Status>;
  readonly #options: RunOptions;
  /** one trace for all that an execution invokes, as where tracing is on */
  readonly #traceRoot = newTraceRoot();
  readonly #history: History;
  readonly #abort: () => void;
  #finish: (status: Status) => void;
  #ended = false;
  /** the attempt of the current task that is under way */
  #attempt: symbol | undefined;
  #stopped = Promise.withResolvers<never>();

  constructor(options: RunOptions) {
    this.#options = options;
    const { machine, input, from } = options;
    this.#history = new History(event => this.#append(event), from?.last ?? 1);
    const { promise, resolve } = Promise.withResolvers<Status>();
    this.done = promise;
    this.#finish = resolve;
    this.#stopped.promise.catch(() => {}); // without a task under way nobody listens: not an unhandled rejection
    const interpreter = new Interpreter(withTimeouts(machine.definition, from?.state), {
      validationOptions: { noValidate: true },
    });
    const execution = interpreter.run(JSON.parse(input) as Json, {
      context: {
        Execution: { Id: options.executionArn, Name: options.name, RoleArn: machine.roleArn },
        StateMachine: { Id: machine.arn, Name: machine.name },
      },
      overrides: { taskResourceLocalHandlers: this.#handlers() },
    });
    this.#abort = execution.abort;
    // Its last event says how it ends; an error of the interpreter itself ends it here.
    execution.result.catch(error =>
      setImmediate(() => this.#end('ExecutionFailed', interpreterError(error))),
    );
    this.#follow(execution.eventLogs);
  }

  stop(error?: string, cause?: string): void {
    this.#end('ExecutionAborted', { ...(error && { error }), ...(cause && { cause }) });
  }

  #append(event: HistoryEvent): void {
    this.#options.append(event);
  }

  async #follow(events: Events): Promise<void> {
    for await (const event of events) {
      if (!this.#ended) this.#record(event);
    }
  }

  #record(event: InterpreterEvent): void {
    if (event.type === 'StateEntered') {
      const { name, type, input } = event.state;
      this.#add(input, 'input', name, text => this.#history.entered(type, name, text));
    } else if (event.type === 'StateExited') {
      const { name, type, output } = event.state;
      this.#add(output, 'output', name, text => this.#history.exited(type, name, text));
    } else if (event.type === 'StateFailed') {
      // The interpreter's own timeout is the only failure that comes while an attempt is under way.
      if (this.#attempt) this.#history.taskTimedOut();
      this.#attempt = undefined;
    } else if (event.type === 'ExecutionSucceeded') {
      this.#history.succeeded(JSON.stringify(event.output));
      this.#close('SUCCEEDED');
    } else if (event.type === 'ExecutionFailed') {
      this.#end('ExecutionFailed', { error: event.Error, cause: String(event.Cause) });
    } else if (event.type === 'ExecutionTimeout') {
      this.#end('ExecutionTimedOut', { error: 'States.Timeout' });
    }
  }

  #add(data: unknown, kind: 'input' | 'output', state: string, add: (text: string) => void): void {
    const text = JSON.stringify(data);
    if (exceedsPayloadLimit(text)) this.#end('ExecutionFailed', tooLarge(`state '${state}'`, kind));
    else if (this.#room()) add(text);
  }

  /** Whether the history takes another event beside the one that ends the execution; ends it when not. */
  #room(): boolean {
    if (this.#history.length < historyLimit - 2) return !this.#ended;
    this.#end('ExecutionFailed', {
      error: 'States.Runtime',
      cause: `The execution reached the maximum number of history events (${historyLimit}).`,
    });
    return false;
  }

  #handlers(): Record<string, (parameters: Json) => Promise<Json>> {
    const { machine } = this.#options;
    const entries = [...machine.tasks].map(([state, functionArn]) => {
      const handler = async (parameters: Json) => (await this.#task(state, functionArn, parameters)) as Json;
      return [state, handler] as const;
    });
    return Object.fromEntries(entries);
  }

  async #task(state: string, functionArn: string, parameters: unknown): Promise<unknown> {
    // The interpreter's events up to here must be in the history before the attempt's own.
    await new Promise(resolve => setImmediate(resolve));
    if (!this.#room()) throw new Stopped();
    const definition = taskOf(this.#options.machine.definition, state);
    const text = JSON.stringify(parameters);
    if (exceedsPayloadLimit(text)) {
      throw new DataLimitExceeded(tooLarge(`task '${state}'`, 'input').cause, definition);
    }
    this.#history.scheduled(this.#options.machine.region, text, definition.TimeoutSeconds);
    const attempt = Symbol(state);
    this.#attempt = attempt;
    const payload = (parameters as { Payload?: unknown }).Payload;
    try {
      const task = this.#options.machine.runTask(functionArn, payload, this.#traceRoot);
      const result = await Promise.race([task, this.#stopped.promise]);
      if (this.#attempt === attempt) this.#succeed(state, JSON.stringify(result), definition);
      return result;
    } catch (error) {
      if (this.#attempt !== attempt || error instanceof Stopped) throw new Stopped();
      this.#attempt = undefined;
      const { name, message } =
        error instanceof Error ? error : new TaskError('Lambda.Unknown', String(error));
      this.#history.taskFailed(name, message);
      throw error;
    }
  }

  #succeed(state: string, output: string, definition: Matchers): void {
    if (exceedsPayloadLimit(output)) {
      throw new DataLimitExceeded(tooLarge(`task '${state}'`, 'output').cause, definition);
    }
    this.#attempt = undefined;
    this.#history.taskSucceeded(output);
  }

  #end(type: Ending, details: Details): void {
    if (this.#ended) return;
    this.#history.ended(type, details);
    this.#close(endings[type] ?? 'FAILED');
  }

  #close(status: Status): void {
    this.#ended = true;
    this.#attempt = undefined;
    this.#stopped.reject(new Stopped());
    this.#abort();
    this.#finish(status);
  }
}

function taskOf(definition: StateMachineDefinition, state: string) {
  const task = definition.States[state];
  if (task?.Type !== 'Task') throw new TypeError(`${state} is not a Task`);
  return task;
}

/** Without TimeoutSeconds the interpreter would give a task a minute; on AWS it has as long as it takes. */
function withTimeouts(
  definition: StateMachineDefinition,
  startAt = definition.StartAt,
): StateMachineDefinition {
  const states = Object.entries(definition.States).map(([name, state]) => [
    name,
    state.Type === 'Task' ? { ...state, TimeoutSeconds: state.TimeoutSeconds ?? unlimited } : state,
  ]);
  return { ...definition, StartAt: startAt, States: Object.fromEntries(states) };
}
